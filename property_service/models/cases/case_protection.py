import base64
import binascii
from datetime import date, datetime, timezone

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain

_LARGEST_ID = 2**31 - 1
_RESIDENT_CONTEXT = ('lang', 'tz', 'allowed_company_ids')


class PropertyServiceCase(models.AbstractModel):
    """What a call from outside cannot do to cases.

    Every public method can be called over RPC by whoever has a login: with any ids, any context, and values of any type.
    """

    _inherit = 'property.service.case'

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create([self._without_nul(vals) for vals in vals_list])
        names = {name for vals in vals_list for name in vals}
        cases._check_linked_attachments(names, {})
        return cases

    def write(self, vals):
        known = {name: self.sudo()[name] for name in self._get_attachment_fields(vals)}  # sudo: compare only
        result = super().write(self._without_nul(vals))
        self._check_linked_attachments(vals, known)
        return result

    @api.model
    def default_get(self, fields):
        """Take no default for what only the workflow writes: neither a context nor a user's own default can forge it."""
        defaults = super().default_get(fields)
        if not self._is_system():
            for name in self._system_fields | {'state'}:
                if name in defaults:
                    default = self._fields[name].default
                    defaults[name] = default(self) if default else False
        return defaults

    @api.readonly
    def read(self, fields=None, load='_classic_read'):
        """To a resident, somebody else's case is as absent as one that does not exist."""
        if not self.env.su and not self.env.user._is_internal():
            self._check_visible()
        return super().read(fields, load)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Ask for the right to each field of the domain.

        The ORM asks only for stored fields: one with a search method of its own would tell residents what they cannot read.
        """
        if not self.env.su and not kwargs.get('bypass_access') and not self.env.user._is_internal():
            for condition in Domain(domain).iter_conditions():
                field = self._fields.get(condition.field_expr.partition('.')[0])
                if field:
                    self._check_field_access(field, 'read')
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _without_nul(self, vals):
        return {name: value.replace('\x00', '') if isinstance(value, str) else value for name, value in vals.items()}

    @api.model
    def _get_attachment_fields(self, names):
        fields = (self._fields.get(name) for name in names)
        return [field.name for field in fields if field and field.type == 'many2many' and field.comodel_name == 'ir.attachment']

    def _check_linked_attachments(self, names, known):
        """Refuse files that the user cannot open: linked to a case, they would be shown to everybody who sees it.

        :param names: names of the fields written
        :param dict known: {name of the field: files that were linked before}
        """
        if self.env.su:
            return
        for name in self._get_attachment_fields(names):
            files = self.sudo()[name] - known.get(name, self.env['ir.attachment'])  # sudo: the right is asked next
            files.sudo(False).check_access('read')

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        # This runs for each value that is read: a stored field of the user is faster than has_group().
        open_to_residents = self._portal_readable if operation == 'read' else self._portal_writable
        return field.name in open_to_residents or self.env.su or not self.env.user.share

    # ---- RECORDS ----

    def _check_visible(self):
        """Raise the same MissingError for ids that do not exist, that are no ids, and that the user may not see."""
        if all(type(id_) is int and 0 < id_ <= _LARGEST_ID for id_ in self._ids):
            try:
                if not self._check_access('read'):
                    return
            except MissingError:  # pylint: disable=except-pass
                pass  # answered below like a record that may not be seen
        if not self.env['ir.model.access'].check(self._name, 'read', raise_exception=False):
            raise AccessError(self.env._("You cannot do this."))
        raise MissingError(self.env._("This record does not exist."))

    @api.model
    def _as_resident_action(self):
        """Return the records as superuser, without what a client may have put into the context."""
        context = {key: self.env.context[key] for key in _RESIDENT_CONTEXT if key in self.env.context}
        return self.sudo().with_context(context)  # sudo: the caller has checked that it is a resident's own case

    # ---- ARGUMENTS ----

    @api.model
    def _browse_argument(self, model, value):
        """Return the one record of an id sent by a client.

        :param str model: its model
        :param value: what was sent
        :raises UserError: it is no id, or the record does not exist or may not be seen
        """
        record = self.env[model]
        if type(value) is int and 0 < value <= _LARGEST_ID:
            record = record.browse(value).exists()
            if self.env['ir.model.access'].check(model, 'read', raise_exception=False):
                record = record._filtered_access('read')
        if not record:
            raise UserError(self.env._(
                "%(model)s %(id)s does not exist.", model=self.env['ir.model']._get(model).name, id=value))
        return record

    @api.model
    def _clean_image(self, value):
        """Return an image as base64.

        :raises UserError: it is something else
        """
        try:
            base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise UserError(self.env._("An image is sent as base64.")) from error
        return value

    @api.model
    def _to_datetime(self, value):
        """Return a naive UTC datetime, False when there is none.

        :param value: datetime, date or ISO string; without a time zone it is UTC
        :raises UserError: it is something else
        """
        if value is None or value is False or value == '':
            return False
        try:
            if isinstance(value, str):
                value = datetime.fromisoformat(value.strip().replace('Z', '+00:00'))
            elif not isinstance(value, datetime):
                value = datetime(value.year, value.month, value.day) if isinstance(value, date) else datetime.fromisoformat(value)
            return (value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value).replace(microsecond=0)
        except (ValueError, TypeError, OverflowError) as error:
            raise UserError(self.env._("%(value)s is not a date and time.", value=value)) from error
