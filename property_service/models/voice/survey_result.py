from datetime import timedelta


from odoo import fields, models

LEVELS = [('company', "Company"), ('estate', "Estate"), ('team', "Team")]


class PropertyServiceSurveyResult(models.Model):
    """What a survey among employees said about a team, an estate or the company when it ended (R92).

    Only groups large enough have a row. It is the evidence of the indicators "Employee Satisfaction": the person assessed can open
    it, and finds a rate and a number of answers, never an answer.
    """

    _name = 'property.service.survey.result'
    _description = "Result of an Employee Survey"
    _order = 'at desc, level, name, id'

    name = fields.Char(required=True, readonly=True)
    campaign_id = fields.Many2one('property.service.survey.campaign', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    level = fields.Selection(LEVELS, required=True, readonly=True)
    estate_id = fields.Many2one('property.service.estate', readonly=True, index='btree_not_null', ondelete='cascade')
    team_id = fields.Many2one('property.service.team', readonly=True, index='btree_not_null', ondelete='cascade')
    leader_id = fields.Many2one(
        'hr.employee', readonly=True, index='btree_not_null', ondelete='set null', help="Who led the team or estate when the survey ended.")
    at = fields.Datetime(string="Counts On", required=True, readonly=True, help="Last moment of the survey: it belongs to this period.")
    answers = fields.Integer(readonly=True)
    satisfied = fields.Float(readonly=True, digits=(16, 2), help="How many of them are satisfied: 4 or 5 of 5.")
    rate = fields.Float(string="Satisfied (%)", readonly=True, digits=(16, 2), aggregator=None)
    mean = fields.Float(readonly=True, digits=(16, 2), aggregator=None)

    def _keep(self, campaign):
        """Write down the figures of a campaign that has just ended, exactly those of its result page."""
        company = campaign.company_id
        campaign = company._in_language(campaign)
        results = campaign._compute_results({'estate': 0, 'building': 0, 'role': False, 'from': None, 'to': None}, False)
        end = company._property_day_start(campaign.date_end + timedelta(days=1))
        shared = {
            'campaign_id': campaign.id, 'company_id': company.id, 'at': min(campaign.closed_at, end - timedelta(seconds=1)),
        }
        estates = self.env['property.service.estate'].browse([row['id'] for row in results['by_estate'] if row['id']])
        teams = self.env['property.service.team'].browse([row['id'] for row in results['by_building'] if row['id']])
        leaders = {('estate', estate.id): estate.manager_id.id for estate in estates} | {('team', team.id): team.leader_id.id for team in teams}
        vals_list = []
        for level, figure in [('company', results['overall'])] + [
                (level, row) for level, name in (('estate', 'by_estate'), ('team', 'by_building')) for row in results[name] if row['id']]:
            if 'rate' not in figure:
                continue
            vals_list.append({
                **shared, 'level': level, 'name': " · ".join(filter(None, (campaign.name, figure.get('name') or company.name))),
                'estate_id': figure['id'] if level == 'estate' else False, 'team_id': figure['id'] if level == 'team' else False,
                'leader_id': leaders.get((level, figure.get('id'))), 'answers': figure['n'],
                'satisfied': figure['rate'] * figure['n'] / 100, 'rate': figure['rate'], 'mean': figure['mean'],
            })
        return self.create(vals_list)
