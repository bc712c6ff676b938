from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .context_defaults import without_defaults

#: Only code in this process can hold this object: a context sent over RPC cannot forge it.
_STEP = object()


class PropertyServiceVersioned(models.AbstractModel):
    """What people are held to: written as a draft, put into force, and from then on only replaced by a next version (R67, R91)."""

    _name = 'property.service.versioned'
    _description = "Versioned Document"

    #: fields that never change once a version is in force
    _definition_fields = ()

    code = fields.Char(required=True, index=True)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    state = fields.Selection(
        [('draft', "Draft"), ('active', "In Force"), ('retired', "Retired")], required=True, default='draft', readonly=True, copy=False,
        index=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True)

    _version_unique = models.UniqueIndex("(code, version, COALESCE(company_id, 0))", "This version exists already.")

    @api.depends('name', 'version')
    def _compute_display_name(self):
        for record in self:
            version = "" if record.version == 1 else f" v{record.version}"
            record.display_name = f"{record.name or ''}{version}"

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Everything begins as a draft."""
        if not self._may_set_state() and any(vals.get('state', 'draft') != 'draft' for vals in vals_list):
            raise UserError(self.env._("The state is set by the buttons."))
        return super(PropertyServiceVersioned, without_defaults(self, {'state', 'version'})).create(vals_list)

    def write(self, vals):
        """What a version in force says never changes: figures published by it must stay explicable."""
        if not self._may_set_state():
            if 'state' in vals:
                raise UserError(self.env._("The state is set by the buttons."))
            self._check_definition(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy is another rule, with another code."""
        return [{**vals, 'code': (default or {}).get('code', f"{record.code}_copy")}
                for record, vals in zip(self, super().copy_data(default))]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(record.state != 'draft' for record in self):
            raise UserError(self.env._("What was in force stays on file: retire it instead."))

    def _may_set_state(self):
        return self.env.context.get('property_service_version_step') is _STEP or self.env.context.get('install_mode') and self.env.su

    def _check_definition(self, vals):
        names = vals.keys() & set(self._definition_fields)
        for record in self.filtered(lambda record: record.state != 'draft'):
            for name in names:
                field = record._fields[name]
                changed = field.type in ('one2many', 'many2many') or field.convert_to_write(record[name], record) != vals[name]
                if changed:
                    raise UserError(self.env._(
                        "%(rule)s is in force: make a new version to change it.", rule=record.display_name))

    # ---- ACTIONS ----

    def action_activate(self):
        """Put drafts into force."""
        self.check_access('write')
        for record in self:
            if record.state != 'draft':
                raise UserError(self.env._("%(rule)s is no draft.", rule=record.display_name))
        self._check_before_active()
        self._set_state('active')
        return True

    def action_retire(self):
        """Take rules out of use; what was published by them stays."""
        self.check_access('write')
        self._set_state('retired')
        return True

    def action_new_version(self):
        """Make the next version as a draft and return the act_window that opens it."""
        self.ensure_one()
        self.check_access('write')
        latest = self.with_context(active_test=False).search(
            [('code', '=', self.code), ('company_id', '=', self.company_id.id)], order='version desc', limit=1)
        following = self.copy({'code': self.code, 'version': latest.version + 1, **self._get_version_defaults()})
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': following.id, 'view_mode': 'form'}

    def _check_before_active(self):
        """Raise UserError when a draft is not complete."""

    def _get_version_defaults(self):
        """Return values in which a new version differs from the old one."""
        return {}

    def _as_step(self):
        """Return the records in an environment that may write what only the steps write. Access rights stay."""
        return self.with_context(property_service_version_step=_STEP)

    def _set_state(self, state, **vals):
        self._as_step().write({'state': state, **vals})

    @api.model
    def _next_month(self):
        return fields.Date.context_today(self).replace(day=1) + relativedelta(months=1)
