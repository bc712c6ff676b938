"""Catalogue, estates, units, residents and portal users."""
from odoo.fields import Command

from .base import TIMEZONE
from .loader_staff import StaffLoader


class PlaceLoader(StaffLoader):

    def load_catalogue(self):
        """Set ``self.types``: {code: property.service.type}."""
        categories = self._make_catalogue('category', {category.code: {
            'name': category.name[0], 'code': category.code, 'company_id': self.company.id, 'sequence': index * 10,
            'color': category.color, 'team_id': self.teams[category.team].id, 'department_id': self.departments[category.team].id,
        } for index, category in enumerate(self.data.categories, 1)}, update=('team_id', 'department_id'))
        for category in self.data.categories:
            self.translate(categories[category.code], name=category.name[1])
        for team, record in self.teams.items():
            record.category_ids = [Command.set([categories[c.code].id for c in self.data.categories if c.team == team])]
        policy = self.make('property.service.sla.policy', {'repairs': {
            'name': "Requests, solved in three days", 'company_id': self.company.id, 'applies_to': 'request', 'sequence': 15,
            'response_hours': 24, 'resolution_hours': 72, 'round_the_clock': True,
        }})['repairs']
        self.translate(policy, name="服务申请：三天内解决")
        self.types = self._make_catalogue('type', {code: {
            'name': service_type.name[0], 'code': code, 'company_id': self.company.id, 'sequence': index * 10,
            'category_id': categories[service_type.category].id, 'kind': service_type.kind,
            'team_id': self.teams[service_type.team].id, 'description': service_type.description[0],
            'default_priority': service_type.priority, 'planned_hours': service_type.planned_hours,
            **{f'requires_{flag}': flag in service_type.requires for flag in ('review', 'appointment', 'photo', 'signature')},
            'price_note': service_type.price[0], 'callback_rate': service_type.callback_rate,
            'skill_ids': [Command.create({
                'skill_id': self.skills[skill].id, 'skill_level_id': self._get_level(self.skills[skill], level).id,
            }) for skill, level in service_type.skills.items()],
            'checklist_ids': [Command.create({
                'sequence': step * 10, 'name': names[0], 'required': required,
            }) for step, (required, names) in enumerate(service_type.checklist, 1)],
        } for index, (code, service_type) in enumerate(self.data.types.items(), 1)},
            update=('team_id', 'price_note', 'skill_ids'))
        for code, service_type in self.data.types.items():
            record = self.types[code]
            self.translate(
                record, name=service_type.name[1], description=service_type.description[1], price_note=service_type.price[1])
            for step, (_required, names) in zip(record.checklist_ids, service_type.checklist, strict=True):
                self.translate(step, name=names[1])

    def _make_catalogue(self, kind, values, update):
        """Create categories or types. The main company makes those its own that are shipped, so that nothing stands there twice.

        :param update: names of the values that the shipped ones do not have
        """
        shipped = {}
        if self.company == self.env.ref('base.main_company') and not self.prefix:
            for code, vals in values.items():
                record = self.env.ref(f'property_service.{kind}_{code}', raise_if_not_found=False)
                if record and not record.company_id:
                    record.write({'company_id': self.company.id, 'code': code, **{name: vals[name] for name in update}})
                    shipped[code] = record
        missing = {code: vals for code, vals in values.items() if code not in shipped}
        made = self.make(f'property.service.{kind}', missing)
        return {code: shipped.get(code) or made[code] for code in values}

    def load_places(self):
        """Set ``self.units``: {id of the generator's unit: property.service.unit}."""
        partners = self.make('res.partner', {f'estate_{estate.code}': {
            'name': self.pick(estate.name), 'is_company': True, 'street': estate.address[0], 'city': estate.address[1],
            'country_id': self.env.ref('base.cn').id, 'company_id': self.company.id, 'tz': TIMEZONE,
        } for estate in self.data.estates}, match='name')
        estates = self.make('property.service.estate', {estate.code: {
            'name': estate.name[0], 'code': estate.code, 'use': estate.use, 'company_id': self.company.id,
            'sequence': index * 10, 'manager_id': self.employees['manager'].id, 'calendar_id': self.calendars['desk'].id,
            'partner_id': partners[f'estate_{estate.code}'].id,
            'team_ids': [Command.set([team.id for team in self.teams.values()])],
        } for index, estate in enumerate(self.data.estates, 1)})
        for estate in self.data.estates:
            self.translate(estates[estate.code], name=estate.name[1])
        buildings = self.make('property.service.building', {f'{building.estate.code}_{building.code}': {
            'name': building.name, 'code': building.code, 'floors': building.floors,
            'estate_id': estates[building.estate.code].id,
        } for estate in self.data.estates for building in estate.buildings})
        units = self.data.units
        records = self.make('property.service.unit', {self._get_unit_key(unit): {
            'name': unit.name, 'code': unit.code, 'floor': unit.floor, 'area': unit.area, 'use': unit.use,
            'building_id': buildings[f'{unit.building.estate.code}_{unit.building.code}'].id,
            'decoration': unit.decoration or False, 'equipment': unit.equipment or False,
        } for unit in units})
        self.units = {id(unit): records[self._get_unit_key(unit)] for unit in units}

    def _get_unit_key(self, unit):
        return f'{unit.building.estate.code}_{unit.building.code}_{unit.code}'

    def load_residents(self):
        """Set ``self.residents``: {key: res.partner} and ``self.portal_users``: {key: res.users}."""
        residents = self.data.people.residents
        emails = {resident.key: self.prefix + resident.email for resident in residents}
        self.residents = self.make('res.partner', {resident.key: {
            'name': resident.name, 'phone': resident.phone, 'email': emails[resident.key], 'is_company': resident.is_company,
            'lang': 'zh_CN' if self.chinese and not resident.latin else 'en_US', 'tz': TIMEZONE,
            'country_id': self.env.ref('base.cn').id, 'city': "深圳",
            'resident_channel': 'portal' if resident.portal else 'phone',
            'resident_consent': bool(resident.care_note), 'resident_care_notes': resident.care_note or False,
        } for resident in residents}, match='email')
        self.env['property.service.residency'].create([{
            'unit_id': self.units[id(residency.unit)].id, 'partner_id': self.residents[residency.resident.key].id,
            'role': residency.role, 'date_start': self.data.to_date(residency.start), 'is_primary': residency.primary,
            'date_end': self.data.to_date(residency.end) if residency.end is not None else False,
        } for residency in self.data.people.residencies])
        portal = {resident.key: resident for resident in residents if resident.portal}
        logins = {key: self.prefix + (key if key == 'resident' else portal[key].email) for key in portal}
        self.portal_users = self.make('res.users', {key: {
            'partner_id': self.residents[key].id, 'login': login, 'active': True,
            'company_id': self.company.id, 'company_ids': [Command.set(self.company.ids)],
            'group_ids': [Command.set([self.env.ref('base.group_portal').id])],
            **({'password': login} if key == 'resident' else {}),
        } for key, login in logins.items()}, match='login', update=('active', 'group_ids'))
