import re

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

_SEPARATORS = re.compile(r'[\n,;，；、]+')


class PropertyServiceSurveyRule(models.Model):
    """What follows from a bad answer: a callback, or a complaint for the desk to look at (R39, R44)."""

    _name = 'property.service.survey.rule'
    _description = "Rule for Survey Answers"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: all companies.")
    survey_ids = fields.Many2many('survey.survey', string="Surveys", help="Empty: all.")
    condition = fields.Selection([('score', "Low score"), ('keyword', "Word in an open answer")], required=True, default='score')
    max_score = fields.Integer(string="Score up to", required=True, default=2)
    scope = fields.Selection(
        [('overall', "Overall question"), ('score', "Any single score"), ('any', "Any question")], string="Asked in", required=True,
        default='overall')
    keywords = fields.Text(help="Separated by commas or lines. Upper and lower case are the same.")
    outcome = fields.Selection([('callback', "Callback"), ('complaint', "Complaint")], required=True, default='callback')
    due_hours = fields.Float(string="Callback Due Within (Hours)", required=True, default=72.0)
    category_id = fields.Many2one('property.service.category', index='btree_not_null', check_company=True)

    _score_range = models.Constraint('CHECK(max_score BETWEEN 1 AND 5)', "A score is from 1 to 5.")
    _hours_positive = models.Constraint('CHECK(due_hours > 0)', "Hours are greater than zero.")

    @api.model
    def _apply(self, answers):
        """Create what follows from completed answers: of several rules the first that fits, so that one answer makes one case.

        The answer is its own key: ``survey_answer_id`` is unique in callbacks and complaints. As long as an anonymous campaign
        runs, words alone are looked at: danger does not wait, a low score waits for the end, see ``campaign_anonymity.py``.
        """
        answers = answers.with_user(SUPERUSER_ID)
        for model in ('property.service.callback', 'property.service.complaint'):
            answers -= self.env[model].with_user(SUPERUSER_ID).search([('survey_answer_id', 'in', answers.ids)]).survey_answer_id
        campaigns = answers.property_campaign_id
        rules = self.with_user(SUPERUSER_ID).search(
            Domain('company_id', '=', False) | Domain('company_id', 'in', campaigns.company_id.ids))
        for answer in answers:
            for rule in rules:
                finding = rule._get_finding(answer)
                if finding:
                    rule._open_case(answer, finding)
                    break

    def _get_finding(self, answer):
        """Return what in the answer fits the rule, in words for the case; an empty string when nothing does."""
        self.ensure_one()
        if self.company_id and self.company_id != answer.property_campaign_id.company_id:
            return ""
        if self.survey_ids and answer.survey_id not in self.survey_ids:
            return ""
        if answer.property_anonymous and self.condition == 'score' and (
                answer.property_campaign_id._is_withheld() or not answer._get_texts()):
            return ""  # it waits, or there is nothing to look into: the figure says it already
        if self.condition == 'keyword':
            words = [word.strip().casefold() for word in _SEPARATORS.split(self.keywords or "") if word.strip()]
            texts = [text for _question, text in answer._get_texts() if any(word in text.casefold() for word in words)]
            return "\n".join(texts)
        return "\n".join(
            f"{question.title}: {score} / 5" for question, score in answer._get_scores()
            if score <= self.max_score and self._is_in_scope(question))

    def _is_in_scope(self, question):
        if self.scope == 'overall':
            return question.property_score == 'overall'
        return self.scope == 'any' or bool(question.property_score)

    def _open_case(self, answer, finding):
        """Open the callback or complaint. Without a name on the answer nobody can be called: it becomes a complaint without one."""
        campaign = answer.property_campaign_id
        texts = [text for _question, text in answer._get_texts()]
        if answer.property_anonymous:
            # The desk reads what was written, not what was ticked: single answers are not for it.
            findings = [finding] if self.condition == 'keyword' else texts
        else:
            findings = [finding, *texts]
        said = "\n".join(dict.fromkeys(findings))
        values = {'survey_answer_id': answer.id, 'origin_campaign_id': campaign.id, 'company_id': campaign.company_id.id}
        if self.outcome == 'callback' and answer.partner_id:
            self.env['property.service.callback'].create({
                **values, 'origin': 'campaign', 'partner_id': answer.partner_id.id, 'unit_id': answer.property_unit_id.id,
                'origin_request_id': answer.property_request_id.id, 'origin_complaint_id': answer.property_complaint_id.id,
                'priority': '1', 'script': self.env._("Answer in %(survey)s:\n%(said)s", survey=campaign.name, said=said),
                'deadline': fields.Datetime.add(fields.Datetime.now(), hours=self.due_hours),
            })
            return
        self.env['property.service.complaint'].create({
            **values, 'title': self.env._("Low score in %(survey)s", survey=campaign.name) if self.condition == 'score'
            else self.env._("Remark in %(survey)s", survey=campaign.name),
            'description': said, 'channel': 'survey', 'category_id': self.category_id.id, 'anonymous': not answer.partner_id,
            'partner_id': answer.partner_id.id, 'unit_id': answer.property_unit_id.id,
            'building_id': False if answer.property_anonymous else answer.property_building_id.id,
            'estate_id': answer.property_estate_id.id,
            'request_id': answer.property_request_id.id,
        })
