MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.indicator':            '-      -        -         -      r          r     r     r       crwd r  r       -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    indicator = {'name': "Own", 'code': 'own_indicator', 'definition': "Own work", **company}
    return {
        'property.service.indicator': (
            env['property.service.indicator'].create(indicator), 'name', {**indicator, 'code': 'another'}),
    }
