def uninstall_hook(env):
    """Let go of the shipped records that the state log holds on to.

    Uninstalling deletes them before it drops the tables, and each refusal would be an error in the log.
    """
    env.cr.execute("UPDATE property_service_state_log SET waiting_reason_id = NULL WHERE waiting_reason_id IS NOT NULL")
