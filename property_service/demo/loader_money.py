"""Price lists, paid services, questions about bills, receipts and a published make-up of cost."""
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .photos import draw_photo

#: product -> ((English, Chinese), service or goods, price in CNY, cost, unit)
PRODUCTS = {
    'visit': (("Fee for Coming", "上门费"), 'service', 50, 0, 'unit'),
    'hour': (("Labour, Hour", "人工费（小时）"), 'service', 80, 0, 'hour'),
    'tap': (("Single-Lever Mixer", "单把混水龙头"), 'consu', 168, 96, 'unit'),
    'hose': (("Shower Hose 1.5 m", "花洒软管 1.5 米"), 'consu', 45, 18, 'unit'),
    'pipe': (("PPR Pipe 20 mm", "PPR 水管 20mm"), 'consu', 12, 5.5, 'meter'),
    'socket': (("Five-Hole Socket", "五孔插座"), 'consu', 22, 9, 'unit'),
    'cylinder': (("Lock Cylinder", "锁芯（C 级）"), 'consu', 180, 88, 'unit'),
    'cleaning': (("Air Conditioner Cleaning", "空调挂机清洗"), 'service', 120, 0, 'unit'),
    'membrane': (("Waterproof Coating", "防水涂料"), 'consu', 60, 26, 'unit'),
    'home': (("Housekeeping, Visit", "家政保洁（次）"), 'service', 180, 0, 'unit'),
    'door': (("Parcel to the Door", "快递送货上门"), 'service', 5, 0, 'unit'),
    'card': (("Access Card", "门禁卡工本费"), 'consu', 20, 6, 'unit'),
}
UNITS = {'unit': 'uom.product_uom_unit', 'hour': 'uom.product_uom_hour', 'meter': 'uom.product_uom_meter'}
#: service type -> (products on every request, products if needed, accepted first, days of warranty)
PRICES = {
    'toilet': ('visit', 'hour hose', True, 90), 'tap': ('visit', 'tap hose pipe', True, 90), 'socket': ('visit', 'socket', False, 90),
    'light': ('visit', 'hour', False, 30), 'lock': ('visit', 'cylinder', True, 180), 'aircon': ('cleaning', 'hour', True, 30),
    'waterproof': ('', 'membrane hour', True, 365), 'install': ('visit', 'hour', False, 0), 'housekeeping': ('home', '', False, 0),
    'parcel': ('', 'door', False, 0), 'access_card': ('', 'card', False, 0),
}
#: part of the costs of an estate, in its own words: ((English, Chinese), thousands of CNY)
COSTS = [
    (("Staff", "人员费用"), 486), (("Cleaning and Grounds", "清洁绿化"), 148), (("Lifts and Equipment", "电梯及设备维保"), 132),
    (("Energy of Common Areas", "公共能耗"), 117), (("Security", "秩序维护"), 96), (("Office and Insurance", "办公及保险"), 41),
]
INCOME = [(("Property Fees", "物业服务费收入"), 942), (("Parking", "停车费收入"), 118), (("Advertising in Lifts", "电梯广告收入"), 27)]


