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
            'page_name': 'invoice_ask', 'invoice': invoice, 'form': form or {}, 'error': error, 'max_text': MAX_TEXT,
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
