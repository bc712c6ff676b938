from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.complaint':            '-      cr       -         -      -          crwd  crwd  r       -  -   crwd    -',
    'property.service.complaint.action':     '-      -        -         -      -          c     crwd  -       -  -   c       -',
    'property.service.authority':            '-      -        -         -      -          r     r     -       -  -   crwd    -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    complaint_vals = {'title': "Noise", 'unit_id': case.unit.id, 'category_id': case.own_category.id}
    complaint = env['property.service.complaint'].create({**complaint_vals, 'partner_id': case.resident.id})
    step = {'action': 'withdraw', 'complaint_ids': [Command.set(complaint.ids)]}
    authority = env['property.service.authority'].create({'role': 'agent', **company})
    return {
        'property.service.complaint': (complaint, 'title', complaint_vals),
        'property.service.complaint.action': (wizards['property.service.complaint.action'].create(step), 'reason', step),
        'property.service.authority': (authority, 'max_severity', {'role': 'supervisor', **company}),
    }
