from odoo import Command

MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc  manager other
    'property.service.fee.answer':           '-      -        -         -      -          r     r     -       -  crwd r       -',
    'property.service.instalment':           '-      -        -         -      -          r     r     -       -  crwd r       -',
    'property.service.type.price':           '-      -        -         -      r          r     r     r       -  -    crwd    -',
    'property.service.charge':               '-      -        -         -      crwd       crwd  crwd  r       -  -    crwd    -',
    'property.service.receipt':              '-      -        -         -      -          cr    cr    -       -  cr   cr      -',
    'property.service.receipt.void':         '-      -        -         -      -          -     crwd  -       -  c    c       -',
    'property.service.cost.statement':       '-      -        -         -      -          -     -     -       -  crwd crwd    -',
    'property.service.cost.statement.line':  '-      -        -         -      -          -     -     -       -  crwd crwd    -',
    'property.service.cost.report':          '-      -        -         -      -          -     -     -       -  -    r       -',
}


def get_examples(case, wizards):
    env, company = case.env, {'company_id': case.company.id}
    answer = env['property.service.fee.answer'].create({'name': "Own Answer", 'body': "Dear {resident}", **company})
    query = case.make_request(type_id=case.fee_type.id)
    part = {'request_id': query.id, 'date_planned': '2026-12-01', 'amount': 10.0}
    washer, hour, pipe = env['product.product'].create([{'name': name, 'list_price': 10.0, **company} for name in ("Washer", "Hour", "Pipe")])
    price = {'type_id': case.own_type.id, 'product_id': washer.id, 'currency_id': case.company.currency_id.id}
    charge = {'request_id': case.started.id, 'product_id': hour.id}
    receipt = {'partner_id': case.resident.id, 'amount': 10.0, 'purpose': "Keys", **company}
    statement = {'name': "2026", 'estate_id': case.estate.id, 'date_from': '2026-01-01', 'date_to': '2026-12-31'}
    statement_record = env['property.service.cost.statement'].create(statement)
    line = {'statement_id': statement_record.id, 'name': "Cleaning", 'amount': 10.0}
    receipt_record = env['property.service.receipt'].create(receipt)
    void = {'receipt_ids': [Command.set(receipt_record.ids)], 'reason': "Wrong amount"}
    finished = case.make_request('in_progress', type_id=case.own_type.id)
    env['property.service.charge'].create({'request_id': finished.id, 'product_id': pipe.id})
    finished.checklist_ids.done = True
    finished.action_done(summary="Done.")
    env.flush_all()
    return {
        'property.service.fee.answer': (answer, 'name', {'name': "A", 'body': "B", **company}),
        'property.service.instalment': (env['property.service.instalment'].create(part), 'note', part),
        'property.service.type.price': (
            env['property.service.type.price'].create(price), 'quantity', {**price, 'product_id': pipe.id}),
        'property.service.charge': (env['property.service.charge'].create(charge), 'quantity', charge),
        'property.service.receipt': (receipt_record, 'note', receipt),
        'property.service.receipt.void': (wizards['property.service.receipt.void'].create(void), 'reason', void),
        'property.service.cost.statement': (statement_record, 'area', statement),
        'property.service.cost.statement.line': (env['property.service.cost.statement.line'].create(line), 'amount', line),
        'property.service.cost.report': (env['property.service.cost.report'].browse(finished.id), 'work_hours', {'work_hours': 1}),
    }
