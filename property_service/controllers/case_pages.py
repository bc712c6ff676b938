from datetime import timedelta

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import AccessError, LockError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.cases.case_files import DOCUMENT_TYPES, MAX_PHOTOS, PHOTO_TYPES
from ..models.cases.case_resident import MAX_TEXT

MAX_SEARCH = 100


class CasePages(CustomerPortal):
    """What the portal pages of all kinds of cases share: whose cases, list, page, steps, files.

    Everything in an address or a form comes from outside: what cannot be understood counts as not given, what is not the
    resident's own counts as absent. Odoo makes one class of all controllers of the portal: what differs from kind to kind is
    handed over as an argument, never overridden.
    """

    # ---- INPUT ----

    def _clean_text(self, value, limit):
        return str(value or '').replace('\x00', '').strip()[:limit]

    def _to_page(self, page):
        page = str(page)
        return int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1

    def _get_files(self, name):
        return [(file.filename, file.read()) for file in request.httprequest.files.getlist(name) if file and file.filename]

    # ---- WHOSE CASES ----

    def _get_own_cases(self, model_name):
        """Return (model, domain) of the user's own cases: residents search under the record rule, which ends with the residency;
        the wider rules of staff who live here are narrowed to what residents see."""
        model = request.env[model_name]
        if request.env.user._is_internal() or model._shared_by_residents:
            return model.sudo(), model._get_own_domain() & Domain(  # sudo: staff without a role; the domain says which
                'company_id', 'in', request.env.companies.ids)
        return model, Domain('partner_id', '=', request.env.user.partner_id.id)

    def _get_own_case(self, model_name, case_id):
        """Return the user's own case for reading its page, with superuser rights.

        :raises NotFound: it does not exist, or is not the user's own, or may no longer be seen: no difference can be told
        """
        model, own = self._get_own_cases(model_name)
        found = model.search(Domain('id', '=', model._to_id(case_id)) & own, limit=1)
        if not found:
            raise NotFound
        return found.sudo()  # sudo: the page shows names of unit and worker; found among the own ones

    def _search_own_cases(self, model_name, domain, field_names, **kwargs):
        model, own = self._get_own_cases(model_name)
        return model.search_fetch(domain & own, field_names, **kwargs).sudo()  # sudo: to show names of units and the like

    def _count_own_cases(self, model_name, domain):
        model, own = self._get_own_cases(model_name)
        return model.search_count(domain & own)

    # ---- LIST ----

    def _get_case_sortings(self):
        return {
            'new': {'label': request.env._("Newest"), 'order': 'id desc'},
            'old': {'label': request.env._("Oldest"), 'order': 'id'},
            'changed': {'label': request.env._("Last Change"), 'order': 'write_date desc, id desc'},
            'state': {'label': request.env._("State"), 'order': 'state, id desc'},
        }

    def _get_case_inputs(self):
        return {
            'all': {'input': 'all', 'label': request.env._("Search in All"), 'fields': ('name', 'title', 'description')},
            'name': {'input': 'name', 'label': request.env._("Search in Number"), 'fields': ('name',)},
            'title': {'input': 'title', 'label': request.env._("Search in Title"), 'fields': ('title',)},
        }

    def _get_list_values(self, model_name, field_names, sortings, filters, inputs, **query):
        """Return (cases, values of the list's template).

        :param dict sortings, filters, inputs: what the page offers, as core's search bar takes them
        :param query: page, sortby, filterby, search_in, search as they came
        """
        url = request.env[model_name]._portal_path
        sortby = query.get('sortby') if query.get('sortby') in sortings else 'new'
        filterby = query.get('filterby') if query.get('filterby') in filters else 'all'
        search_in = query.get('search_in') if query.get('search_in') in inputs else 'all'
        search = self._clean_text(query.get('search'), MAX_SEARCH)
        domain = filters[filterby]['domain']
        if search:
            domain &= Domain.OR(Domain(name, 'ilike', search) for name in inputs[search_in]['fields'])
        pager = portal_pager(
            url=url, total=self._count_own_cases(model_name, domain), page=self._to_page(query.get('page')),
            step=self._items_per_page,
            url_args={'sortby': sortby, 'filterby': filterby, 'search_in': search_in, 'search': search})
        cases = self._search_own_cases(
            model_name, domain, field_names, order=sortings[sortby]['order'], limit=self._items_per_page, offset=pager['offset'])
        return cases, {
            **self._prepare_portal_layout_values(),
            'pager': pager,
            'default_url': url,
            'searchbar_sortings': sortings, 'sortby': sortby,
            'searchbar_filters': filters, 'filterby': filterby,
            'searchbar_inputs': inputs, 'search_in': search_in, 'search': search,
        }

    # ---- PAGE ----

    def _get_version(self, case):
        """Return what the page's forms send back: if it has changed meanwhile, the resident decided on an old picture."""
        return case.write_date.isoformat() if case.write_date else ''

    def _get_case_values(self, case, error=None, draft=None):
        """Return what the templates of a case's page need.

        :param case: the case with superuser rights
        :param str error: why a step was refused
        :param dict draft: what was filled in with it
        """
        may_act = not request.env.user._is_internal()
        pause = timedelta(minutes=case.company_id.property_chase_minutes)
        next_chase = case.last_chased_at and case.last_chased_at + pause
        files = len(case.attachment_ids)
        return {
            **self._prepare_portal_layout_values(),
            'case': case,
            'me': request.env.user.partner_id,
            'timeline': case.get_timeline(),
            'milestones': case._get_milestones(),
            'messages': self._get_visible_messages(case),
            'timezone': case._get_mail_timezone(),
            'version': self._get_version(case),
            'error': error,
            'draft': draft or {},
            'open_step': request.httprequest.path.rsplit('/', 1)[-1] if error else '',
            'may_write': may_act,
            'may_chase': may_act and case._get_worked_case().state in case._open_states,
            'next_chase': next_chase if next_chase and next_chase > fields.Datetime.now() else False,
            'may_add_photos': may_act and case.state not in case._finished_states and files < MAX_PHOTOS,
            'max_text': MAX_TEXT,
            'max_photos': MAX_PHOTOS - files, 'max_megabytes': request.env.company.property_upload_mb,
            'photo_types': ','.join(PHOTO_TYPES), 'file_types': ','.join([*PHOTO_TYPES, *DOCUMENT_TYPES]),
        }

    def _get_visible_messages(self, case):
        """Return the conversation: comments by the resident and by staff, newest first; never notes, never other people's."""
        comment_id = request.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment')
        domain = Domain('model', '=', case._name) & Domain('res_id', '=', case.id) & Domain(
            'subtype_id', '=', comment_id) & Domain('message_type', 'in', ('comment', 'email')) & Domain(
            'is_internal', '=', False)
        Message = request.env['mail.message'].sudo()  # sudo: to tell staff from other people
        messages = Message.search(domain, order='id desc', limit=200)
        return messages.filtered(lambda message: message.author_id and (
            message.author_id == request.env.user.partner_id or not message.author_id.partner_share))

    # ---- STEPS ----

    def _run_step(self, case, render, info, step, post, check_version=False):
        """Take a step on an own case and go back to its page; a refusal shows the page with what was filled in.

        :param case: the case with superuser rights
        :param render: function(case, status=, error=, draft=) that returns the page
        :param str info: key of the message that it worked, or a function of the case
        :param step: function of the case in the user's own environment
        :param bool check_version: answer 409 when the case has changed since the page was opened
        """
        draft = {key: self._clean_text(value, 2 * MAX_TEXT) for key, value in post.items() if isinstance(value, str)}
        if check_version and post.get('version') != self._get_version(case):
            return render(case, status=409, draft=draft, error=request.env._(
                "The request has changed while you had this page open. Please look at it again, then decide. "
                "Nothing you wrote is lost."))
        try:
            with request.env.cr.savepoint():
                step(case.sudo(False))
        except LockError:
            return render(case, status=409, draft=draft, error=request.env._(
                "Somebody is changing the request at this moment. Please try again."))
        except (AccessError, MissingError) as error:
            raise NotFound from error
        except UserError as error:
            return render(case, status=422, draft=draft, error=str(error))
        info = info(case) if callable(info) else info
        return request.redirect(f'{case.access_url}?info={info}', code=303)

    def _get_message_step(self, post):
        """Return the step that posts what the resident wrote."""
        files = self._get_files('files')

        def post_message(case):
            text = self._clean_text(post.get('message'), 2 * MAX_TEXT)
            if len(text) > MAX_TEXT:
                raise UserError(request.env._("Messages have at most %(limit)s characters.", limit=MAX_TEXT))
            case._post_resident_message(text, files)

        return post_message

    # ---- FILES ----

    def _serve_file(self, files, attachment_id):
        """Serve one of the visible ``files``, pictures in the page and everything else as a download."""
        attachment = files.filtered(lambda file: file.id == attachment_id)
        if not attachment:
            raise NotFound
        binary = request.env['ir.binary'].sudo()  # sudo: residents cannot read attachments; this one is among the visible
        stream = binary._get_stream_from(attachment)
        response = stream.get_response(as_attachment=not (attachment.mimetype or '').startswith('image/'))
        response.headers['Cache-Control'] = 'private, no-store'
        return response
