from odoo import fields
from odoo.fields import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.standard':              '-    r        -         -      r          r     r     crwd    r  r   crwd    -',
    'property.service.standard.comment':      '-    r        -         -      -          -     -     rw      -  -   rw      -',
    'property.service.standard.reading':      '-    -        -         -      r          -     r     r       -  -   r       -',
    'property.service.standard.promote':      '-    -        -         -      -          -     -     crwd    -  -   c       -',
}


def get_examples(case, wizards):
    """The flat's owner is the representative who was invited, and so was the tenant who has moved out; the technician reads it."""
    env = case.env
    vals = {'name': "Own Standard", 'company_id': case.company.id, 'body': "<p>Close the valve first.</p>"}
    standard = env['property.service.standard'].create({
        **vals, 'owner_id': case.outsider.id, 'reader_employee_ids': [Command.set(case.worker.ids)],
        'comment_partner_ids': [Command.set((case.resident | case.former).ids)],
        'comment_until': fields.Date.add(fields.Date.today(), days=3)})
    standard.action_invite()
    standard.comment_until = False
    standard.action_approve()
    # a comment of the draft that comes next: those of the version in force stand
    draft = standard.browse(standard.action_new_version()['res_id'])
    comment_vals = {'standard_id': draft.id, 'partner_id': case.resident.id, 'body': "And the meter?"}
    comment = env['property.service.standard.comment'].create(comment_vals)
    action = env['property.service.corrective.action'].create({'title': "Leaks again", 'company_id': case.company.id})
    promote_vals = {'action_id': action.id, 'target': 'new', 'name': "New"}
    promote = env['property.service.standard.promote'].with_user(case.users['quality']).create(promote_vals)
    return {
        'property.service.standard': (standard, 'read_days', vals),
        'property.service.standard.comment': (comment, 'answer', comment_vals),
        'property.service.standard.reading': (standard.reading_ids, 'due_date', {
            'standard_id': standard.id, 'employee_id': case.leader.id}),
        'property.service.standard.promote': (promote, 'name', promote_vals),
    }
