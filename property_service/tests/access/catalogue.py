MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.category':             '-      r        r         r      r          r     r     r       -  -   crwd    -',
    'property.service.type':                 '-      r        r         r      r          r     r     r       -  -   crwd    -',
    'property.service.type.skill':           '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.type.checklist':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.team':                 '-      -        -         -      r          r     r     r       r  -   crwd    -',
    'property.service.team.member':          '-      -        -         -      -          -     -     -       r  -   r       -',
    'property.service.waiting.reason':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
}


def get_examples(case, wizards):
    company = {'company_id': case.company.id}
    reason = case.env['property.service.waiting.reason'].create({'name': "Own Reason", 'code': 'own', **company})
    return {
        'property.service.category': (case.own_category, 'name', {'name': "C", 'code': 'c', **company}),
        'property.service.type': (
            case.own_type, 'name', {'name': "T", 'code': 't', 'category_id': case.own_category.id, **company}),
        'property.service.type.skill': (
            case.own_type.skill_ids, 'skill_level_id', {'type_id': case.own_type.id, 'skill_id': case.other_skill.id}),
        'property.service.type.checklist': (
            case.own_type.checklist_ids, 'name', {'type_id': case.own_type.id, 'name': "Listen"}),
        'property.service.team': (case.team, 'name', {'name': "T", 'calendar_id': False, **company}),
        'property.service.team.member': (
            case.env['property.service.team.member'].search([('team_id', '=', case.team.id)], limit=1), 'since',
            {'team_id': case.team.id, 'employee_id': case.outsider.id}),
        'property.service.waiting.reason': (reason, 'name', {'name': "R", 'code': 'r', **company}),
    }
