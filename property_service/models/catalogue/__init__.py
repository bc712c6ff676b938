from . import category, conduct_rule, service_type, service_type_checklist, service_type_skill, team, team_member
