from . import service_price, service_type, team
from . import fee_answer, instalment
from . import request_fee, request_fee_plan, request_fee_card, request_fee_links, request_portal_money
from . import charge, request_charge, request_price, request_invoice
from . import account_move, account_move_line, account_move_reversal, account_invoice_report
from . import receipt, request_receipt, cost_statement, complaint
from . import estate, res_company, res_partner, unit
