from odoo import fields, models
from odoo.exceptions import UserError

from . import campaign_states


class PropertyServiceSurveyCampaign(models.Model):
    """What is low becomes a corrective action; the next campaign says whether it helped (R44, R61)."""

    _inherit = 'property.service.survey.campaign'

    corrective_below = fields.Float(
        string="Corrective Action Below (%)", default=70.0,
        help="When the campaign closes, a corrective action is opened for each factor and single score with fewer satisfied. 0: none.")
    corrective_ids = fields.One2many(
        'property.service.corrective.action', 'origin_campaign_id', string="Corrective Actions",
        groups='property_service.group_quality,property_service.group_supervisor')
    corrective_count = fields.Integer(compute='_compute_corrective_count')

    _corrective_range = models.Constraint('CHECK(corrective_below BETWEEN 0 AND 100)', "The share is a percentage from 0 to 100.")

    def _compute_corrective_count(self):
        Action = self.env['property.service.corrective.action'].sudo()  # sudo: only the number is shown
        counts = dict(Action._read_group([('origin_campaign_id', 'in', self.ids)], ['origin_campaign_id'], ['__count']))
        for campaign in self:
            campaign.corrective_count = counts.get(campaign, 0)

    def action_open_correctives(self):
        """Return the act_window of the corrective actions that this survey gave rise to."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('origin_campaign_id', 'in', self.ids)], 'context': {},
        }

    def action_open_corrective(self, measure=None):
        """Open the corrective action for a factor or single score, or the open one that there is.

        :param str measure: key of a factor or single score
        :return: act_window of the corrective action
        :raises UserError: the measure has no figure in this campaign
        """
        self.ensure_one()
        self._check_group(campaign_states.STEERING_GROUPS)
        figures = self.sudo()._get_measures()  # sudo: figures only, see get_results
        if measure not in figures:
            raise UserError(self.env._("There is no figure to improve on."))
        action = self.sudo()._open_corrective(measure, figures[measure])  # sudo: quality and managers, checked above
        return {
            'type': 'ir.actions.act_window', 'res_model': action._name, 'res_id': action.id, 'views': [(False, 'form')],
        }

    def _get_measures(self):
        """Return {key: figure} of the factors and single scores that may be shown."""
        results = self._compute_results({'estate': 0, 'building': 0, 'role': False, 'from': None, 'to': None}, False)
        return {figure['key']: figure for figure in results['factors'] + results['scores'] if 'rate' in figure}

    def _open_corrective(self, measure, figure):
        """Return the corrective action of this campaign for the measure; there is one at most that is open."""
        self.ensure_one()
        return self.env['property.service.corrective.action']._as_system()._open_from(
            self, pattern_key=f'survey:{self.id}:{measure}', company_id=self.company_id.id,
            title=self.env._(
                "%(factor)s: %(rate)s %% satisfied in %(survey)s", factor=figure['name'], rate=round(figure['rate'], 1), survey=self.name),
            description=self.env._(
                "%(rate)s %% of %(number)s who answered are satisfied (with 95 %% certainty %(low)s to %(high)s %%). Aim: %(target)s %%.",
                rate=round(figure['rate'], 1), number=figure['n'], low=round(figure['low'], 1), high=round(figure['high'], 1),
                target=round(self.target, 1)),
            survey_measure=measure, survey_rate_before=figure['rate'], survey_answers_before=figure['n'])

    def _close(self):
        super()._close()
        for campaign in self.sudo().filtered(lambda c: c.kind != 'service'):  # sudo: the rules of the campaign, whoever closes it
            measures = campaign._get_measures()
            campaign._fill_in_after(measures)
            for measure, figure in measures.items():
                if figure['rate'] < campaign.corrective_below:
                    campaign._open_corrective(measure, figure)

    def _fill_in_after(self, measures):
        """Write this campaign's figures into the corrective actions of the campaigns before that still wait for them."""
        actions = self.env['property.service.corrective.action'].search([
            ('company_id', '=', self.company_id.id), ('survey_after_campaign_id', '=', False), ('state', '!=', 'cancelled'),
            ('survey_measure', 'in', list(measures)), ('origin_campaign_id', '!=', self.id),
            ('origin_campaign_id.date_start', '<=', self.date_start), ('origin_campaign_id.survey_id', '=', self.survey_id.id)])
        for measure, group in actions.grouped('survey_measure').items():
            group._as_system().write({
                'survey_after_campaign_id': self.id, 'survey_rate_after': measures[measure]['rate'],
                'survey_answers_after': measures[measure]['n']})
