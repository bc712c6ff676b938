from odoo.tools import SQL


def uninstall_hook(env):
    """Let go of the shipped records that other records of the addon hold on to.

    Uninstalling deletes shipped records (waiting reasons, indicators, mail templates, …) before it drops the tables, and each one that is
    in use would be refused with an error in the log. All these tables go, so what they hold on to others with may go first.
    """
    for table, constraint in env.execute_query(SQL("""
        SELECT source.relname, tie.conname
          FROM pg_constraint tie
          JOIN pg_class source ON source.oid = tie.conrelid
         WHERE tie.contype = 'f' AND tie.confdeltype IN ('r', 'a') AND source.relnamespace = current_schema::regnamespace
           AND starts_with(source.relname, 'property_service_')
    """)):
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint)))
