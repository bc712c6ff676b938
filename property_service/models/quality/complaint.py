from odoo import fields, models
from odoo.fields import Command

#: The narrowest first: what one flat explains is not the building's problem as well.
PATTERN_ORDER = ('unit_id', 'building_id', 'about_employee_id', 'team_id')
#: field of the pattern -> field of the corrective action
PATTERN_PLACES = {'unit_id': 'unit_id', 'building_id': 'building_id', 'about_employee_id': 'employee_id', 'team_id': 'team_id'}


class PropertyServiceComplaint(models.Model):
    """A repeated problem starts a special improvement by itself 专项改进 (R29)."""

    _inherit = 'property.service.complaint'

    corrective_action_ids = fields.Many2many(
        'property.service.corrective.action', 'property_service_corrective_complaint_rel', 'complaint_id', 'action_id', copy=False)
    corrective_action_count = fields.Integer(
        compute='_compute_corrective_action_count', groups='property_service.group_technician,property_service.group_quality')

    def _compute_corrective_action_count(self):
        counts = dict(self.env['property.service.corrective.action']._read_group(
            [('complaint_ids', 'in', self.ids)], ['complaint_ids'], ['__count']))
        for complaint in self:
            complaint.corrective_action_count = counts.get(complaint, 0)

    # ---- ACTIONS ----

    def action_open_corrective_actions(self):
        """Return the act_window of the corrective actions the complaint belongs to."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('complaint_ids', 'in', self.ids)],
            'context': {'default_origin': 'complaint', 'default_origin_complaint_id': self.id, 'default_title': self.title},
        }

    def action_new_corrective_action(self):
        """Open a corrective action for the complaint and show it."""
        self.ensure_one()
        self.check_access('read')
        return self.env['property.service.corrective.action']._open_from(self)._open_form()

    # ---- REPEAT RULE ----

    def _after_repeats_found(self, found):
        """Link each repeated complaint to the open corrective action of its pattern, or open one.

        Once per pattern, not for every further complaint: a wider pattern opens its own only for complaints that no narrower one
        explains. All of it by rule, whatever the rights of whoever registers the complaint.

        :param dict found: {complaint: [(pattern field, number of complaints), …]}
        """
        super()._after_repeats_found(found)
        Action = self.env['property.service.corrective.action'].sudo()  # sudo: the rule opens it, not the agent
        for complaint, patterns in found.items():
            names = [name for name in PATTERN_ORDER if name in dict(patterns)]
            keys = {name: complaint._get_pattern_key(name) for name in names}
            open_actions = Action._find_open_patterns(keys.values(), complaint.company_id.id)
            if open_actions:
                complaint._link_repeat(open_actions)
                continue
            for name in names:
                repeated = complaint.sudo()._get_unexplained(name)  # sudo: a pattern counts also what the user may not see
                if len(repeated) >= complaint.company_id.property_repeat_count:
                    complaint.sudo()._open_repeat_action(name, keys[name], repeated)  # sudo: as above
                    break

    def _get_pattern_key(self, name):
        return f'{name}:{self.category_id.id}:{self[name].id}'

    def _get_unexplained(self, name):
        """Return the complaints of the pattern that no corrective action has taken up yet."""
        company = self.company_id
        return self.search([
            *self._get_repeat_domain(company), ('category_id', '=', self.category_id.id), (name, '=', self[name].id),
            '!', ('corrective_action_ids', 'any', [('pattern_key', '!=', False)])])

    def _open_repeat_action(self, name, key, repeated):
        """Open the corrective action of a pattern with the complaints it is about, and tell the supervisor."""
        self.ensure_one()
        company = self.company_id
        self, repeated = company._in_language(self), company._in_language(repeated)  # noqa: PLW0642 stored for all to read
        leader = self.team_id.leader_id or self.estate_id.manager_id
        place = {'unit_id': False, 'building_id': False, 'estate_id': False, 'team_id': False, 'employee_id': False}
        if name in ('unit_id', 'building_id'):
            place.update(estate_id=self.estate_id.id, building_id=self.building_id.id)
        place[PATTERN_PLACES[name]] = self[name].id
        action = self.env['property.service.corrective.action']._open_from(
            self, pattern_key=key,
            title=self.env._("Repeated: %(category)s, %(place)s", category=self.category_id.name, place=self[name].display_name),
            description=self.env._(
                "%(count)s complaints of one kind within %(days)s days:", count=len(repeated), days=company.property_repeat_days)
            + "".join(f"\n{complaint.display_name}" for complaint in repeated),
            complaint_ids=[Command.set(repeated.ids)], responsible_id=leader.id, priority='1', cause=False, cause_text=False,
            company_id=company.id, **place)
        user = leader.user_id or self.env.ref('property_service.group_supervisor').all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids)[:1]
        if user:
            action.with_context(lang=user.lang).activity_schedule(
                'property_service.mail_activity_type_corrective', user_id=user.id,
                summary=self.env(context={**self.env.context, 'lang': user.lang})._("Plan the corrective action of a repeated problem"))

    def _link_repeat(self, actions):
        for action in actions:
            if self not in action.complaint_ids:
                action.complaint_ids = [Command.link(self.id)]
                action._message_log(body=self.company_id._in_language(self).env._("Complained of again: %(complaint)s", complaint=self.display_name))
