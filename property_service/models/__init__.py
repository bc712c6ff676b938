from . import place, catalogue, clock, cases
from . import hr_employee, ir_sequence, res_company, res_config_settings, res_partner
