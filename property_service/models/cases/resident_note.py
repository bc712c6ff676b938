from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .case_resident import MAX_TEXT

KEEP_MONTHS = 12


class PropertyServiceResidentNote(models.Model):
    """What happened against the rules of living together, on the resident's file: for supervisors only, and not for ever (R99)."""

    _name = 'property.service.resident.note'
    _description = "Note on a Resident's Conduct"
    _inherit = ['mail.thread']
    _order = 'date desc, id desc'
    _rec_name = 'partner_id'
    _check_company_auto = True

    partner_id = fields.Many2one('res.partner', string="Resident", required=True, index=True, ondelete='cascade', tracking=True)
    unit_id = fields.Many2one(
        'property.service.unit', index='btree_not_null', ondelete='set null', check_company=True,
        compute='_compute_unit_id', store=True, readonly=False, precompute=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    date = fields.Date(required=True, default=fields.Date.context_today)
    rule_id = fields.Many2one(
        'property.service.conduct.rule', string="Rule of Conduct", required=True, index=True, ondelete='restrict', check_company=True,
        domain=[('audience', '=', 'resident')])
    description = fields.Text(string="What Happened", required=True, help="Facts only: what was seen, by whom. No opinions on the person.")
    measure = fields.Selection(
        [('none', "Nothing yet"), ('talk', "Talked to"), ('letter', "Written reminder"), ('authority', "Told the authority")],
        string="What Was Done", required=True, default='none', tracking=True)
    told_on = fields.Date(string="Resident Told On", tracking=True, help="The resident is told what is kept, and may answer.")
    answer = fields.Text(string="Resident's Side", tracking=True)
    keep_until = fields.Date(
        required=True, index=True, default=lambda self: self._get_default_keep_until(), tracking=True, help="After this day the note is deleted.")

    @api.model
    def _get_default_keep_until(self):
        return fields.Date.context_today(self) + relativedelta(months=KEEP_MONTHS)

    @api.depends('partner_id')
    def _compute_unit_id(self):
        for note in self:
            note.unit_id = note.unit_id or note.partner_id.unit_ids[:1]

    @api.constrains('date', 'keep_until', 'rule_id', 'told_on')
    def _check_note(self):
        for note in self:
            if note.rule_id.audience != 'resident':
                raise ValidationError(self.env._("Choose a rule that is for residents."))
            if note.keep_until < note.date or note.keep_until > note.date + relativedelta(months=3 * KEEP_MONTHS):
                raise ValidationError(self.env._("A note is kept until a day after it, at most three years."))
            if note.told_on and note.told_on < note.date:
                raise ValidationError(self.env._("The resident cannot be told before it happened."))

    @api.constrains('date', 'told_on')
    def _check_past(self):
        for note in self:
            today = note.company_id._property_latest_day()
            if note.date > today or note.told_on and note.told_on > today:
                raise ValidationError(self.env._("What is noted has happened: the date cannot be in the future."))

    @api.constrains('rule_id')
    def _check_rule_in_force(self):
        for note in self:
            if not note.rule_id.active:
                raise ValidationError(self.env._("%(rule)s is no longer in force.", rule=note.rule_id.display_name))

    @api.constrains('description', 'answer')
    def _check_length(self):
        if any(len(text or '') > MAX_TEXT for note in self for text in (note.description, note.answer)):
            raise ValidationError(self.env._("At most %(limit)s characters.", limit=MAX_TEXT))

    @api.autovacuum
    def _delete_expired(self):
        """What is no longer needed is not kept."""
        self.search([('keep_until', '<', fields.Date.context_today(self))], limit=1000).unlink()


class ResPartner(models.Model):
    _inherit = 'res.partner'

    resident_note_count = fields.Integer(
        string="Notes on Conduct", compute='_compute_resident_note_count', groups='property_service.group_supervisor')

    def _compute_resident_note_count(self):
        counts = dict(self.env['property.service.resident.note']._read_group(
            [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.resident_note_count = counts.get(partner._origin, 0)

    def action_open_resident_notes(self):
        """Return the act_window of the notes on the resident's conduct."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.resident_note_action')
        return {**action, 'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id}}
