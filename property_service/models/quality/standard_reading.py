from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

READ_DAYS = 14
READ_TYPE = 'property_service.mail_activity_type_standard_read'


class PropertyServiceStandardReading(models.Model):
    """Who has to read a version, and has read and understood it when (R68)."""

    _name = 'property.service.standard.reading'
    _description = "Reading of a Standard"
    _order = 'standard_id, read_at, id'
    _rec_name = 'employee_id'

    standard_id = fields.Many2one('property.service.standard', required=True, readonly=True, index=True, ondelete='cascade')
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='employee_id.company_id', store=True, index=True)
    department_id = fields.Many2one(related='employee_id.department_id', string="Department")
    due_date = fields.Date(string="Read By", readonly=True)
    read_at = fields.Datetime(string="Read and Understood", readonly=True)
    is_read = fields.Boolean(compute='_compute_is_read', search='_search_is_read')
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')

    _once = models.UniqueIndex('(standard_id, employee_id)', "This employee is on the list already.")

    @api.depends('read_at')
    def _compute_is_read(self):
        for reading in self:
            reading.is_read = bool(reading.read_at)

    def _search_is_read(self, operator, value):
        if operator != 'in':
            return NotImplemented
        read = Domain('read_at', '!=', False)
        return read if set(value) == {True} else ~read if set(value) == {False} else Domain.TRUE

    @api.depends('read_at', 'due_date')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for reading in self:
            reading.is_late = not reading.read_at and bool(reading.due_date) and reading.due_date < today

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = Domain('read_at', '=', False) & Domain('due_date', '<', fields.Date.context_today(self))
        return late if set(value) == {True} else ~late if set(value) == {False} else Domain.TRUE

    def _untell(self):
        """Take the activities of these readers away."""
        for standard, readings in self.grouped('standard_id').items():
            self.env['mail.activity'].sudo().search([  # sudo: other people's activities
                ('res_model', '=', standard._name), ('res_id', '=', standard.id), ('user_id', 'in', readings.employee_id.user_id.ids),
                ('activity_type_id', '=', self.env.ref(READ_TYPE).id)]).unlink()


