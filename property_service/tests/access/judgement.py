from odoo import Command

MATRIX = {
    #                                         public resident neighbour former technician agent super quality hr   acc manager other
    'property.service.indicator':              '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment.scheme':      '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment.scheme.line': '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment.band':        '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment.rule':        '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment.cycle':       '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.assessment':             '-      -        -         -      rw         -     -     -       r    -   -       -',
    'property.service.assessment.line':        '-      -        -         -      rw         -     -     -       r    -   -       -',
    'property.service.assessment.evidence':    '-      -        -         -      r          -     -     -       r    -   -       -',
    'property.service.assessment.peer':        '-      -        -         -      -          rw    -     -       r    -   -       -',
    'property.service.appeal':                 '-      -        -         -      r          -     -     -       r    -   -       -',
    # HR deletes nothing of conduct, which is what the example is of.
    'property.service.points':                 '-      -        -         -      -          -     c     c       crw  -   c       -',
    'property.service.conduct.rule':           '-      -        -         -      r          r     r     r       crwd r   crwd    -',
    'property.service.resident.note':          '-      -        -         -      -          -     crw   -       -    -   crwd    -',
    'property.service.points.rule':            '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.payroll.column':         '-      -        -         -      -          -     -     -       crwd -   -       -',
    'property.service.payroll.export':         '-      -        -         -      -          -     -     -       crwd -   -       -',
    'property.service.assessment.simulation':  '-      -        -         -      -          -     -     -       crwd -   -       -',
    'property.service.service.report':         '-      -        -         -      -          -     -     -       -    -   crwd    -',
    'property.service.assessment.report':      '-      -        -         -      r          -     -     -       r    -   -       -',
    'property.service.assessment.turn':        '-      -        -         -      r          -     -     -       r    -   -       -',
    'property.service.improvement':            '-      -        -         -      r          -     -     -       crwd -   -       -',
    'property.service.career.grade':           '-      -        -         -      r          r     r     r       crwd r   r       -',
    'property.service.career.check':           '-      -        -         -      c          c     crwd  c       c    c   c       c',
    'property.service.assessment.action':      '-      -        -         -      c          c     crwd  c       c    c   c       c',
}


