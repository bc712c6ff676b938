MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc  manager other
    'property.service.fee.answer':           '-      -        -         -      -          r     r     -       -  crwd r       -',
    'property.service.instalment':           '-      -        -         -      -          r     r     -       -  crwd r       -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    answer = env['property.service.fee.answer'].create({'name': "Own Answer", 'body': "Dear {resident}", **company})
    query = case.make_request(type_id=case.fee_type.id)
    part = {'request_id': query.id, 'date_planned': '2026-12-01', 'amount': 10.0}
    return {
        'property.service.fee.answer': (answer, 'name', {'name': "A", 'body': "B", **company}),
        'property.service.instalment': (env['property.service.instalment'].create(part), 'note', part),
    }
