from odoo import api, models
from odoo.tools import SQL


class PropertyServiceAssessment(models.Model):
    """Who assesses whom, as of the period.

    Versions of an employee's file (``hr.version``) know department and job, but neither the employee's manager nor the manager of the
    department. Both are tracked fields: their changes stand in the chatter, and from there it is read who it was at the end of the period.
    """

    _inherit = 'property.service.assessment'

    @api.model
    def _create_for_cycle(self, values):
        """Create assessments with their numbers and managers, in a number of queries that does not depend on how many."""
        numbers = self.env['ir.sequence'].sudo()._next_numbers('property.service.assessment', len(values))  # sudo: sequences are internal
        managers = self._find_managers(values)
        for number, vals, manager in zip(numbers, values, managers):
            vals.update(name=number, manager_id=manager.id)
        quiet = self._as_step().with_context(mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True)
        return quiet.create(values).with_env(self.env)

    @api.model
    def _find_managers(self, values):
        """Return, for each of the values of assessments, who assessed at its end: an hr.employee, empty if there is nobody.

        The first of: manager of the department, of the department above, the employee's own manager; teams are assessed by whoever leads
        them, estates by their manager. Nobody assesses himself, and who has left the company is passed over.
        """
        if not values:
            return []
        env = self.env(su=True)  # sudo: managers are found without reading the files of the employees
        since = min(vals['end_at'] for vals in values)
        departments = env['hr.department'].browse({vals.get('department_id') for vals in values} - {None, False})
        above = {department.id: department.parent_id.id for department in departments}
        history = {
            'department_id': self._get_history(departments | departments.parent_id, 'manager_id', since),
            'employee_id': self._get_history(env['hr.employee'].browse({vals.get('employee_id') for vals in values} - {None}), 'parent_id', since),
            'team_id': self._get_history(env['property.service.team'].browse({vals.get('team_id') for vals in values} - {None}), 'leader_id', since),
            'estate_id': self._get_history(
                env['property.service.estate'].browse({vals.get('estate_id') for vals in values} - {None}), 'manager_id', since),
        }

        def at(kind, record_id, moment):
            now, changes = history[kind].get(record_id, (None, ()))
            return next((before for when, before in changes if when >= moment), now)

        found = []
        for vals in values:
            if vals.get('employee_id'):
                department = vals.get('department_id')
                asked = [('department_id', department), ('department_id', above.get(department)), ('employee_id', vals['employee_id'])]
            else:
                asked = [(kind, vals[kind]) for kind in ('team_id', 'estate_id') if vals.get(kind)]
            found.append([one for one in (at(kind, record_id, vals['end_at']) for kind, record_id in asked)
                          if one and one != vals.get('employee_id')])
        Employee = env['hr.employee'].with_context(active_test=False)
        still_here = set(Employee.search([('id', 'in', list({one for candidates in found for one in candidates})), ('active', '=', True)]).ids)
        return [self.env['hr.employee'].browse(next((one for one in candidates if one in still_here), False)) for candidates in found]

    @api.model
    def _get_history(self, records, name, since):
        """Return {record id: (who it is now, [(moment of a change, who it was before)] since then, in order)}, in one query.

        :param records: a recordset, :param str name: a tracked Many2one to hr.employee, :param datetime since: changes before do not matter
        """
        found = {record.id: (record[name].id, []) for record in records}
        if not found:
            return found
        self.env.flush_all()
        for record_id, when, before in self.env.execute_query(SQL(
            """
            SELECT message.res_id, message.date, tracking.old_value_integer
              FROM mail_message message
              JOIN mail_tracking_value tracking ON tracking.mail_message_id = message.id
             WHERE message.model = %s AND message.res_id = ANY(%s) AND message.date >= %s AND tracking.field_id = %s
             ORDER BY message.date, tracking.id
            """, records._name, list(found), since, self.env['ir.model.fields']._get(records._name, name).id,
        )):
            found[record_id][1].append((when, before))
        return found
