from . import employee_lists, portal_fields, versioned, workflow
from . import answer_link
from . import mail_template, mail_thread
from . import place, catalogue, clock, cases
from . import money
from . import judgement
from . import quality
from . import voice
from . import demo, hr_employee, ir_http, ir_sequence, ir_ui_menu, mail_message, rating_rating, res_company, res_config_settings, res_partner
