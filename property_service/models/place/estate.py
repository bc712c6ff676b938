from odoo import api, fields, models


class PropertyServiceEstate(models.Model):
    """A managed property: 项目."""

    _name = 'property.service.estate'
    _description = "Estate"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'property.service.portal.fields']
    _order = 'sequence, name, id'
    _check_company_auto = True
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'code', 'sequence', 'use',
    })

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Short code, unique in the company. It is part of each unit's full code.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use = fields.Selection(
        [('residential', "Residential"), ('commercial', "Commercial"), ('mixed', "Mixed")],
        required=True, default='residential',
    )
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    manager_id = fields.Many2one('hr.employee', string="Estate Manager", check_company=True, tracking=True)
    calendar_id = fields.Many2one(
        'resource.calendar', string="Service Hours", check_company=True,
        compute='_compute_calendar_id', store=True, readonly=False, precompute=True,
        help="When the estate is served. Deadlines that do not run round the clock count these hours only.",
    )
    partner_id = fields.Many2one('res.partner', string="Address", check_company=True)
    team_ids = fields.Many2many(
        'property.service.team', 'property_service_team_estate_rel', 'estate_id', 'team_id',
        string="Teams", check_company=True,
    )
    building_ids = fields.One2many('property.service.building', 'estate_id', string="Buildings")
    unit_ids = fields.One2many('property.service.unit', 'estate_id', string="Units")
    building_count = fields.Integer(compute='_compute_building_count')
    unit_count = fields.Integer(compute='_compute_unit_count')
    resident_count = fields.Integer(compute='_compute_resident_count')

    _code_unique = models.Constraint('unique(company_id, code)', "Another estate of the company has this code.")

    @api.depends('company_id')
    def _compute_calendar_id(self):
        for estate in self:
            calendar = estate.calendar_id
            if not calendar or (calendar.company_id and calendar.company_id != estate.company_id):
                estate.calendar_id = estate.company_id.resource_calendar_id

    @api.depends('building_ids')
    def _compute_building_count(self):
        counts = dict(self.env['property.service.building']._read_group(
            [('estate_id', 'in', self.ids)], ['estate_id'], ['__count']))
        for estate in self:
            estate.building_count = counts.get(estate, 0)

    @api.depends('unit_ids')
    def _compute_unit_count(self):
        counts = dict(self.env['property.service.unit']._read_group(
            [('estate_id', 'in', self.ids)], ['estate_id'], ['__count']))
        for estate in self:
            estate.unit_count = counts.get(estate, 0)

    def _compute_resident_count(self):
        counts = dict(self.env['property.service.residency']._read_group(
            [('estate_id', 'in', self.ids), ('is_current', '=', True)],
            ['estate_id'], ['partner_id:count_distinct']))
        for estate in self:
            estate.resident_count = counts.get(estate, 0)

    # ---- ACTIONS ----

    def action_open_units(self):
        """Return the act_window of the estate's units."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.unit_action'),
            'domain': [('estate_id', '=', self.id)],
            'context': {'search_default_group_by_building': 1},
        }

    def action_open_residents(self):
        """Return the act_window of the estate's current residencies."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.residency_action'),
            'domain': [('estate_id', '=', self.id)],
            'context': {'search_default_current': 1},
        }
