from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, plaintext2html

from .complaint_states import CLOSED_STATES

_lt = LazyTranslate(__name__)

#: What makes two complaints of one category the same pattern.
PATTERNS = ('unit_id', 'building_id', 'team_id', 'about_employee_id')


class PropertyServiceComplaint(models.Model):
    """Repeated problems: N complaints of one category on one unit, building, team or employee within M days (R29)."""

    _inherit = 'property.service.complaint'

    @api.model
    def _get_repeat_domain(self, company):
        """Return the Domain of the complaints that count for repeated problems today."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=company.property_repeat_days)
        return (
            Domain('company_id', '=', company.id) & Domain('kind', '=', 'complaint') & Domain('create_date', '>=', since)
            & Domain('category_id', '!=', False) & Domain('state', 'not in', ('new', 'withdrawn', 'transferred')))

    @api.model
    def _get_repeat_groups(self, company, domain=Domain.TRUE):
        """Return {(pattern field, category id, value id): number of complaints} that reach the company's limit.

        One grouped query per pattern, whatever the number of complaints.
        """
        base = self._get_repeat_domain(company) & domain
        groups = {}
        for pattern in PATTERNS:
            for category, value, count in self._read_group(
                    base & Domain(pattern, '!=', False), ['category_id', pattern], ['__count'],
                    having=[('__count', '>=', company.property_repeat_count)]):
                groups[pattern, category.id, value.id] = count
        return groups

    def _detect_repeats(self):
        """Mark those of the complaints that repeat a pattern, and warn the supervisors of those newly marked."""
        for company, complaints in self.filtered(lambda c: c.kind == 'complaint').grouped('company_id').items():
            if not company.property_repeat_count:
                continue
            groups = self.sudo()._get_repeat_groups(  # sudo: a pattern counts also what the user may not see
                company, Domain('category_id', 'in', complaints.category_id.ids))
            found = defaultdict(list)
            for complaint in complaints:
                for pattern in PATTERNS:
                    count = groups.get((pattern, complaint.category_id.id, complaint[pattern].id))
                    if count:
                        found[complaint].append((pattern, count))
            for complaint, patterns in found.items():
                complaint = company._in_language(complaint)
                note = "; ".join(complaint.env._(
                    "%(count)s of %(category)s in %(days)s days: %(value)s", count=count, days=company.property_repeat_days,
                    category=complaint.category_id.display_name, value=complaint[pattern].display_name,
                ) for pattern, count in patterns)
                newly = not complaint.is_repeat
                complaint._as_system().write({'is_repeat': True, 'repeat_note': note})
                if newly:
                    complaint._warn_of_repeat(note)
            complaints._after_repeats_found(found)

    def _after_repeats_found(self, found):
        """Hook: {complaint: [(pattern field, number of complaints), …]} has been found."""

    def _warn_of_repeat(self, note):
        """Give the supervisor an activity: the leader of the team, else the estate's manager."""
        self._schedule_for_responsible(
            'property_service.mail_activity_type_repeat', _lt("Repeated problem"), note=plaintext2html(note),
            users=self.sudo()._get_supervisors())  # sudo: a technician's step warns, too

    @api.model
    def _cron_detect_repeats(self):
        """Nightly: mark open complaints that have become part of a pattern since their intake."""
        commit = self.env['ir.cron']._commit_progress
        for company in self.env['res.company'].search([('property_repeat_count', '>', 0)]):
            groups = self._get_repeat_groups(company)
            if not groups:
                continue
            domain = Domain.OR(
                Domain('category_id', '=', category) & Domain(pattern, '=', value) for pattern, category, value in groups)
            unmarked = self.search(
                domain & Domain('company_id', '=', company.id) & Domain('kind', '=', 'complaint') & Domain('is_repeat', '=', False)
                & Domain('state', 'not in', ('new', *CLOSED_STATES)))
            unmarked._detect_repeats()
            if not commit(len(unmarked)):
                break
