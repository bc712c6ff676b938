from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.corrective.action':      '-    -        -         -      r          r     crw   crw     -  -   crwd    -',
    'property.service.corrective.action.step': '-    -        -         -      c          c     crwd  c       -  -   c       -',
    'property.service.inspection':             '-    -        -         -      -          -     crw   crwd    -  -   crwd    -',
    'property.service.inspection.line':        '-    -        -         -      -          -     crwd  crwd    -  -   crwd    -',
    'property.service.inspection.template':    '-    -        -         -      r          r     r     crwd    -  -   crwd    -',
    'property.service.inspection.section':     '-    -        -         -      r          r     r     crwd    -  -   crwd    -',
    'property.service.inspection.item':        '-    -        -         -      r          r     r     crwd    -  -   crwd    -',
    'property.service.inspection.plan':        '-    -        -         -      -          -     r     crwd    -  -   crwd    -',
    'property.service.inspection.sample':      '-    -        -         -      -          -     crw   crwd    -  -   crwd    -',
    'property.service.inspection.step':        '-    -        -         -      -          -     crwd  c       -  -   c       -',
}


def get_examples(case, wizards):
    env = case.env
    action_vals = {'title': "Leaks again", 'unit_id': case.unit.id, 'category_id': case.own_category.id, 'team_id': case.team.id}
    action = env['property.service.corrective.action'].create(action_vals)
    step = {'step': 'cancel', 'action_ids': [Command.set(action.ids)]}
    template_vals = {'name': "Round", 'company_id': case.company.id, 'section_ids': [Command.create({
        'name': "Place", 'item_ids': [Command.create({'name': "Clean"})]})]}
    template, other = env['property.service.inspection.template'].create([template_vals, template_vals])
    section = template.section_ids
    inspection_vals = {'template_id': template.id, 'estate_id': case.estate.id, 'team_id': case.team.id}
    inspection = env['property.service.inspection'].create(inspection_vals)
    plan_vals = {'name': "Monthly", 'template_id': template.id, 'company_id': case.company.id, 'user_id': case.users['quality'].id}
    sample_vals = {'template_id': template.id, 'company_id': case.company.id}
    inspection_step = {'step': 'cancel', 'inspection_ids': [Command.set(inspection.ids)]}
    return {
        'property.service.corrective.action': (action, 'title', action_vals),
        'property.service.corrective.action.step': (
            wizards['property.service.corrective.action.step'].create(step), 'reason', step),
        'property.service.inspection': (inspection, 'note', inspection_vals),
        'property.service.inspection.line': (
            inspection.line_ids, 'note', {'inspection_id': inspection.id, 'item_id': other.section_ids.item_ids.id}),
        'property.service.inspection.template': (template, 'name', template_vals),
        'property.service.inspection.section': (section, 'name', {'name': "People", 'template_id': template.id}),
        'property.service.inspection.item': (section.item_ids, 'name', {'name': "Tidy", 'section_id': section.id}),
        'property.service.inspection.plan': (
            env['property.service.inspection.plan'].create(plan_vals), 'name', plan_vals),
        'property.service.inspection.sample': (
            env['property.service.inspection.sample'].create(sample_vals), 'name', sample_vals),
        'property.service.inspection.step': (
            wizards['property.service.inspection.step'].create(inspection_step), 'reason', inspection_step),
    }
