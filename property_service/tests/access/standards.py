from odoo import fields
from odoo.fields import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.standard':              '-    r        -         -      r          r     r     crwd    r  r   crwd    -',
    'property.service.standard.comment':      '-    r        -         -      -          -     -     rw      -  -   rw      -',
    'property.service.standard.reading':      '-    -        -         -      r          -     r     r       -  -   r       -',
    'property.service.standard.promote':      '-    -        -         -      -          -     -     crwd    -  -   c       -',
    'property.service.risk':                  '-    -        -         -      r          r     crw   crwd    -  -   crwd    -',
    'property.service.risk.drill':            '-    -        -         -      r          r     crw   crwd    -  -   crwd    -',
    'property.service.quality.meeting':       '-    -        -         -      -          -     r     crwd    -  -   crwd    -',
    'property.service.quality.meeting.line':  '-    -        -         -      -          -     r     crwd    -  -   crwd    -',
    'property.service.quality.decision':      '-    -        -         -      -          -     r     crwd    -  -   crwd    -',
    'property.service.process.review':        '-    -        -         -      -          -     r     crwd    -  -   crwd    -',
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
    company = {'company_id': case.company.id}
    risk_vals = {'name': "Own Risk", **company, 'owner_id': case.leader.id}
    risk = env['property.service.risk'].create(risk_vals)
    drill_vals = {'risk_id': risk.id, 'date': fields.Date.today()}
    meeting_vals = {'title': "Own Meeting", **company}
    meeting = env['property.service.quality.meeting'].create(meeting_vals)
    line_vals = {'meeting_id': meeting.id, 'name': "Own Topic"}
    decision_vals = {'meeting_id': meeting.id, 'name': "Own Decision"}
    review_vals = {'title': "Own Review", **company}
    return {
        'property.service.risk': (risk, 'name', risk_vals),
        'property.service.risk.drill': (env['property.service.risk.drill'].create(drill_vals), 'scenario', drill_vals),
        'property.service.quality.meeting': (meeting, 'place', meeting_vals),
        'property.service.quality.meeting.line': (
            env['property.service.quality.meeting.line'].create(line_vals), 'note', line_vals),
        'property.service.quality.decision': (env['property.service.quality.decision'].create(decision_vals), 'name', decision_vals),
        'property.service.process.review': (env['property.service.process.review'].create(review_vals), 'scope', review_vals),
        'property.service.standard': (standard, 'read_days', vals),
        'property.service.standard.comment': (comment, 'answer', comment_vals),
        'property.service.standard.reading': (standard.reading_ids, 'due_date', {
            'standard_id': standard.id, 'employee_id': case.leader.id}),
        'property.service.standard.promote': (promote, 'name', promote_vals),
    }