def get_examples(case, wizards):
    """The assessment is the technician's and waits for his own words; the agent is asked as a peer."""
    env, company = case.env, {'company_id': case.company.id}
    indicator = {'name': "Own", 'code': 'own_indicator', 'definition': "Own work", **company}
    rework, peers = env.ref('property_service.indicator_rework_rate'), env.ref('property_service.indicator_peer_mark')
    scheme_vals = {'name': "Scheme", 'code': 'matrix', **company}
    Scheme = env['property.service.assessment.scheme']
    draft = Scheme.create({**scheme_vals, 'code': 'draft', 'line_ids': [Command.create({'indicator_id': rework.id, 'weight': 100})]})
    scheme = Scheme.create({
        **scheme_vals, 'code': 'active', 'band_ids': [Command.create({'name': "A", 'minimum': 0})],
        'line_ids': [Command.create({'indicator_id': rework.id, 'weight': 60}), Command.create({'indicator_id': peers.id, 'weight': 40})]})
    scheme.action_activate()
    cycle_vals = {'scheme_id': scheme.id, 'date_from': '2025-03-01'}
    cycle = env['property.service.assessment.cycle'].create(
        {**cycle_vals, 'is_ad_hoc': True, 'employee_ids': [Command.set(case.worker.ids)]})
    cycle.action_generate()
    assessment = cycle.assessment_ids
    line = assessment.line_ids.filtered(lambda line: line.indicator_id == rework)
    assessment.action_ask_peers(user_ids=(case.users['agent'] | case.users['quality']).ids)
    peer = env['property.service.assessment.peer'].search(
        [('line_id', 'in', assessment.line_ids.ids), ('user_id', '=', case.users['agent'].id)])
    env.cr.execute(
        "INSERT INTO property_service_assessment_evidence (line_id, res_model, res_id, name, numerator, denominator)"
        " VALUES (%s, 'property.service.request', %s, 'SR', 0, 1) RETURNING id", (line.id, case.request.id))
    evidence = env['property.service.assessment.evidence'].browse(env.cr.fetchone()[0])
    appeal = assessment._as_step().env['property.service.appeal'].create({
        'assessment_id': assessment.id, 'reason': "Counted wrongly", 'user_id': case.users['technician'].id})
    points = {'employee_id': case.worker.id, 'points': 5, 'reason': "Praise", **company}
    conduct = env['property.service.conduct.rule'].create({'name': "Shoe covers", 'code': 'X1', 'points': -1, **company})
    recorded = {'employee_id': case.worker.id, 'conduct_rule_id': conduct.id, 'description': "Wet shoes", **company}
    community = env['property.service.conduct.rule'].create({'name': "Quiet", 'code': 'X2', 'audience': 'resident', **company})
    note = {'partner_id': case.resident.id, 'rule_id': community.id, 'description': "Noise", **company}
    rule = {'name': "Five stars", 'event': 'rating', 'points': 2, **company}
    column, as_hr = {'name': "Pay", 'content': 'amount'}, env(user=case.users['hr'].id)
    band, scheme_rule = {'scheme_id': draft.id, 'name': "B", 'minimum': 50}, {
        'scheme_id': draft.id, 'name': "Too much rework", 'indicator_id': rework.id, 'kind': 'veto', 'threshold': 50}
    measure = {'employee_id': case.worker.id, 'name': "Pumps", 'deadline': '2026-01-31', **company}
    grade = {'name': "Senior", 'level': 2, **company}
    return {
        'property.service.assessment.report': (
            env['property.service.assessment.report'].search([('assessment_id', '=', assessment.id)], limit=1), 'score', {}),
        'property.service.assessment.turn': (
            assessment.turn_ids[0], 'deadline', {
                'assessment_id': assessment.id, 'party': 'self', 'user_id': case.users['technician'].id, 'deadline': '2026-01-31',
                'name': "AS", **company}),
        'property.service.improvement': (env['property.service.improvement'].create(measure), 'name', measure),
        'property.service.career.grade': (
            env['property.service.career.grade'].create(grade), 'name', {**grade, 'level': 3}),
        'property.service.career.check': (
            wizards['property.service.career.check'].create({'employee_id': case.worker.id}), 'reason', {'employee_id': case.worker.id}),
        'property.service.indicator': (
            env['property.service.indicator'].create(indicator), 'name', {**indicator, 'code': 'another'}),
        'property.service.assessment.scheme': (draft, 'name', scheme_vals),
        'property.service.assessment.scheme.line': (
            draft.line_ids, 'weight', {'scheme_id': draft.id, 'weight': 10, 'indicator_id': env.ref(
                'property_service.indicator_satisfaction').id}),
        'property.service.assessment.band': (
            env['property.service.assessment.band'].create({**band, 'minimum': 10}), 'name', band),
        'property.service.assessment.rule': (
            env['property.service.assessment.rule'].create(scheme_rule), 'name', scheme_rule),
        'property.service.assessment.cycle': (cycle, 'name', cycle_vals),
        'property.service.assessment': (assessment, 'self_note', {'cycle_id': cycle.id}),
        'property.service.assessment.line': (line, 'self_comment', {'assessment_id': assessment.id}),
        'property.service.assessment.evidence': (evidence, 'name', {'line_id': line.id}),
        'property.service.assessment.peer': (peer, 'comment', {'line_id': line.id, 'user_id': case.users['agent'].id, **company}),
        'property.service.appeal': (appeal.with_env(env), 'reason', {
            'assessment_id': assessment.id, 'reason': "x", 'user_id': case.users['technician'].id}),
        'property.service.points': (env['property.service.points'].create(points), 'reason', recorded),
        'property.service.conduct.rule': (conduct, 'name', {'name': "Own", 'code': 'X3', 'points': -1, **company}),
        'property.service.resident.note': (env['property.service.resident.note'].create(note), 'description', note),
        'property.service.points.rule': (env['property.service.points.rule'].create(rule), 'name', rule),
        'property.service.payroll.column': (env['property.service.payroll.column'].create(column), 'name', column),
        'property.service.payroll.export': (as_hr['property.service.payroll.export'].create({}), 'date_from', {}),
        'property.service.assessment.simulation': (
            as_hr['property.service.assessment.simulation'].create({'scheme_id': draft.id}), 'period_count', {'scheme_id': draft.id}),
        'property.service.service.report': (
            env(user=case.users['manager'].id)['property.service.service.report'].create({}), 'date_from', {'company_id': case.company.id}),
        'property.service.assessment.action': (
            wizards['property.service.assessment.action'].create({'action': 'return'}), 'reason', {'action': 'return'}),
    }
