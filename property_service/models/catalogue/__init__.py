from . import category, service_type, service_type_checklist, service_type_skill, team
