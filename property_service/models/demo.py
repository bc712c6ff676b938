from odoo import api, models


class PropertyServiceDemo(models.AbstractModel):
    """Door for the demo data's XML to the generator in ``demo/``, which is not imported otherwise."""

    _name = 'property.service.demo'
    _description = "Property Service Demo"

    @api.model
    def _load(self):
        """Create estates, staff, residents, catalogue and three months of requests in the main company."""
        from ..demo.loader import load  # only databases with demo data need it
        load(self.env, company=self.env.ref('base.main_company'))
