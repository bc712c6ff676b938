from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.corrective.action':      '-    -        -         -      r          r     crw   crw     -  -   crwd    -',
    'property.service.corrective.action.step': '-    -        -         -      c          c     crwd  c       -  -   c       -',
}


def get_examples(case, wizards):
    env = case.env
    action_vals = {'title': "Leaks again", 'unit_id': case.unit.id, 'category_id': case.own_category.id, 'team_id': case.team.id}
    action = env['property.service.corrective.action'].create(action_vals)
    step = {'step': 'cancel', 'action_ids': [Command.set(action.ids)]}
    return {
        'property.service.corrective.action': (action, 'title', action_vals),
        'property.service.corrective.action.step': (
            wizards['property.service.corrective.action.step'].create(step), 'reason', step),
    }
