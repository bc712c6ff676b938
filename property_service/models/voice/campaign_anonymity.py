from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import survey_statistics as stats

_BATCH = 1000


class PropertyServiceSurveyCampaign(models.Model):
    """What the results of an anonymous campaign must not tell.

    Who looks at figures twice can take one from the other. So they are shown when the campaign is over, once and for all; one
    criterion at a time; and groups too small are hidden together with a second one, or taken together.
    """

    _inherit = 'property.service.survey.campaign'

    # ---- WHAT IS SHOWN ----

    def _is_withheld(self):
        """Tell whether results wait for the end: figures that move with each answer tell who gave it."""
        self.ensure_one()
        return self.anonymous and self.state not in ('closed', 'archived')

    def _check_filters(self, filters):
        """Refuse what would single out few people of an anonymous campaign.

        :raises UserError: a part of the time, or place and role at once
        """
        if any(campaign.anonymous for campaign in self) and (
                filters['from'] or filters['to'] or filters['role'] and (filters['estate'] or filters['building'])):
            raise UserError(self.env._(
                "Results of an anonymous survey are shown for all of its time, and by place or by role, not both: "
                "otherwise single answers could be found by comparing."))

    def _get_hidden(self, cells, minimum):
        """Return {estate, building, role: ids that must not be shown}, buildings within each estate, those of hidden estates together.

        :param cells: all answers to the questions that a figure is about, see ``campaign_results.Cell``
        """
        groups = {}
        for cell in cells if minimum > 1 else ():
            for key in (('estate', cell.estate), ('role', cell.role), (cell.estate, cell.building)):
                groups.setdefault(key[0], {}).setdefault(key[1], []).append(cell)
        sizes = {name: {key: self._count_people(found) for key, found in group.items()} for name, group in groups.items()}
        hidden = {name: stats.masked(sizes.pop(name, {}), minimum) for name in ('estate', 'role')}
        within = {}
        for estate, buildings in sizes.items():
            together = within.setdefault(None if estate in hidden['estate'] else estate, {})
            for building, size in buildings.items():
                together[building] = together.get(building, 0) + size
        hidden['building'] = set().union(*(stats.masked(buildings, minimum) for buildings in within.values()))
        return hidden

    def _is_hidden(self, filters, cells, minimum):
        """Tell whether what a filter lets through must not be shown."""
        hidden = self._get_hidden(cells, minimum)
        return any(filters[name] and filters[name] in hidden[name] for name in hidden)

    # ---- THE END ----

    def _close(self):
        super()._close()
        for campaign in self.sudo().filtered('anonymous'):  # sudo: the promise of the campaign, whoever closes it
            campaign._cut_small_groups()
            campaign._follow_up()

    def _cut_small_groups(self):
        """Cut building, estate and role from the answers where they would say too much: what remains are groups large enough."""
        everything = {'estate': False, 'building': False, 'role': False, 'from': None, 'to': None}
        hidden = self._get_hidden(self._get_cells(everything), self._get_min_group())
        for name, column in (('building', self._get_part_field()), ('estate', 'property_estate_id'), ('role', 'property_role')):
            keys = tuple(key for key in hidden[name] if key)
            if keys:
                self.env.cr.execute(SQL(
                    "UPDATE survey_user_input SET %s = NULL WHERE property_campaign_id = %s AND %s IN %s",
                    SQL.identifier(column), self.id, SQL.identifier(column), keys))
        self.env['survey.user_input'].invalidate_model(['property_building_id', 'property_team_id', 'property_estate_id', 'property_role'])

    def _follow_up(self):
        """Let the rules look at all answers at once, in batches, so that no case tells by its time whose answer it is about."""
        rules = self.env['property.service.survey.rule'].search([('condition', '=', 'score')])
        Answer, last, lowest = self.env['survey.user_input'], 0, max(rules.mapped('max_score'), default=0)
        while lowest:
            answers = Answer.search([
                ('property_campaign_id', '=', self.id), ('state', '=', 'done'), ('id', '>', last),
                ('user_input_line_ids', 'any', [('answer_type', '=', 'scale'), ('value_scale', '<=', lowest)])], order='id', limit=_BATCH)
            if not answers:
                break
            last = answers[-1].id
            answers._follow_up_answers()

    # ---- CONSTRAINTS ----

    @api.constrains('anonymous', 'kind')
    def _check_anonymous_ends(self):
        if any(campaign.anonymous and campaign.kind == 'service' for campaign in self):
            raise ValidationError(self.env._("A survey after a service is about one case and never over: it cannot be anonymous."))

    def _set_state(self, state, **vals):
        """Figures that were shown cannot be added to: the difference would be the answers that came later."""
        if state == 'running' and any(campaign.anonymous and campaign.state == 'closed' for campaign in self):
            raise UserError(self.env._("An anonymous survey whose results have been shown takes no more answers: make a new one."))
        return super()._set_state(state, **vals)
