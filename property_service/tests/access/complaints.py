from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.complaint':            '-      cr       -         -      -          crwd  crwd  r       -  -   crwd    -',
    'property.service.complaint.action':     '-      -        -         -      -          c     crwd  -       -  -   c       -',
    'property.service.authority':            '-      -        -         -      -          r     r     -       -  -   crwd    -',
    'property.service.complaint.report':     '-      -        -         -      -          -     crw   c       -  -   c       c',
    'property.service.procedure':            '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.staff.suggestion':     '-      -        -         -      c          c     crw   c       c  c   c       c',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    complaint_vals = {'title': "Noise", 'unit_id': case.unit.id, 'category_id': case.own_category.id}
    complaint = env['property.service.complaint'].create({**complaint_vals, 'partner_id': case.resident.id})
    step = {'action': 'withdraw', 'complaint_ids': [Command.set(complaint.ids)]}
    procedure = {'name': "Reception manual", **company}
    suggestion = {'title': "Ramp", 'description': "For prams."}
    authority = env['property.service.authority'].create({'role': 'agent', **company})
    return {
        'property.service.complaint': (complaint, 'title', complaint_vals),
        'property.service.complaint.action': (wizards['property.service.complaint.action'].create(step), 'reason', step),
        'property.service.complaint.report': (wizards['property.service.complaint.report'].create({}), 'date_from', {}),
        'property.service.procedure': (env['property.service.procedure'].create(procedure), 'name', procedure),
        'property.service.staff.suggestion': (wizards['property.service.staff.suggestion'].create(suggestion), 'title', suggestion),
        'property.service.authority': (authority, 'max_severity', {'role': 'supervisor', **company}),
    }
