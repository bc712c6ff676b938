import hashlib
import math
import uuid
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import sampling
from . import campaign_states

_BATCH = 5000

#: what a stratum consists of, and what the draw hands on to the invitation
_STRATUM_FIELDS = ('estate_id', 'building_id', 'unit_use', 'role', 'team_id')
_ENTRY_FIELDS = ('partner_id', 'unit_id', 'estate_id', 'building_id', 'unit_use', 'role', 'employee_id', 'team_id')


class PropertyServiceSurveyCampaign(models.Model):
    """Who belongs to the audience, and who is drawn (R50)."""

    _inherit = 'property.service.survey.campaign'

    def _get_audience_domain(self, day):
        """Return the Domain of the residencies in force on ``day`` that the campaign is about."""
        self.ensure_one()
        domain = Domain('company_id', '=', self.company_id.id) & Domain('date_start', '<=', day) & (
            Domain('date_end', '=', False) | Domain('date_end', '>', day))
        domain &= Domain('unit_id.active', '=', True) & Domain('partner_id.active', '=', True)
        if self.estate_ids:
            domain &= Domain('estate_id', 'in', self.estate_ids.ids)
        if self.building_ids:
            domain &= Domain('building_id', 'in', self.building_ids.ids)
        domain &= Domain('unit_id.use', '=', self.unit_use) if self.unit_use != 'any' else Domain('unit_id.use', '!=', 'common')
        if self.role != 'any':
            domain &= Domain('role', '=', self.role)
        if self.months_min:
            domain &= Domain('date_start', '<=', day - relativedelta(months=self.months_min))
        if self.months_max:
            domain &= Domain('date_start', '>=', day - relativedelta(months=self.months_max))
        return domain

    def _get_audience(self, day):
        """Return one dict per answer wanted: the primary contact of each unit, or each resident once. One query.

        :param date day: residencies in force on this day
        :return: [{residency, partner, unit, estate, building, unit_use, role, key}], ``key`` being what is drawn
        """
        Residency = self.env['property.service.residency'].sudo()  # sudo: the whole audience, whoever draws
        found = Residency._search(self._get_audience_domain(day))
        by = SQL.identifier('r', 'unit_id' if self.one_per == 'unit' else 'partner_id')
        rows = self.env.execute_query(SQL("""
            SELECT DISTINCT ON (%s) r.id, r.partner_id, r.unit_id, r.estate_id, r.building_id, u.use, r.role, u.full_code
              FROM property_service_residency r
              JOIN property_service_unit u ON u.id = r.unit_id
             WHERE r.id IN %s
             ORDER BY %s, r.is_primary DESC NULLS LAST, array_position(ARRAY['owner', 'tenant', 'family', 'occupant'], r.role), r.id
            """, by, found.subselect(), by))
        names = ('residency_id', 'partner_id', 'unit_id', 'estate_id', 'building_id', 'unit_use', 'role', 'key')
        audience = [dict(zip(names, row)) for row in rows]
        if self.one_per == 'resident':
            for entry in audience:
                entry['key'] = f"P{entry['partner_id']}"
        return audience

    def _get_stratum_key(self, entry):
        """Return what identifies the stratum of an entry of the audience: values of ``_STRATUM_FIELDS``, unused parts False."""
        by = self.stratify_by
        return (entry['estate_id'], entry['building_id'] if by == 'building' else False,
                entry['unit_use'] if by == 'use' else False, entry['role'] if by == 'role' else False, False)

    def _get_sample(self, keys):
        """Return the drawn of the keys of one stratum, in the order of the draw."""
        number = len(keys)
        if self.sample == 'percent':
            number = math.ceil(len(keys) * self.sample_percent / 100)
        elif self.sample == 'number':
            number = self.sample_number
        return sampling.draw(self.seed, keys, number)

    def _draw(self, day):
        """Return {stratum key: (digest of the population, population, drawn entries in order)}."""
        groups = defaultdict(dict)
        for entry in self._get_audience(day):
            groups[self._get_stratum_key(entry)][entry['key']] = entry
        return {
            key: (hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest(), len(entries),
                  [entries[drawn] for drawn in self._get_sample(list(entries))])
            for key, entries in groups.items()
        }

    def action_draw(self):
        """Draw the sample and store it; a new draw replaces the one before as long as nobody has been asked."""
        self._check_group(campaign_states.STEERING_GROUPS)
        for campaign in self:
            if campaign.state != 'draft' or campaign.kind == 'service':
                raise UserError(self.env._("%(campaign)s cannot be drawn any more.", campaign=campaign.name))
            campaign.sudo()._store_draw()  # sudo: strata and invitations are made by the draw only
        return True

    def _store_draw(self):
        self.ensure_one()
        self.invitation_ids.unlink()
        self.stratum_ids.unlink()
        today = self.env.company._property_today()
        groups = self._draw(today)
        strata = self.env['property.service.survey.stratum'].create([{
            'campaign_id': self.id, **dict(zip(_STRATUM_FIELDS, key, strict=True)),
            'population': population, 'drawn': len(entries), 'digest': digest,
        } for key, (digest, population, entries) in groups.items()])
        vals_list = [self._prepare_invitation(stratum, entry)
                     for stratum, (_digest, _population, entries) in zip(strata, groups.values(), strict=True) for entry in entries]
        Invitation = self.env['property.service.survey.invitation']
        for start in range(0, len(vals_list), _BATCH):
            Invitation.create(vals_list[start:start + _BATCH])
        self.write({'drawn_on': today})
        self.invalidate_recordset(['invited_count', 'answered_count', 'response_rate'])

    def _prepare_invitation(self, stratum, entry):
        """Return the values of the invitation of one entry of the audience."""
        return {
            'campaign_id': self.id, 'company_id': self.company_id.id, 'stratum_id': stratum.id, 'answer_key': entry['key'],
            'access_token': uuid.uuid4().hex, 'position': sampling.position(self.seed, entry['key']),
            **{name: entry[name] for name in _ENTRY_FIELDS if name in entry},
        }

    def action_check_draw(self):
        """Repeat the draw with seed, settings and residencies of the day, and tell whether the same are drawn (R50).

        :return: a notification; residencies entered or corrected later are the honest reason for another population
        """
        self.ensure_one()
        self._check_group(campaign_states.READER_GROUPS)
        if not self.drawn_on:
            raise UserError(self.env._("Nothing has been drawn yet."))
        campaign = self.sudo()  # sudo: compares with all residencies of the company; only numbers are told
        again = campaign._draw(campaign.drawn_on)
        same_population = {campaign._key_of(stratum): stratum.digest for stratum in campaign.stratum_ids} == {
            key: digest for key, (digest, _population, _entries) in again.items()}
        drawn = {entry['key'] for _digest, _population, entries in again.values() for entry in entries}
        stored = set(campaign.invitation_ids.mapped('answer_key'))
        if drawn == stored:
            kind, message = 'success', self.env._("Drawn again with seed %(seed)s: the same %(number)s.", seed=self.seed, number=len(stored))
        elif same_population:
            kind, message = 'danger', self.env._(
                "Drawn again with seed %(seed)s: %(number)s are not the same.", seed=self.seed, number=len(drawn ^ stored))
        else:
            kind, message = 'warning', self.env._(
                "Residencies of %(day)s have been entered or corrected since: %(number)s are not the same.",
                day=fields.Date.to_string(self.drawn_on), number=len(drawn ^ stored))
        return {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {'type': kind, 'message': message}}

    def _key_of(self, stratum):
        return (stratum.estate_id.id, stratum.building_id.id, stratum.unit_use, stratum.role, stratum.team_id.id)
