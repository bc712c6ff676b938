from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date

from ..models.cases.case_resident import MAX_TEXT
from ..models.cases.complaint_states import FINISHED_STATES, OPEN_STATES
from .case_pages import CasePages

COMPLAINT = 'property.service.complaint'
#: Bootstrap colours: an answer waits for the resident.
COMPLAINT_COLORS = {
    'new': 'light', 'answered': 'warning', 'closed': 'success', 'transferred': 'info',
    **dict.fromkeys(('registered', 'assigned', 'investigating', 'resolved'), 'primary'),
}
COMPLAINT_FIELDS = ['name', 'title', 'state', 'kind', 'unit_id', 'partner_id', 'create_date']
#: Until the answer is given the resident may take the matter back.
WITHDRAW_STATES = (*OPEN_STATES, 'resolved')


class PropertyServiceComplaintPage(CasePages):
    """"My complaints": complaints, suggestions and praise. Each step is a POST and calls what JSON-2 calls."""

    # ---- HOME ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'complaint_open_count' in counters:
            values['complaint_open_count'] = self._count_own_cases(COMPLAINT, Domain('state', 'in', OPEN_STATES))
        if 'complaint_answered_count' in counters:
            values['complaint_answered_count'] = self._count_own_cases(COMPLAINT, self._get_to_answer_domain())
        return values

    def _get_to_answer_domain(self):
        return Domain('state', '=', 'answered') & Domain('kind', '=', 'complaint')

    # ---- LIST ----

    def _get_complaint_filters(self):
        kinds = dict(request.env[COMPLAINT]._fields['kind']._description_selection(request.env))
        return {
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
            'open': {'label': request.env._("Open"), 'domain': Domain('state', 'in', OPEN_STATES)},
            'answered': {'label': request.env._("To Answer"), 'domain': self._get_to_answer_domain()},
            'over': {'label': request.env._("Finished"), 'domain': Domain('state', 'in', FINISHED_STATES)},
            **{kind: {'label': label, 'domain': Domain('kind', '=', kind)} for kind, label in kinds.items()},
        }

    @http.route(
        ['/my/complaints', '/my/complaints/page/<string:page>'], type='http', auth='user', methods=['GET'], website=True,
        readonly=True)
    def portal_complaints(self, info=None, **query):
        complaints, values = self._get_list_values(
            COMPLAINT, COMPLAINT_FIELDS, self._get_case_sortings(), self._get_complaint_filters(), self._get_case_inputs(), **query)
        return request.render('property_service.portal_my_complaints', {
            **values, 'page_name': 'complaints', 'rows': self._get_complaint_rows(complaints), 'sent_anonymously': info == 'anonymous'})

    def _get_complaint_rows(self, complaints):
        """Return what the list shows of each complaint, in a constant number of queries."""
        states = dict(complaints._fields['state']._description_selection(request.env))
        kinds = dict(complaints._fields['kind']._description_selection(request.env))
        return [{
            'url': f'/my/complaints/{complaint.id}', 'name': complaint.name, 'title': complaint.title,
            'date': format_date(request.env, fields.Datetime.context_timestamp(complaint, complaint.create_date)),
            'place': kinds[complaint.kind], 'state': states[complaint.state],
            'color': COMPLAINT_COLORS.get(complaint.state, 'secondary'),
        } for complaint in complaints]

    # ---- PAGE ----

    def _get_complaint_values(self, complaint, error=None, draft=None, info=None):
        """Return what the page's template needs; see ``CasePages._get_case_values``.

        :param str info: key of the message that a step has worked
        """
        infos = {
            'created': request.env._("Thank you. We have received it and will answer you."),
            'message': request.env._("Your message has been sent."),
            'chased': request.env._("We have told the person in charge that you are waiting."),
            'withdrawn': request.env._("You have taken it back."),
            'accepted': request.env._("Thank you. We are glad that it is settled."),
            'reopened': request.env._("We have noted that it is not settled and take it up again."),
            'photos': request.env._("Your photos have been added."),
        }
        values = self._get_case_values(complaint, error=error, draft=draft)
        first = complaint.partner_id == values['me']
        may_answer = values['may_write'] and complaint.state == 'answered' and complaint.kind == 'complaint'
        if not first:
            # what the first complainant wrote and showed says who that is
            values.update(may_add_photos=False)
        return {
            **values,
            'page_name': 'complaint',
            'complaint': complaint,
            'first': first,
            'state_label': dict(complaint._fields['state']._description_selection(request.env))[complaint.state],
            'state_color': COMPLAINT_COLORS.get(complaint.state, 'secondary'),
            'kind_label': dict(complaint._fields['kind']._description_selection(request.env))[complaint.kind],
            'reply': complaint.portal_reply,
            'info': infos.get(info),
            'may_accept': may_answer,
            'may_reopen': may_answer,
            'may_withdraw': values['may_write'] and first and complaint.state in WITHDRAW_STATES,
        }

    def _render_complaint(self, complaint, status=200, **kwargs):
        response = request.render('property_service.portal_complaint', self._get_complaint_values(complaint, **kwargs))
        response.status_code = status
        return response

    @http.route('/my/complaints/<int:complaint_id>', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_complaint(self, complaint_id, info=None, **_kwargs):
        return self._render_complaint(self._get_own_case(COMPLAINT, complaint_id), info=info)

    @http.route(
        '/my/complaints/<int:complaint_id>/file/<int:attachment_id>', type='http', auth='user', methods=['GET'], readonly=True)
    def portal_complaint_file(self, complaint_id, attachment_id, **_kwargs):
        """Serve a photo of the complaint or a file of its conversation, as long as the complaint may be seen."""
        complaint = self._get_own_case(COMPLAINT, complaint_id)
        files = self._get_visible_messages(complaint).attachment_ids
        if complaint.partner_id == request.env.user.partner_id:
            files |= complaint.attachment_ids
        return self._serve_file(files, attachment_id)

    # ---- STEPS ----

    def _run_complaint(self, complaint_id, info, step, post, check_version=False):
        """Take a step on an own complaint; see ``CasePages._run_step``."""
        return self._run_step(
            self._get_own_case(COMPLAINT, complaint_id), self._render_complaint, info, step, post, check_version=check_version)

    @http.route('/my/complaints/<int:complaint_id>/message', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_message(self, complaint_id, **post):
        return self._run_complaint(complaint_id, 'message', self._get_message_step(post), post)

    @http.route('/my/complaints/<int:complaint_id>/chase', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_chase(self, complaint_id, **post):
        return self._run_complaint(
            complaint_id, 'chased', lambda complaint: complaint.action_chase(message=post.get('chase_message')), post)

    @http.route('/my/complaints/<int:complaint_id>/accept', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_accept(self, complaint_id, **post):
        return self._run_complaint(
            complaint_id, 'accepted', lambda complaint: complaint.action_accept_answer(), post, check_version=True)

    @http.route('/my/complaints/<int:complaint_id>/reopen', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_reopen(self, complaint_id, **post):
        def reopen(complaint):
            reason = self._clean_text(post.get('reopen_reason'), MAX_TEXT)
            if not reason:
                raise UserError(request.env._("Please say what is not settled."))
            complaint.action_reopen(reason=reason)

        return self._run_complaint(complaint_id, 'reopened', reopen, post, check_version=True)

    @http.route('/my/complaints/<int:complaint_id>/withdraw', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_withdraw(self, complaint_id, **post):
        reason = self._clean_text(post.get('withdraw_reason'), MAX_TEXT)
        return self._run_complaint(
            complaint_id, 'withdrawn', lambda complaint: complaint.action_withdraw(reason=reason or None), post, check_version=True)

    @http.route('/my/complaints/<int:complaint_id>/photos', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_photos(self, complaint_id, **post):
        files = self._get_files('photos')
        return self._run_complaint(complaint_id, 'photos', lambda complaint: complaint._add_resident_photos(files), post)
