import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import is_html_empty

_logger = logging.getLogger(__name__)

#: Who approves documents and puts them into force.
APPROVERS = 'property_service.group_quality,property_service.group_manager'
#: How long before a review its owner is reminded.
REMIND_DAYS = 30


class PropertyServiceStandard(models.Model):
    """From draft to force to retirement, and the yearly review (R67, R68)."""

    _inherit = 'property.service.standard'

    # ---- STEPS ----

    def action_approve(self, effective_date=None):
        """Approve drafts: from their date on they are in force, and what points to the version before points to them.

        :param effective_date: date or its ISO text; default: what stands on the record, else today
        :raises UserError: something is missing, or representatives' comments wait for an answer
        """
        self._check_approver()
        today = self.env.company._property_today()
        date = self.env['property.service.request']._to_slot_day(effective_date)
        for standard in self:
            if standard.state != 'draft' or standard.approved_at:
                raise UserError(self.env._("%(standard)s is no draft that waits for approval.", standard=standard.display_name))
        self._check_before_active()
        for standard in self:
            standard._as_step().write({
                'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now(),
                'effective_date': date or max(standard.effective_date or today, today)})
        self.filtered(lambda standard: standard.effective_date <= today)._put_in_force()
        later = self.filtered('is_approved')
        if later:
            cron = self.env.ref('property_service.cron_standards').sudo()  # sudo: wakes the cron on the day
            for date in set(later.mapped('effective_date')):
                cron._trigger(at=fields.Datetime.to_datetime(date))
        return True

    def action_activate(self):
        """Same as :meth:`action_approve`: there is no force without an approval."""
        return self.action_approve()

    def action_take_back(self):
        """Take back the approval of versions that are not in force yet, to change them."""
        self._check_approver()
        for standard in self:
            if not standard.is_approved:
                raise UserError(self.env._("%(standard)s is in force or not approved.", standard=standard.display_name))
        self._as_step().write({'approved_by_id': False, 'approved_at': False})
        return True

    def action_retire(self):
        """Take documents out of force without a next version: nothing points to them any more, old cases still do."""
        self._check_approver()
        for standard in self:
            if standard.state != 'active':
                raise UserError(self.env._("%(standard)s is not in force.", standard=standard.display_name))
        self._retire()
        self._point_to(self.browse())
        return True

    def action_new_version(self):
        """Draft the next version, or return to the one being drafted."""
        self.ensure_one()
        self._check_approver()
        draft = self.search([('code', '=', self.code), ('company_id', '=', self.company_id.id), ('state', '=', 'draft')], limit=1)
        return draft._open_form() if draft else super().action_new_version()

    def action_confirm_review(self):
        """The document is right as it stands: its next review is due in a year, or whatever its interval is."""
        self._check_approver()
        today = self.env.company._property_today()
        for standard in self:
            if standard.state != 'active':
                raise UserError(self.env._("%(standard)s is not in force.", standard=standard.display_name))
            standard.review_date = self._get_review_date(today, standard.review_months)
            standard.message_post(body=self.env._("Reviewed: right as it stands. Next review: %(date)s.", date=standard.review_date or "–"))
        self.activity_unlink(['property_service.mail_activity_type_standard_review'])
        return True

    # ---- RULES ----

    def _check_approver(self):
        if not self.env.su and not self.env.user.has_groups(APPROVERS):
            raise AccessError(self.env._("Standards are approved by quality and managers."))
        self.check_access('write')

    def _check_before_active(self):
        today = self.env.company._property_today()
        for standard in self:
            missing = [
                label for label, there in (
                    (self.env._("text or attachment"), standard.attachment_ids or not is_html_empty(standard.body)),
                    (self.env._("owner"), standard.owner_id),
                    (self.env._("what has changed"), standard.version == 1 or standard.change_note),
                ) if not there]
            if missing:
                raise UserError(self.env._(
                    "%(standard)s cannot be approved yet. Missing: %(fields)s.", standard=standard.display_name, fields=", ".join(missing)))
            if standard.invited_at and standard.comment_until and standard.comment_until >= today:
                raise UserError(self.env._(
                    "Representatives may comment on %(standard)s until %(date)s.", standard=standard.display_name,
                    date=standard.comment_until))
            if standard.comment_ids.filtered(lambda comment: not comment.verdict):
                raise UserError(self.env._(
                    "Answer the comments on %(standard)s first: each says whether it was taken up.", standard=standard.display_name))

    # ---- FORCE ----

    def _put_in_force(self):
        """Put approved versions into force in place of the versions before them."""
        for standard in self:
            previous = standard._get_previous()
            if previous.version > standard.version:
                raise UserError(self.env._("A later version of %(standard)s is in force.", standard=standard.display_name))
            previous._retire()
            previous.flush_recordset(['state'])  # one version is in force at a time: the index sees the old one leave first
            standard._set_state(
                'active', review_date=standard.review_date or self._get_review_date(standard.effective_date, standard.review_months))
            previous._point_to(standard)
            standard._message_log(body=self.env._("In force from %(date)s.", date=standard.effective_date))
        self._plan_readings()

    def _retire(self):
        self._set_state('retired', retired_on=self.env.company._property_today())
        self.activity_unlink(['property_service.mail_activity_type_standard_review'])
        self._drop_readings()

    @api.model
    def _get_pointing_fields(self):
        """Return {model: field} of what points to the version in force; areas add theirs by ``_inherit``."""
        return {}

    def _point_to(self, successor):
        """Let whatever points to these versions point to ``successor``."""
        if not self:
            return
        for model, name in self._get_pointing_fields().items():
            Model = self.env[model].sudo().with_context(active_test=False)  # sudo: the version moves, whoever keeps the catalogue
            pointing = Model.search([(name, 'in', self.ids)])
            if pointing:
                pointing.write({name: successor.id})

    # ---- CRON ----

    @api.model
    def _cron_standards(self):
        """Put into force what is due, keep the lists of readers complete, remind owners of reviews. One that fails stops no other."""
        today = self.env.company._property_today()
        waiting = Domain('state', '=', 'draft') & Domain('approved_at', '!=', False) & Domain('effective_date', '<=', today)
        remind = Domain('state', '=', 'active') & Domain('review_date', '<=', today + relativedelta(days=REMIND_DAYS)) \
            & self._get_unreminded_domain()
        jobs = [
            (standard, '_put_in_force') for standard in self.search(waiting, order='version, id')] + [
            (standard, '_remind_of_review') for standard in self.search(remind)]
        audience = self.search([('state', '=', 'active'), ('has_audience', '=', True)])
        jobs.append((audience, '_plan_readings'))
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=len(jobs))
        for standards, method in jobs:
            try:
                with self.env.cr.savepoint():
                    getattr(standards, method)()
            except Exception:
                _logger.exception("Standards %s: %s", standards.ids, method)
            if not commit(1):
                break

    @api.model
    def _get_unreminded_domain(self):
        """Owners are reminded once of each review: the date it was for is kept."""
        done = self.search([('state', '=', 'active'), ('reminded_for', '!=', False)])
        return Domain('id', 'not in', done.filtered(lambda standard: standard.reminded_for == standard.review_date).ids)

    def _remind_of_review(self):
        for standard in self:
            user = standard.sudo().owner_id.user_id  # sudo: employees' users
            if not user:
                user = self._get_quality_users(standard.company_id)[:1]
            if user:
                localized = standard.with_context(lang=user.lang)
                localized.activity_schedule(
                    'property_service.mail_activity_type_standard_review', user_id=user.id, date_deadline=standard.review_date,
                    summary=localized.env._("Review the standard: is it still right?"))
            standard._as_step().reminded_for = standard.review_date

    @api.model
    def _get_quality_users(self, company):
        """Return the active users of the quality role, of the company where there is one."""
        quality = self.env.ref('property_service.group_quality').sudo().all_user_ids  # sudo: members of a group
        return quality.filtered(lambda user: user.active and (not company or company in user.company_ids))

    # ---- HELPERS ----

    def _open_form(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form', 'views': [(False, 'form')],
        }

    def _draft_from(self, action, name=None):
        """Return the draft that makes a corrective action's measure the standard (R69): the next version of this one, or a new document.

        :param action: the corrective action
        :param str name: of a new document; default: the action's title
        """
        values = {'origin_action_id': action.id}
        if not self:
            return self._as_step().create({
                'name': name or action.title, 'company_id': action.company_id.id, 'owner_id': action.responsible_id.id,
                'category_ids': [Command.set(action.category_id.ids)], 'body': action._get_standard_text(), **values}).with_env(self.env)
        self.ensure_one()
        draft = self.browse(self.action_new_version()['res_id'])
        draft.write({
            'body': (draft.body or '') + action._get_standard_text(),
            'change_note': "\n".join(filter(None, (draft.change_note, self.env._("From %(action)s", action=action.display_name))))})
        draft._as_step().write(values)
        return draft
