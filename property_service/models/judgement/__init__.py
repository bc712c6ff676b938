from . import sources
from . import hr_conversation
from . import indicator
from . import scheme_part, scheme, scheme_line, scheme_band, scheme_rule
from . import scheme_scope
from . import cycle, cycle_calibration, cycle_compute
from . import unfinished
from . import assessment, assessment_line, assessment_evidence, assessment_peer
from . import assessment_manager, assessment_workflow, assessment_ask, assessment_points, assessment_words
from . import appeal, points, points_conduct, points_rule, improvement, career_grade
from . import assessment_turn
from . import assessment_appraisal, assessment_charts, assessment_export, hr_department, hr_employee, hr_employee_public, payroll_column
from . import res_company
