from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.callback':             '-      -        -         -      -          crw   crw   r       -  -   crwd    -',
    'property.service.callback.action':      '-      -        -         -      -          c     crwd  -       -  -   c       -',
    'property.service.callback.attempt':     '-      -        -         -      -          r     r     r       -  -   r       -',
    'property.service.callback.rule':        '-      -        -         -      -          -     r     r       -  -   crwd    -',
    'property.service.callback.draw':        '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.visit.plan':           '-      -        -         -      -          -     r     -       -  -   crwd    -',
    'property.service.greeting':             '-      -        -         -      -          -     r     -       -  -   crwd    -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    callback_vals = {'partner_id': case.resident.id, 'unit_id': case.unit.id, **company}
    callback = env['property.service.callback'].create(callback_vals)
    step = {'action': 'done', 'callback_ids': [Command.set(callback.ids)]}
    attempt = {'callback_id': callback.id, 'at': '2026-01-01', 'user_id': env.uid, 'outcome': 'reached'}
    rule_vals = {'name': "All", **company}
    rule = env['property.service.callback.rule'].create(rule_vals)
    draw = {'rule_id': rule.id, 'seed': '1'}
    greeting = {'name': "G", 'kind': 'birthday', **company, 'template_id': env['mail.template'].create({
        'name': "G", 'model_id': env['ir.model']._get_id('res.partner')}).id}
    plan = {'name': "P", **company}
    return {
        'property.service.callback': (callback, 'comment', callback_vals),
        'property.service.callback.action': (wizards['property.service.callback.action'].create(step), 'comment', step),
        'property.service.callback.attempt': (env['property.service.callback.attempt'].create(attempt), 'note', attempt),
        'property.service.callback.rule': (rule, 'name', rule_vals),
        'property.service.callback.draw': (env['property.service.callback.draw'].create(draw), 'seed', draw),
        'property.service.visit.plan': (env['property.service.visit.plan'].create(plan), 'name', plan),
        'property.service.greeting': (env['property.service.greeting'].create(greeting), 'name', greeting),
    }
