MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.broadcast':            '-      -        -         -      r          crw   crw   r       r  r   crwd    -',
    'property.service.broadcast.recipient':  '-      -        -         -      -          r     r     r       -  -   r       -',
}


def get_examples(case, wizards):
    env = case.env
    notice = {'title': "No water", 'body': "Until six.", 'estate_id': case.estate.id}
    broadcast = env['property.service.broadcast'].create(notice)
    line = {'broadcast_id': broadcast.id, 'partner_id': case.resident.id, 'name': "Zhang San", 'channel': 'mail'}
    return {
        'property.service.broadcast': (broadcast, 'title', notice),
        'property.service.broadcast.recipient': (env['property.service.broadcast.recipient'].create(line), 'phone', line),
    }
