MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.sla.policy':           '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.sla.escalation':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.sla.event':            '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.sla.report':           '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.sla.recompute':        '-      -        -         -      -          -     -     -       -  -   r       -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    policy, recompute = {'response_hours': 24, **company}, {'applies_to': 'request', **company}
    own_policy = env['property.service.sla.policy'].create({'name': "Own", **policy})
    event = {
        'request_id': case.request.id, 'target': 'response', 'moment': 'risk', 'due_at': '2026-01-01', 'notify_at': '2026-01-01',
        **company}
    return {
        'property.service.sla.policy': (own_policy, 'name', {'name': "P", **policy}),
        'property.service.sla.escalation': (own_policy.escalation_ids[0], 'minutes', {'policy_id': own_policy.id}),
        'property.service.sla.event': (env['property.service.sla.event'].create(event), 'error', event),
        'property.service.sla.report': (
            env['property.service.sla.report'].search([('res_id', '=', case.request.id), ('applies_to', '=', 'request')]), 'name', {}),
        'property.service.sla.recompute': (env['property.service.sla.recompute'].create(recompute), 'last_id', recompute),
    }