class PropertyServiceStandard(models.Model):
    """The audience of a standard: each of it reads every new version and says so."""

    _inherit = 'property.service.standard'

    reader_team_ids = fields.Many2many(
        'property.service.team', 'property_service_standard_team_rel', string="Read by Teams",
        help="Their members and leaders.")
    reader_department_ids = fields.Many2many(
        'hr.department', 'property_service_standard_department_rel', string="Read by Departments",
        help="With the departments below.")
    reader_employee_ids = fields.Many2many(
        'hr.employee', 'property_service_standard_employee_rel', string="Read by Employees")
    has_audience = fields.Boolean(compute='_compute_has_audience', search='_search_has_audience')
    read_days = fields.Integer(string="Days to Read", default=READ_DAYS, help="From the day on which somebody comes on the list.")
    reading_ids = fields.One2many('property.service.standard.reading', 'standard_id', string="Readers")
    reader_count = fields.Integer(compute='_compute_reader_count', compute_sudo=True)
    unread_count = fields.Integer(string="Have Not Read Yet", compute='_compute_reader_count', compute_sudo=True)
    my_reading = fields.Selection(
        [('to_read', "To Read"), ('read', "Read and Understood")], string="Read by Me", compute='_compute_my_reading',
        search='_search_my_reading')

    _read_days_range = models.Constraint('CHECK(read_days BETWEEN 1 AND 365)', "There are 1 to 365 days to read.")

    # ---- COMPUTES ----

    @api.depends('reader_team_ids', 'reader_department_ids', 'reader_employee_ids')
    def _compute_has_audience(self):
        for standard in self:
            standard.has_audience = bool(standard.reader_team_ids or standard.reader_department_ids or standard.reader_employee_ids)

    def _search_has_audience(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = Domain('reader_team_ids', '!=', False) | Domain('reader_department_ids', '!=', False) | Domain(
            'reader_employee_ids', '!=', False)
        return domain if set(value) == {True} else ~domain if set(value) == {False} else Domain.TRUE

    def _compute_reader_count(self):
        counts = {standard: (count, count - read) for standard, count, read in self.env['property.service.standard.reading']._read_group(
            [('standard_id', 'in', self.ids)], ['standard_id'], ['__count', 'read_at:count'])}
        for standard in self:
            standard.reader_count, standard.unread_count = counts.get(standard, (0, 0))

    @api.depends('reading_ids.read_at')
    @api.depends_context('uid')
    def _compute_my_reading(self):
        own = self.env['property.service.standard.reading'].sudo().search([  # sudo: the user's own lines
            ('standard_id', 'in', self.ids), ('employee_id.user_id', '=', self.env.uid)])
        states = {reading.standard_id.id: 'read' if reading.read_at else 'to_read' for reading in own}
        for standard in self:
            standard.my_reading = states.get(standard.id)

    def _search_my_reading(self, operator, value):
        if operator != 'in':
            return NotImplemented
        own = Domain('employee_id.user_id', '=', self.env.uid)
        parts = {
            'to_read': Domain('reading_ids', 'any', own & Domain('read_at', '=', False)),
            'read': Domain('reading_ids', 'any', own & Domain('read_at', '!=', False)),
            False: ~Domain('reading_ids', 'any', own),
        }
        return Domain.OR(parts[item] for item in value if item in parts)

    # ---- CRUD ----

    def write(self, vals):
        """Whoever comes into the audience of a version in force comes on its list."""
        result = super().write(vals)
        if vals.keys() & {'reader_team_ids', 'reader_department_ids', 'reader_employee_ids'}:
            self.filtered(lambda standard: standard.state == 'active')._plan_readings()
        return result

    # ---- READING ----

    def action_confirm_read(self):
        """Say as one of the readers: I have read and understood it.

        :raises UserError: it is not in force, or the user is not on its list
        """
        for standard in self:
            standard.check_access('read')
            if standard.state != 'active':
                raise UserError(self.env._("%(standard)s is not in force.", standard=standard.display_name))
        own = self.env['property.service.standard.reading'].sudo().search([  # sudo: readers have no write access; own lines only
            ('standard_id', 'in', self.ids), ('employee_id.user_id', '=', self.env.uid)])
        if own.standard_id.sudo(False) != self:
            raise UserError(self.env._("You are not on the list of those who read this."))
        own.filtered(lambda reading: not reading.read_at).read_at = fields.Datetime.now()
        self.sudo().activity_unlink([READ_TYPE], user_id=self.env.uid)  # sudo: the user's own activity
        return True

    def action_open_readings(self):
        """Return the act_window of the readers, those first who have not read it yet."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.standard_reading_action'),
            'domain': [('standard_id', '=', self.id)], 'context': {'search_default_unread': 1 if self.unread_count else 0},
        }

    def action_remind_readers(self):
        """Give everybody who has not read it yet a new activity where there is none."""
        self._check_approver()
        for standard in self:
            unread = standard.sudo().reading_ids.filtered(lambda reading: not reading.read_at)  # sudo: all readers
            standard._tell_readers(unread)
        return True

    # ---- AUDIENCE ----

    def _get_audience(self):
        """Return {standard id: employees}, in a constant number of queries."""
        standards = self.sudo()  # sudo: members of teams and departments
        departments = standards.reader_department_ids
        Employee = standards.env['hr.employee']
        by_department = defaultdict(Employee.browse)
        if departments:
            below = standards.env['hr.department'].search([('id', 'child_of', departments.ids)])
            for employee in Employee.search([('department_id', 'in', below.ids)]):
                for ancestor in (employee.department_id.parent_path or '').split('/')[:-1]:
                    by_department[int(ancestor)] |= employee
        audience = {}
        for standard in standards:
            found = standard.reader_employee_ids | standard.reader_team_ids.member_ids | standard.reader_team_ids.leader_id
            for department in standard.reader_department_ids:
                found |= by_department[department.id]
            audience[standard.id] = found.filtered(
                lambda employee, company=standard.company_id: employee.active and (not company or employee.company_id == company))
        return audience

    def _plan_readings(self):
        """Bring the lists in line with the audience: add who is missing, drop who has left it without having read."""
        if not self:
            return
        Reading = self.env['property.service.standard.reading'].sudo()  # sudo: facts of the rule
        lines = Reading.search([('standard_id', 'in', self.ids)])
        there = {(line.standard_id.id, line.employee_id.id) for line in lines}
        audience = self._get_audience()
        today = self.env.company._property_today()
        values = [
            {'standard_id': standard.id, 'employee_id': employee.id, 'due_date': today + relativedelta(days=standard.read_days)}
            for standard in self for employee in audience[standard.id] if (standard.id, employee.id) not in there]
        gone = lines.filtered(lambda line: not line.read_at and line.employee_id not in audience[line.standard_id.id])
        gone._untell()
        gone.unlink()
        added = Reading.create(values)
        for standard, readings in added.grouped('standard_id').items():
            standard.with_env(self.env)._tell_readers(readings)

    def _drop_readings(self):
        """Nobody has to read what is not in force any more; who has read it stays on file."""
        unread = self.env['property.service.standard.reading'].sudo().search([  # sudo: facts of the rule
            ('standard_id', 'in', self.ids), ('read_at', '=', False)])
        unread._untell()
        unread.unlink()

    def _tell_readers(self, readings):
        """Give the readers an activity each, in their languages and in one batch."""
        self.ensure_one()
        waiting = self.env['mail.activity'].sudo().search([  # sudo: other people's activities
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('activity_type_id', '=', self.env.ref(READ_TYPE).id)]).user_id
        deadlines = {reading.employee_id.user_id: reading.due_date for reading in readings if reading.employee_id.user_id.active}
        today = self.env.company._property_today()
        self.env['mail.activity'].sudo().create([{  # sudo: other people's activities
            'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': self.id,
            'activity_type_id': self.env.ref(READ_TYPE).id, 'automated': True, 'user_id': user.id, 'date_deadline': max(date, today),
            'summary': self.with_context(lang=user.lang).env._("Read: %(standard)s", standard=self.display_name),
        } for user, date in deadlines.items() if user not in waiting])
