import uuid

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.survey.campaign':      '-      -        -         -      -          r     r     crwd    r  -   crwd    -',
    'property.service.survey.stratum':       '-      -        -         -      -          r     r     r       r  -   r       -',
    'property.service.survey.invitation':    '-      -        -         -      -          r     r     r       r  -   r       -',
    'property.service.survey.interview':     '-      -        -         -      -          c     crwd  c       -  -   c       -',
    'property.service.survey.rule':          '-      -        -         -      -          -     -     crwd    -  -   crwd    -',
    'property.service.survey.result':        '-      -        -         -      -          -     -     r       r  -   r       -',
    'property.service.survey.attempt':       '-      -        -         -      -          -     -     -       -  -   -       -',
    'property.service.survey.report':        '-      -        -         -      -          -     -     r       r  -   r       -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    campaign_vals = {'name': "Own Survey", 'survey_id': env.ref('property_service.survey_yearly').id, **company}
    campaign = env['property.service.survey.campaign'].create({**campaign_vals, 'by_mail': False})
    campaign.action_start()
    invitation = campaign.invitation_ids.filtered(lambda i: i.unit_id == case.unit)
    answer = invitation._start_answer('portal')
    answer._save_lines(env.ref('property_service.survey_yearly_overall'), '4')
    answer._mark_done()
    env.flush_all()
    stratum = invitation.stratum_id
    draft = env['property.service.survey.campaign'].create(campaign_vals)
    rule_vals = {'name': "Own Rule", **company}
    result_vals = {
        'name': "Own Result", 'campaign_id': campaign.id, 'level': 'team', 'team_id': case.team.id, 'at': '2026-11-30 12:00:00', 'answers': 6,
        'satisfied': 3, 'rate': 50, 'mean': 3, **company}
    attempt_vals = {'campaign_id': campaign.id, 'ip': '192.0.2.1', 'home': '1'}
    return {
        'property.service.survey.campaign': (draft, 'name', campaign_vals),
        'property.service.survey.stratum': (stratum, 'population', {'campaign_id': campaign.id, 'estate_id': case.estate.id}),
        'property.service.survey.invitation': (invitation, 'reminder_count', {
            'campaign_id': draft.id, **company, 'stratum_id': stratum.id, 'partner_id': case.resident.id, 'unit_id': case.unit.id,
            'estate_id': case.estate.id, 'building_id': case.building.id, 'answer_key': "1", 'access_token': uuid.uuid4().hex}),
        'property.service.survey.interview': (
            wizards['property.service.survey.interview'].create({'invitation_id': invitation.id}), 'channel',
            {'invitation_id': invitation.id}),
        'property.service.survey.rule': (env['property.service.survey.rule'].create(rule_vals), 'max_score', rule_vals),
        'property.service.survey.result': (env['property.service.survey.result'].create(result_vals), 'answers', result_vals),
        'property.service.survey.attempt': (env['property.service.survey.attempt'].create(attempt_vals), 'home', attempt_vals),
        'property.service.survey.report': (
            env['property.service.survey.report'].search([('campaign_id', '=', campaign.id)], limit=1), 'score', {}),
    }
