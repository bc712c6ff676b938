MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.estate':               '-      r        r         -      r          r     r     r       -  -   crwd    -',
    'property.service.building':             '-      r        r         -      r          r     r     r       -  -   crwd    -',
    'property.service.unit':                 '-      r        -         -      r          rw    rw    r       -  -   crwd    -',
    'property.service.residency':            '-      r        -         -      r          crw   crw   r       -  -   crwd    -',
    'property.service.first.steps':          '-      -        -         -      -          -     -     -       -  -   crwd    c',
    'property.service.resident.import':      '-      -        -         -      -          -     -     -       -  -   crwd    -',
    'property.service.resident.import.line': '-      -        -         -      -          -     -     -       -  -   crwd    -',
}


def get_examples(case, wizards):
    env, company = case.env, case.company.id
    residents = env['property.service.resident.import'].create({'name': 'residents.csv'})
    imported = {'import_id': residents.id, 'row': 2, 'column': "Unit", 'message': "?", 'kind': 'error'}
    return {
        'property.service.estate': (case.estate, 'name', {'name': "East", 'code': 'EA', 'company_id': company}),
        'property.service.building': (case.building, 'name', {'name': "B", 'code': 'B', 'estate_id': case.estate.id}),
        'property.service.unit': (case.unit, 'floor', {'name': "U", 'code': 'U', 'building_id': case.building.id}),
        'property.service.residency': (
            case.unit.residency_ids.filtered(lambda r: r.partner_id == case.resident), 'note',
            {'unit_id': case.unit.id, 'partner_id': case.leader.work_contact_id.id, 'date_start': '2024-01-01'}),
        'property.service.first.steps': (case.as_role('manager', 'property.service.first.steps').create({}), 'company_id', {}),
        'property.service.resident.import': (residents, 'name', {'name': 'b.csv', 'company_id': company}),
        'property.service.resident.import.line': (
            env['property.service.resident.import.line'].create(imported), 'message', imported),
    }
