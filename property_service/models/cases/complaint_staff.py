from odoo import fields, models
from odoo.exceptions import UserError

from .case_resident import MAX_TEXT, MAX_TITLE


class PropertyServiceComplaint(models.Model):
    """What employees suggest 合理化建议 (R76): every internal user, whatever the role, and each is answered like a resident."""

    _inherit = 'property.service.complaint'

    suggested_by_id = fields.Many2one(
        'res.users', string="Suggested by Employee", readonly=True, copy=False, index='btree_not_null',
        help="A suggestion that an employee has made with the form for staff.")
    adoption = fields.Selection(
        [('adopted', "Adopted"), ('partly', "Adopted in Part"), ('declined', "Not Adopted")], tracking=True, copy=False,
        help="What became of the suggestion. Adopted suggestions of employees may bring points.")

    @property
    def _system_fields(self):
        return super()._system_fields | {'suggested_by_id'}

    def _create_by_staff(self, title, description, files=None):
        """Create a suggestion of the current user and return it with superuser rights.

        :param str title: in a few words
        :param str description: what should be done, and what for
        :param files: ir.attachment of the user
        :raises UserError: not an employee, a text is missing or too long
        """
        user = self.env.user
        if not user._is_internal():
            raise UserError(self.env._("This form is for employees."))
        title, description = (str(text or '').replace('\x00', '').strip() for text in (title, description))
        if not title or not description:
            raise UserError(self.env._("Say in a few words what the matter is."))
        if len(title) > MAX_TITLE or len(description) > MAX_TEXT:
            raise UserError(self.env._("%(field)s: at most %(limit)s characters.", field=self._fields['title']._description_string(
                self.env), limit=MAX_TITLE))
        employee = user.sudo().employee_id  # sudo: the own employee record
        return self.sudo()._as_system().create({  # sudo: every employee may suggest, few may write complaints
            'kind': 'suggestion', 'channel': 'other', 'title': title, 'description': description, 'suggested_by_id': user.id,
            'partner_id': user.partner_id.id, 'user_id': False, 'company_id': self.env.company.id,
            'contact_phone': employee.work_phone or employee.mobile_phone or user.partner_id.phone,
            'attachment_ids': files and [(6, 0, files.ids)],
        })
