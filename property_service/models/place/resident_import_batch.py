"""Write one batch of checked rows of a residents' file: a fixed number of queries, however many rows it has."""
from collections import defaultdict

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ...tools.flat_file_residents import building_code, fingerprint, unit_code
from ...tools.phone import phone_digits

_UNIT_FIELDS = ('floor', 'area', 'use')
_LONG_CODE = 8


class ResidentWriter:
    """Take checked rows over into estates, buildings, units, people and residencies of one company.

    Units are recognised by the codes or names of estate, building and unit. A person is the same where name and phone
    number, or name and e-mail, are the same, and within a unit where the name, the phone or the e-mail is. Nothing is
    deleted and no residency ended because the file does not name it.

    :param env: environment of the user who imports
    :param names: fingerprints of (unit, name) in the whole file (``ResidentFile.resident_names``): somebody whom the file
        names elsewhere is not the old name of somebody else
    """

    def __init__(self, env, company, names):
        self.env = env(context={
            **env.context, 'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True,
            'active_test': False, 'allowed_company_ids': company.ids,
        })
        self.company = company
        self.names = names
        self.counts = defaultdict(int)
        self._today = self.env.company._property_today()
        self._estates = self._load_estates()
        self._buildings = {}

    def write_rows(self, rows):
        """Write the rows; return ``{row number: reason}`` of those that could not be written.

        When the batch as a whole fails, it is halved until the rows that are to blame stand alone.
        """
        if not rows:
            return {}
        counts = dict(self.counts)
        try:
            with self.env.cr.savepoint():
                rejected = self._write(rows)
                self.env.flush_all()
            return rejected
        except (UserError, psycopg2.DataError, psycopg2.IntegrityError) as error:
            self.env.invalidate_all()
            self.counts = defaultdict(int, counts)
            self._estates, self._buildings = self._load_estates(), {}  # what the savepoint took back must not be used
            if len(rows) == 1:
                reason = str(error.args[0]) if isinstance(error, UserError) else self.env._("The database refused this row.")
                return {rows[0].number: reason}
            half = len(rows) // 2
            return {**self.write_rows(rows[:half]), **self.write_rows(rows[half:])}

    def _write(self, rows):
        rejected = {}
        units = self._write_places(rows, rejected)
        rows = [row for row in rows if row.number in units and row.name]
        if rows:
            self._write_residencies(rows, units, self._write_people(rows, units))
        return rejected

    # ---- PLACES ----

    def _load_estates(self):
        """Return {code or name in any language, casefolded: estate} of the company."""
        estates = self.env['property.service.estate'].search([('company_id', '=', self.company.id)])
        known = {}
        for lang, _name in self.env['res.lang'].get_installed():
            for estate in estates.with_context(lang=lang):
                known.setdefault(estate.name.casefold(), estate.with_context(lang=self.env.lang))
        for estate in estates:
            known[estate.code.casefold()] = estate
        return known

    def _get_estate(self, row):
        estate = self._estates.get(row.estate.casefold())
        if not estate:
            estate = self.env['property.service.estate'].create({
                'name': row.estate, 'code': self._new_estate_code(row.estate), 'company_id': self.company.id,
                'use': 'commercial' if row.use == 'commercial' else 'residential'})
            self.counts['estate'] += 1
            self._estates[row.estate.casefold()] = self._estates[estate.code.casefold()] = estate
        return estate

    def _new_estate_code(self, name):
        """Return a code not yet taken: short names as they are, long ones by their initials (``Green Garden City``: GGC)."""
        words = name.split()
        short = name if len(name) <= _LONG_CODE else "".join(word[0] for word in words).upper() if len(words) > 1 else name
        code, number = short[:_LONG_CODE], 1
        while code.casefold() in self._estates:
            number += 1
            code = f"{short[:_LONG_CODE]}{number}"
        return code

    def _get_building(self, estate, row):
        if estate not in self._buildings:
            known = self._buildings[estate] = {}
            for building in self.env['property.service.building'].search([('estate_id', '=', estate.id)], order='id desc'):
                for text in (building_code(building.name), building.name, building.code):
                    known[text.casefold()] = building
        known = self._buildings[estate]
        building = known.get(row.building.casefold()) or known.get(row.building_code.casefold())
        if not building:
            vals = {'name': row.building, 'code': row.building_code, 'estate_id': estate.id}
            if row.building_code.isdecimal():
                vals['sequence'] = int(row.building_code[:6])  # 2 before 10, in whatever order the file names them
            building = self.env['property.service.building'].create(vals)
            self.counts['building'] += 1
            known[row.building.casefold()] = known[row.building_code.casefold()] = building
        return building

    def _write_places(self, rows, rejected):
        """Create and correct estates, buildings and units; return {row number: unit} and fill ``rejected``."""
        buildings = {}
        for row in rows:
            estate = self._get_estate(row)
            building = self._get_building(estate, row)
            if not (estate.active and building.active):
                rejected[row.number] = self.env._("The estate or building is archived.")
            else:
                buildings[row.number] = building
        rows = [row for row in rows if row.number in buildings]
        floors = defaultdict(int)
        for row in rows:
            floors[buildings[row.number]] = max(floors[buildings[row.number]], row.floor or 0)
        for building, number in floors.items():
            if number > building.floors:
                building.floors = number
        known = self._find_units(rows, buildings)
        to_create, to_write, units = {}, defaultdict(list), {}
        for row in rows:
            key = (buildings[row.number].id, row.unit_code.casefold())
            unit = known.get(key)
            vals = {name: getattr(row, name) for name in _UNIT_FIELDS if getattr(row, name) not in (None, '')}
            if unit and not unit.active:
                rejected[row.number] = self.env._("The unit is archived.")
                continue
            if unit:
                changed = {name: value for name, value in vals.items() if unit[name] != value}
                if changed:
                    to_write[unit].append(changed)
            else:
                to_create.setdefault(key, {
                    'building_id': key[0], 'code': row.unit_code, 'name': row.unit_name}).update(vals)
            units[row.number] = key
        created = self.env['property.service.unit'].create(list(to_create.values()))
        known.update(zip(to_create, created))
        self.counts['unit'] += len(created)
        for unit, changes in to_write.items():
            unit.write({name: value for vals in changes for name, value in vals.items()})
        self.counts['unit_changed'] += len(to_write)
        return {number: known[key] for number, key in units.items()}

    def _find_units(self, rows, buildings):
        """Return {(building id, casefolded code): unit} of the rows' units, found by code or name in one query."""
        wanted = {
            (buildings[row.number].id, text): row.unit_code.casefold()
            for row in rows
            for text in (row.unit, row.unit_name, row.unit_code.upper(), row.unit_code.lower(), row.unit_code)
        }
        if not wanted:
            return {}
        Unit = self.env['property.service.unit']
        Unit.flush_model(['building_id', 'code', 'name'])
        pairs = SQL("SELECT * FROM unnest(%s::int[], %s::text[])", [key[0] for key in wanted], [key[1] for key in wanted])
        found = self.env.execute_query(SQL(
            "SELECT id FROM property_service_unit WHERE (building_id, code) IN (%(pairs)s)"
            " UNION SELECT id FROM property_service_unit WHERE (building_id, name) IN (%(pairs)s)", pairs=pairs))
        known = {}
        for unit in Unit.browse(unit_id for unit_id, in found):
            for text in (unit.name, unit.code):
                code = wanted.get((unit.building_id.id, text))
                if code:
                    known[unit.building_id.id, code] = unit
            known[unit.building_id.id, unit_code(unit.code, unit.building_id.code).casefold()] = unit
        return known

    # ---- PEOPLE ----

    def _write_people(self, rows, units):
        """Find, correct or create the rows' people; return {row number: partner}."""
        Partner = self.env['res.partner']
        by_person = self._find_people(rows)
        by_unit = self._find_neighbours(units)
        partners, drafts, draft_of = {}, [], {}
        changed = defaultdict(dict)
        for row in rows:
            unit, phone, email = units[row.number], phone_digits(row.phone), email_normalize(row.email)
            partner = self._match(row, phone, email, by_person, by_unit[unit])
            if partner:
                changed[partner].update(self._get_changes(partner, row, phone, email))
                partners[row.number] = partner
                continue
            keys = [*self._person_keys(row.name, phone, email), ('unit', unit.id, row.name.casefold())]
            position = next((draft_of[key] for key in keys if key in draft_of), None)
            if position is None:
                position = len(drafts)
                drafts.append({'name': row.name, 'company_id': self.company.id, 'lang': self.env.lang})
            drafts[position].update({name: value for name, value in (('phone', row.phone), ('email', row.email)) if value})
            draft_of.update(dict.fromkeys(keys, position))
            partners[row.number] = position
        created = Partner.create(drafts)
        self.counts['person'] += len(created)
        for partner, vals in changed.items():
            if vals:
                partner.write(vals)
                self.counts['person_changed'] += 1
        return {
            number: created[partner] if isinstance(partner, int) else partner for number, partner in partners.items()}

    @staticmethod
    def _get_changes(partner, row, phone, email):
        changes = {}
        if row.name.casefold() != (partner.name or '').casefold():
            changes['name'] = row.name
        if phone and phone != partner.phone_digits:
            changes['phone'] = row.phone
        if email and email != partner.email_normalized:
            changes['email'] = row.email
        return changes

    @staticmethod
    def _person_keys(name, phone, email):
        name = name.casefold()
        return [(kind, value, name) for kind, value in (('phone', phone), ('email', email)) if value]

    def _find_people(self, rows):
        """Return {(phone or e-mail, name): partner} of the people in the company's reach who may be meant."""
        phones = {phone_digits(row.phone) for row in rows} - {''}
        emails = {email_normalize(row.email) for row in rows} - {False}
        partners = self.env['res.partner'].search_fetch(
            (Domain('phone_digits', 'in', phones) | Domain('email_normalized', 'in', emails))
            & Domain('company_id', 'in', (False, self.company.id)) & Domain('active', '=', True),
            ['name', 'phone_digits', 'email_normalized'], order='id desc')
        return {
            key: partner
            for partner in partners
            for key in self._person_keys(partner.name or '', partner.phone_digits, partner.email_normalized)
        }

    def _find_neighbours(self, units):
        """Return {unit: partners with a residency there}."""
        residencies = self.env['property.service.residency'].search_fetch(
            [('unit_id', 'in', list({unit.id for unit in units.values()}))],
            ['unit_id', 'partner_id', 'role', 'date_start', 'date_end', 'note', 'is_primary'], order='id')
        residencies.partner_id.fetch(['name', 'phone_digits', 'email_normalized'])
        neighbours = defaultdict(self.env['res.partner'].browse)
        self._residencies = residencies.grouped(lambda residency: (residency.unit_id, residency.partner_id, residency.role))
        self._primary = residencies.filtered('is_primary').unit_id
        for unit, group in residencies.grouped('unit_id').items():
            neighbours[unit] = group.partner_id
        return neighbours

    def _match(self, row, phone, email, by_person, neighbours):
        """Return the known person whom the row means, or None."""
        for key in self._person_keys(row.name, phone, email):
            if key in by_person:
                return by_person[key]
        for partner in neighbours:
            if partner.name.casefold() == row.name.casefold():
                return partner
        for partner in neighbours:
            same = (phone and phone == partner.phone_digits) or (email and email == partner.email_normalized)
            if same and fingerprint(*row.unit_key, partner.name.casefold()) not in self.names:
                return partner  # the file no longer knows the old name: it was corrected
        return None

    # ---- RESIDENCIES ----

    def _write_residencies(self, rows, units, partners):
        to_create, to_write = [], {}
        primary = set(self._primary.ids)
        taken = set()
        for row in rows:
            unit, partner = units[row.number], partners[row.number]
            known = self._residencies.get((unit, partner, row.role), self.env['property.service.residency'])
            residency = self._choose(known.filtered(lambda known: known.id not in taken), row)
            if residency:
                taken.add(residency.id)
                vals = {'date_start': row.since, 'date_end': row.until, 'note': row.note}
                changed = {name: value for name, value in vals.items() if value and residency[name] != value}
                if changed:
                    to_write[residency] = changed
                else:
                    self.counts['unchanged'] += 1
                continue
            is_primary = row.role == 'owner' and unit.id not in primary
            if is_primary:
                primary.add(unit.id)
            to_create.append({
                'unit_id': unit.id, 'partner_id': partner.id, 'role': row.role, 'date_start': row.since or self._today,
                'date_end': row.until, 'note': row.note, 'is_primary': is_primary})
        self.env['property.service.residency'].create(to_create)
        self.counts['residency'] += len(to_create)
        for residency, vals in to_write.items():
            residency.write(vals)
        self.counts['residency_changed'] += len(to_write)

    def _choose(self, known, row):
        """Return which of a person's residencies in a unit the row means: the same day, else the one still running."""
        same = known.filtered(lambda residency: residency.date_start == row.since)
        if same:
            return same[0]
        running = known.filtered(lambda residency: not residency.date_end or residency.date_end > self._today)
        overlapping = running if not row.since or not row.until or row.until > self._today else running.browse()
        return overlapping[:1]
