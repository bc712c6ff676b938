import math

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..models.cases.case_resident import MAX_TEXT
from .portal import PropertyServicePortal


class PropertyServiceMoney(PropertyServicePortal):
    """Bills, prices and receipts at the portal. The pages of invoices are core's; this adds the question about one."""

    # ---- ASK ABOUT A BILL ----

    def _get_own_invoice(self, invoice_id):
        """Return the user's own posted customer document with superuser rights.

        :raises NotFound: there is none of this id that is the user's own: no difference can be told
        """
        payer = request.env.user.partner_id.commercial_partner_id
        own = Domain('partner_id', 'child_of', payer.id) & Domain('state', '=', 'posted') & Domain(
            'move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')) & Domain(
            'company_id', 'in', request.env.companies.ids)
        invoice = request.env['account.move'].sudo().search(  # sudo: staff who live here ask, too; the domain says which
            own & Domain('id', '=', self._get_model()._to_id(invoice_id)), limit=1)
        if not invoice:
            raise NotFound
        return invoice

    def _get_ask_values(self, invoice, form=None, error=None):
        """Return what the form's template needs: the invoice, its lines, and what was filled in if the form comes back."""
        model, own = self._get_own()
        earlier = model.search(own & Domain('id', 'in', invoice.property_query_ids.ids), order='id desc')
        return {
            **self._prepare_portal_layout_values(),
            'page_name': 'invoice_ask', 'bill': invoice, 'form': form or {}, 'error': error, 'max_text': MAX_TEXT,
            'lines': invoice.invoice_line_ids.filtered(lambda line: line.display_type == 'product'),
            'earlier': [{'url': f'/my/services/{query.id}', 'name': query.name, 'title': query.title} for query in earlier.sudo()],  # sudo: own
        }

    @http.route('/my/invoices/<int:invoice_id>/ask', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_invoice_ask(self, invoice_id, **_kwargs):
        return request.render('property_service.portal_invoice_ask', self._get_ask_values(self._get_own_invoice(invoice_id)))

    @http.route('/my/invoices/<int:invoice_id>/ask', type='http', auth='user', methods=['POST'], website=True)
    def portal_invoice_ask_send(self, invoice_id, **post):
        """Make a fee query of the question; a refused form comes back as it was filled in."""
        invoice = self._get_own_invoice(invoice_id)
        line_ids = [self._get_model()._to_id(value) for value in request.httprequest.form.getlist('line_ids')]
        form = {
            'question': self._clean_text(post.get('question'), 2 * MAX_TEXT), 'line_ids': line_ids,
            'disputed': bool(post.get('disputed'))}
        try:
            with request.env.cr.savepoint():
                query = self._get_model()._ask_about_bill(
                    invoice, form['question'], line_ids=line_ids, disputed=form['disputed'])
        except UserError as error:
            response = request.render(
                'property_service.portal_invoice_ask', self._get_ask_values(invoice, form=form, error=str(error)))
            response.status_code = 422
            return response
        return request.redirect(f'/my/services/{query.id}?info=created', code=303)

    # ---- PRICE ----

    def _to_amount(self, value):
        try:
            return float(str(value or ''))
        except ValueError:
            return math.nan  # equals no price: refused as changed

    @http.route('/my/services/<int:request_id>/accept_price', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_accept_price(self, request_id, **post):
        """Accept the price that the page showed."""
        return self._run(
            request_id, 'price_accepted',
            lambda service: service.action_accept_price(amount=self._to_amount(post.get('amount'))), post)

    @http.route('/my/services/<int:request_id>/refuse_price', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_refuse_price(self, request_id, **post):
        reason = self._clean_text(post.get('refuse_reason'), MAX_TEXT)
        return self._run(request_id, 'price_refused', lambda service: service.action_refuse_price(reason=reason), post)

    # ---- SERVICE MENU ----

    @http.route('/my/services/menu', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_service_menu(self, **_kwargs):
        """The service menu 服务菜单: what is covered by the fee, what is paid for, and for how much."""
        menu = request.env['property.service.type']._get_menu(request.env.company)
        return request.render('property_service.portal_service_menu', {
            **self._prepare_portal_layout_values(), 'page_name': 'service_menu', 'menu': menu})

    # ---- RECEIPTS ----

    def _get_own_receipts(self, *conditions):
        """Return the user's own receipts with superuser rights, the newest first."""
        payer = request.env.user.partner_id
        own = Domain('partner_id', 'in', (payer | payer.commercial_partner_id).ids) & Domain('company_id', 'in', request.env.companies.ids)
        return request.env['property.service.receipt'].sudo().search(  # sudo: staff who live here read theirs, too; the domain says which
            Domain.AND([own, *conditions]), limit=200)

    @http.route('/my/receipts', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_receipts(self, **_kwargs):
        return request.render('property_service.portal_receipts', {
            **self._prepare_portal_layout_values(), 'page_name': 'receipts', 'receipts': self._get_own_receipts()._describe()})

    @http.route('/my/receipts/<int:receipt_id>', type='http', auth='user', methods=['GET'], website=True)
    def portal_receipt(self, receipt_id, **_kwargs):
        """Serve the receipt as PDF."""
        receipt = self._get_own_receipts(Domain('id', '=', self._get_model()._to_id(receipt_id)))
        if not receipt:
            raise NotFound
        Report = request.env['ir.actions.report'].sudo()  # sudo: residents print no reports; the receipt is their own
        content, _kind = Report._render_qweb_pdf('property_service.report_receipt', receipt.ids)
        return request.make_response(content, headers=[
            ('Content-Type', 'application/pdf'), ('Content-Length', len(content)), ('Cache-Control', 'private, no-store'),
            ('Content-Disposition', f'inline; filename="{receipt.name.replace("/", "-")}.pdf"')])

    # ---- MAKE-UP OF COST ----

    def _get_own_statements(self, *conditions):
        units = request.env.user.partner_id.sudo().unit_ids  # sudo: the user's own units
        Statement = request.env['property.service.cost.statement'].sudo()  # sudo: published to the residents of these units
        return Statement.search(Domain.AND([Statement._get_published_domain(units), *conditions]), limit=100)

    @http.route('/my/costs', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_costs(self, **_kwargs):
        rows = [{'url': f'/my/costs/{statement.id}', 'name': statement.name, 'estate': statement.estate_id.name}
                for statement in self._get_own_statements()]
        return request.render('property_service.portal_costs', {
            **self._prepare_portal_layout_values(), 'page_name': 'costs', 'rows': rows})

    @http.route('/my/costs/<int:statement_id>', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_cost(self, statement_id, **_kwargs):
        """What was spent on the estate of the resident, as released by the manager."""
        statement = self._get_own_statements(Domain('id', '=', self._get_model()._to_id(statement_id)))
        if not statement:
            raise NotFound
        return request.render('property_service.portal_cost', {
            **self._prepare_portal_layout_values(), 'page_name': 'cost', 'cost': statement._describe()})

    # ---- HOME ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'receipt_count' in counters:
            values['receipt_count'] = len(self._get_own_receipts())
        if 'cost_count' in counters:
            values['cost_count'] = len(self._get_own_statements())
        return values
