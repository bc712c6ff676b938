from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.request':              '-      cr       -         -      r          crwd  crwd  r       -  -   crwd    -',
    'property.service.request.checklist':    '-      -        -         -      rw         rw    crwd  r       -  -   crwd    -',
    'property.service.state.log':            '-      -        -         -      r          r     r     r       -  -   r       -',
    'property.service.request.action':       '-      -        -         -      c          c     crwd  -       -  -   c       -',
    'property.service.request.dispatch':     '-      -        -         -      -          -     crwd  -       -  -   c       -',
    'property.service.request.dispatch.line': '-      -        -         -      -          -     crwd  -       -  -   c       -',
    'property.service.request.sign':         '-      -        -         -      c          c     crwd  -       -  -   c       -',
}


def get_examples(case, wizards):
    company = case.company.id
    action = {'action': 'reject', 'request_ids': [Command.set(case.request.ids)]}
    dispatch = wizards['property.service.request.dispatch'].create({'mode': 'single', 'request_id': case.request.id})
    line = {'wizard_id': dispatch.id, 'request_id': case.request.id, 'employee_id': case.worker.id}
    sign = {'request_id': case.started.id, 'signed_by': "Zhang San"}
    return {
        'property.service.request': (
            case.request, 'title', {'title': "Tap", 'unit_id': case.unit.id, 'type_id': case.own_type.id}),
        'property.service.request.checklist': (
            case.started.checklist_ids, 'note', {'request_id': case.started.id, 'name': "Smell"}),
        'property.service.state.log': (case.started.state_log_ids[-1], 'reason', {
            'request_id': case.request.id, 'company_id': company, 'to_state': 'closed', 'at': '2026-01-01',
            'by_id': case.env.uid}),
        'property.service.request.action': (wizards['property.service.request.action'].create(action), 'reason', action),
        'property.service.request.dispatch': (dispatch, 'mode', {'mode': 'single', 'request_id': case.request.id}),
        'property.service.request.dispatch.line': (
            wizards['property.service.request.dispatch.line'].create(line), 'sequence', line),
        'property.service.request.sign': (wizards['property.service.request.sign'].create(sign), 'signed_by', sign),
    }
