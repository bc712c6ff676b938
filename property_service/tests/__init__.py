from . import test_request_hours, test_request_workflow
from . import test_callback, test_callback_rule, test_complaint, test_visit_plan
from . import test_clock, test_clock_calendar, test_clock_escalation, test_clock_recompute, test_clock_report, test_clock_views, test_sla_policy
from . import test_callback_workbench, test_complaint_entry
from . import test_broadcast, test_complaint_report, test_callback_races
from . import test_tools_flat_file, test_tools_phone, test_tools_ranking, test_working_time
from . import test_place_import, test_place_partner, test_place_residency, test_place_unit
from . import test_catalogue
from . import test_dispatch, test_appointment, test_technician, test_technician_tour, test_dispatch_tour
from . import test_access_matrix, test_case_protection
from . import test_portal_report, test_portal_pages, test_portal_steps, test_portal_tours, test_rating, test_mail
from . import test_agent_tour, test_intake, test_request_action, test_request_move, test_views
from . import test_survey_campaign, test_survey_answer, test_survey_results, test_survey_portal, test_survey_tour, test_tools_survey_statistics
from . import test_survey_staff
from . import test_ir_sequence, test_json2, test_performance, test_public_methods, test_races
from . import test_judgement_scoring, test_judgement_indicator
from . import test_judgement_cycle, test_judgement_privacy, test_judgement_charts, test_judgement_tour
from . import test_context_defaults, test_judgement_integrity, test_judgement_unfinished, test_judgement_leave
from . import test_judgement_words, test_judgement_races
from . import test_judgement_appraisal, test_judgement_report, test_judgement_people, test_judgement_turn
from . import test_judgement_demo, test_judgement_own, test_judgement_manager, test_judgement_payroll, test_conduct
from . import test_demo, test_story
from . import test_quality_corrective, test_quality_effect, test_quality_repeat, test_quality_clock
from . import test_inspection_tools, test_inspection, test_inspection_plan, test_inspection_link, test_inspection_tour, test_inspection_offline
from . import test_quality_standard, test_quality_risk, test_quality_meeting
from . import test_quality_tours
from . import test_portal_complaint, test_portal_answer, test_mail_threads
from . import test_clock_kinds
from . import test_complaint_tours, test_callback_tours
from . import test_money_fee, test_money_paid, test_money_receipt, test_money_cost
from . import test_money_edges, test_money_edges_paid, test_money_races, test_money_tours
from . import test_wallboard
from . import test_reply_letters
from . import test_first_day