class MoneyLoader:
    """Plays paid services and fee queries on the loaded demo.

    :param loader: the DemoLoader with catalogue, residents, invoices and requests
    """

    def __init__(self, loader):
        self.loader = loader
        self.env = loader.env
        self.currency = self.env.ref('base.CNY')

    def load(self):
        """Load all of it; without a sales journal, what needs the books is left out."""
        self.load_guide()
        self.load_prices()
        self.load_statement()
        if self.loader.invoices:
            self.load_services()
            self.load_queries()
            self.load_receipts()

    def load_guide(self):
        """Say how bills are paid."""
        self.loader.company.property_payment_guide = (
            "Bank transfer: Property Service Ltd., account 6222 0000 1234 5678, with the number of the bill.\n"
            "In the portal: button Pay, where the bill shows it.\nCash desk in the service centre: daily from 9 to 17.")
        self.loader.translate(self.loader.company, property_payment_guide=(
            "银行转账：物业服务有限公司，账号 6222 0000 1234 5678，请注明账单编号。\n门户：账单上显示“立即支付”时可在线支付。\n"
            "服务中心收银台：每天 9:00–17:00。"))

    def load_prices(self):
        self.currency.active = True
        company = self.loader.company
        self.products = self.loader.make('product.product', {key: {
            'name': names[0], 'type': kind, 'list_price': self._convert(price), 'standard_price': self._convert(cost),
            'uom_id': self.env.ref(UNITS[unit]).id, 'default_code': f'PS-{self.loader.prefix}{key.upper()}', 'company_id': company.id,
            'taxes_id': [Command.clear()],
        } for key, (names, kind, price, cost, unit) in PRODUCTS.items()}, match='default_code')
        for key, (names, *_rest) in PRODUCTS.items():
            self.loader.translate(self.products[key], name=names[1])
        for code, (always, needed, accepted, days) in PRICES.items():
            service = self.loader.types[code]
            service.write({
                'requires_price_acceptance': accepted, 'warranty_days': days,
                'price_ids': [Command.create({
                    'product_id': self.products[key].id, 'included': key in always.split(), 'currency_id': self.currency.id,
                    'price_unit': PRODUCTS[key][2], 'sequence': sequence,
                }) for sequence, key in enumerate(always.split() + needed.split(), 1)]})
            for line in service.price_ids:
                names = PRODUCTS[next(key for key, product in self.products.items() if product == line.product_id)][0]
                self.loader.translate(line, name=names[1])
        for team, cost in (('engineering', 45), ('cleaning', 28), ('security', 30)):
            self.loader.teams[team].hourly_cost = self._convert(cost)

    def _convert(self, amount):
        """Return an amount in CNY in the currency of the company, which keeps its books in it."""
        company = self.loader.company
        return self.currency._convert(amount, company.currency_id, company, fields.Date.context_today(company))

    # ---- PAID SERVICES ----

    def load_services(self):
        """One price to accept, one job that waits for it, one finished and billed, one paid, one done again under warranty."""
        loader = self.loader
        unit = next(unit for _key, unit in sorted(
            ((residency.unit_id.id, residency.unit_id) for residency in loader.residents['resident'].residency_ids), key=lambda row: row[0]))
        resident = loader.residents['resident']
        offered = self._request('lock', resident, unit, ("Lock is stiff", "入户门锁不灵活"), 'cylinder', until='dispatched')
        offered.with_user(loader.users['agent']).with_company(loader.company).action_offer_price()
        self._request('waterproof', resident, unit, ("Damp spot above the bath", "主卫吊顶有渗水印"), 'membrane', quantity=4, until='approved')
        billed = self._request('aircon', resident, unit, ("Clean two air conditioners", "清洗两台挂机"), 'cleaning', until='done')
        paid = self._request('socket', resident, unit, ("Socket without power", "客厅插座没电"), 'socket', quantity=2, until='closed')
        self._request('socket', resident, unit, ("Same socket again", "同一插座又没电了"), until='dispatched')
        invoice = paid.document_ids
        if invoice:
            invoice.invoice_date = fields.Date.context_today(paid)
            invoice.action_post()
            self._pay(invoice)
        self.services = billed | paid

    def _request(self, code, resident, unit, title, product=None, quantity=1, until='dispatched'):
        loader = self.loader
        user = loader.users['agent']
        request = self.env['property.service.request'].with_user(user).with_company(loader.company).create({
            'title': loader.pick(title), 'type_id': loader.types[code].id, 'unit_id': unit.id, 'partner_id': resident.id, 'channel': 'phone'})
        if product:
            request.charge_ids = [Command.create({'product_id': self.products[product].id, 'quantity': quantity})]
        supervisor, worker = request.with_user(loader.users['supervisor']), request.with_user(loader.users['technician'])
        start = fields.Datetime.now() + timedelta(hours=3)
        steps = [
            ('registered', request.action_register),
            ('approved', lambda: request.state == 'registered' and supervisor.action_approve()),
            ('dispatched', lambda: (
                request.type_id.requires_appointment and request.action_confirm(start=start, end=start + timedelta(hours=1)),
                supervisor.action_dispatch(employee_id=loader.employees['technician'].id))),
            ('done', lambda: self._work(request, worker)),
            ('closed', lambda: (request.action_accept(signature=loader._sign(resident.name), signed_by=resident.name), request.action_close())),
        ]
        for state, step in steps:
            step()
            if state == until:
                break
        return request.with_env(self.env)

    def _work(self, request, worker):
        if request.requires_price_acceptance:
            request.action_offer_price()
            request.action_accept_price(note=self.loader.pick(("On the phone", "电话确认")))
        worker.action_start()
        worker.checklist_ids.write({'done': True})
        photos = [Command.create({'name': 'photo.png', 'raw': draw_photo(request.category_id.code, request.id % 5), 'mimetype': 'image/png'})]
        if request.type_id.requires_photo:
            request.sudo().write({'photo_before_ids': photos, 'photo_after_ids': photos})  # sudo: the demo takes the pictures
        end = fields.Datetime.now()
        worker.action_done(
            summary=self.loader.pick(("Done and tested.", "已完工并测试正常。")), start=end - timedelta(minutes=50), end=end)

    def _pay(self, invoice):
        bank = self.env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', self.loader.company.id)], limit=1)
        self.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoice.ids).create({
            'journal_id': bank.id})._create_payments()

    # ---- QUERIES ----

    def load_queries(self):
        """A new one with reminders held, one under way, one explained, one with a payment plan, one returned."""
        loader, pick = self.loader, self.loader.pick
        accountant = loader.users['accountant']
        texts = [
            ("Why is this quarter higher?", "这个季度的物业费为什么涨了？"), ("I have paid already.", "这笔费用我已经交过了。"),
            ("How is the area worked out?", "收费面积是怎么算的？"), ("Can I pay in parts?", "最近手头紧，能分期交吗？"),
            ("The flat was empty.", "房子一直空置，物业费能打折吗？"),
        ]
        unpaid = loader.invoices.filtered(lambda move: move.amount_residual)
        own = unpaid.filtered(lambda move: move.partner_id == loader.residents['resident'])
        chosen = (own | unpaid)[:len(texts)]
        service_type = self.env['property.service.request']._get_fee_type(loader.company)
        queries = self.env['property.service.request'].with_user(loader.users['agent']).with_company(loader.company).create([{
            'title': pick(title), 'description': pick(title), 'type_id': service_type.id, 'partner_id': move.partner_id.id,
            'unit_id': move.partner_id.unit_ids[:1].id, 'channel': 'portal' if move in own else 'phone',
        } for title, move in zip(texts, chosen)])
        for query, move in zip(queries.with_env(self.env), chosen):
            query.fee_move_ids = move
        if len(queries) < len(texts):
            return
        _new, taken, explained, planned, returned = queries.with_user(accountant).with_company(loader.company)
        queries[0].with_env(self.env).fee_hold = True
        taken.action_fee_take()
        explained.action_fee_answer(outcome='explained', summary=pick((
            "The area is that of your contract: the flat and its share of the stairs.", "收费面积按购房合同的建筑面积计算，含公摊面积。")))
        today, owed = fields.Date.context_today(planned), planned.fee_move_ids.amount_residual
        part = self.currency.round(owed / 3)
        planned.write({'instalment_ids': [Command.create({
            'date_planned': today + timedelta(days=30 * number), 'amount': amount,
        }) for number, amount in enumerate((part, part, owed - 2 * part), 1)]})
        planned.action_fee_answer(outcome='plan', summary=pick(("Three parts, the first in a month.", "可分三期支付，首期一个月后。")))
        returned.action_fee_answer(outcome='rejected', summary=pick(("Empty flats pay, too.", "空置房屋按规定不减免。")))
        returned.with_env(self.env).action_return(reason=pick(("The rules say 70 %.", "条例写的是按 70% 收取。")))

    def load_receipts(self):
        """Receipts of what was paid, one of them void."""
        paid = self.loader.invoices.filtered(lambda move: not move.amount_residual)[:6]
        Receipt = self.env['property.service.receipt'].with_user(self.loader.users['accountant']).with_company(self.loader.company)
        receipts = Receipt.create([{
            'partner_id': move.partner_id.id, 'move_id': move.id, 'currency_id': move.currency_id.id, 'amount': move.amount_total,
            'purpose': move.invoice_line_ids[:1].name, 'method': method,
        } for move, method in zip(paid, ('wechat', 'bank', 'cash', 'alipay', 'wechat', 'cash'))])
        receipts[:3].action_check()
        receipts[-1:].action_void(reason=self.loader.pick(("Wrong way of payment", "付款方式填错，重新开具")))
        service = self.services.document_ids.filtered(lambda move: move.payment_state in ('paid', 'in_payment'))[:1]
        if service:
            Receipt.create({
                'partner_id': service.partner_id.id, 'move_id': service.id, 'currency_id': service.currency_id.id, 'method': 'wechat',
                'amount': service.amount_total, 'kind': 'service', 'purpose': self.loader.pick(("Repair of sockets", "插座维修"))})

    # ---- COSTS ----

    def load_statement(self):
        """Last year's make-up of cost of the first estate, released by the manager."""
        estate = self.env['property.service.estate'].search([('company_id', '=', self.loader.company.id)], limit=1)
        year = fields.Date.context_today(estate).year - 1
        # the plan that Odoo comes with: a plan of its own would be a column of its own, which nobody takes away again
        plan = self.env['account.analytic.plan'].search([('parent_id', '=', False)], order='id', limit=1)
        for found in self.env['property.service.estate'].search([('company_id', '=', self.loader.company.id)]):
            found.analytic_account_id = found.analytic_account_id or self.env['account.analytic.account'].create({
                'name': self.loader.pick((found.name, found.with_context(lang='zh_CN').name)) if self.loader.chinese else found.name,
                'plan_id': plan.id, 'company_id': self.loader.company.id})
        statement = self.env['property.service.cost.statement'].create({
            'name': f"Make-up of Cost {year}", 'estate_id': estate.id, 'date_from': f'{year}-01-01', 'date_to': f'{year}-12-31',
            'currency_id': self.currency.id,
            'introduction': "What your property fee was spent on last year. The owners' committee has checked the books.",
            'line_ids': [Command.create({
                'kind': kind, 'sequence': sequence, 'name': names[0], 'amount': 1000.0 * amount,
            }) for first, kind, rows in ((1, 'cost', COSTS), (101, 'income', INCOME)) for sequence, (names, amount) in enumerate(rows, first)]})
        self.loader.translate(statement, name=f"{year} 年度物业服务成本构成", introduction="上年度物业费的使用情况。账目已经业主委员会审核。")
        for line, (names, _amount) in zip(statement.line_ids.sorted(lambda line: (line.kind, line.sequence)), COSTS + INCOME):
            self.loader.translate(line, name=names[1])
        statement.with_user(self.loader.users['manager']).with_company(self.loader.company).action_publish()
