from odoo import models
from odoo.exceptions import UserError


class PropertyServiceRequest(models.Model):
    """Who does the work: ranking, assignment, automatic dispatch (R5, R6)."""

    _inherit = 'property.service.request'

    def _dispatch_to(self, employee):
        """Assign ``employee`` and move the requests to ``dispatched``.

        :raises UserError: the employee does not exist or belongs to another company
        """
        employee = employee.exists()
        if not employee or (employee.company_id and any(r.company_id != employee.company_id for r in self)):
            raise UserError(self.env._("Choose an employee of the company of the request."))
        self._set_state('dispatched', employee_id=employee.id)

    def _auto_dispatch(self):
        """Dispatch, where the team wants it, what is ready to the first-ranked employee."""

    def _open_dispatch_wizard(self):
        """Return the act_window of the dispatch wizard with the ranked proposal."""
        return self._open_action_wizard('dispatch')
