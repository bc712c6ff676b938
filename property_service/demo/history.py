"""Three months of requests as sequences of steps, each a step that the workflow of a request allows at that point.

Times are minutes from today's midnight in the time zone of the estates; nothing here knows the ORM.
"""
from dataclasses import dataclass, field

from . import phrases
from .people import AGENTS, EMPLOYEES, LEADERS

DAY = 24 * 60
HISTORY_DAYS = 92
#: team -> hours of work
HOURS = {'desk': (8.5, 20), 'engineering': (8, 18), 'cleaning': (7, 17), 'security': (0, 24)}
#: relative number of requests per hour of the day
HOUR_WEIGHTS = (1, 1, 0, 0, 0, 1, 3, 8, 14, 18, 16, 12, 8, 8, 10, 12, 11, 10, 12, 16, 15, 11, 6, 3)
#: what is urgent is taken up in this part of the usual time: most of it is solved within its two hours
URGENT = 0.12
NIGHT_TYPES = ('noise', 'power', 'leak', 'lift', 'patrol', 'gate')
#: type -> tags of the common areas it is about
COMMON_PLACES = {
    'lift': {'lift'}, 'street_light': {'lobby', 'garden', 'gate'}, 'gate': {'lobby', 'gate'}, 'fire': {'fire', 'lobby'},
    'corridor': {'lobby'}, 'garbage': {'lobby', 'garden'}, 'greenery': {'garden'}, 'parking_order': {'gate', 'lobby'},
    'pet': {'garden', 'lobby'}, 'patrol': {'lobby', 'garden'}, 'lost': {'garden', 'lobby'},
}
#: what shops and offices ask for
COMMERCIAL_TYPES = (
    'power', 'light', 'socket', 'leak', 'drain', 'aircon', 'intercom', 'access_card', 'deco_permit', 'parking_space', 'fee',
    'utilities', 'question', 'lift', 'gate', 'garbage', 'parking_order', 'bulky', 'lock')
#: what comes with heavy rain
RAIN_TYPES = ('facade', 'leak', 'window', 'waterproof')
WAITING = {
    'facade': ['weather'], 'lift': ['third_party', 'material'], 'waterproof': ['approval', 'resident'],
    'deco_permit': ['resident', 'approval'], 'aircon': ['material', 'resident'],
}


@dataclass
class Step:
    action: str
    at: float
    by: str                     # employee's key, 'resident' or 'system'
    values: dict = field(default_factory=dict)


@dataclass
class Request:
    type: object
    unit: object
    resident: object            # None: reported by staff
    reporter: str               # employee's key where there is no resident
    channel: str
    created: float
    created_by: str
    language: str
    title: str
    description: str
    work: str                   # what the worker will write into the work record
    materials: str
    steps: list = field(default_factory=list)
    messages: list = field(default_factory=list)    # (at, 'resident' or employee's key, text)
    photos: int = 0             # photos with the report
    master: object = None

    def add(self, action, at, by, **values):
        self.steps.append(Step(action, at, by, values))
        return at


class HistoryMaker:
    """Draws requests and lives them to their end; what lies after ``now`` has not happened."""

    def __init__(self, rng, types, estates, people, now):
        self.rng = rng
        self.types = types
        self.now = now
        self.residencies = people.residencies
        self.heat = {id(residency): rng.expovariate(1.0) + 0.15 for residency in people.residencies}
        self.current = {(id(r.resident), id(r.unit)) for r in people.residencies if r.holds(0)}
        self.units = [unit for estate in estates for building in estate.buildings for unit in building.units]
        self.skilled = {}
        for service_type in types.values():
            self.skilled[service_type.code] = [
                key for key, _name, team, _job, skills in EMPLOYEES if team == service_type.team
                and all(skills.get(skill, 0) >= level for skill, level in service_type.skills.items())
            ] or [LEADERS[service_type.team]]

    # ---- DRAWING ----

    def make(self, per_day):
        """Return the requests of the last three months, oldest first."""
        requests = []
        for day in range(-HISTORY_DAYS, 1):
            rain = 2.2 if day in (-41, -40, -39) else 1.0
            volume = per_day * rain * (2.0 if day > -4 else 0.85 + 0.3 * (day + HISTORY_DAYS) / HISTORY_DAYS)
            count = int(volume) + (self.rng.random() < volume % 1)
            for _index in range(count):
                at = day * DAY + self.rng.choices(range(24), HOUR_WEIGHTS)[0] * 60 + self.rng.random() * 60
                request = self._draw(at, rainy=rain > 1)
                if request and request.created < self.now:
                    self._live(request)
                    requests.append(request)
                    duplicate = self._duplicate(request)
                    if duplicate:
                        requests.append(duplicate)
        requests.sort(key=lambda request: request.created)
        return requests

    def _draw(self, at, rainy):
        rng, day, hour = self.rng, at // DAY, at % DAY // 60
        holders = [r for r in self.residencies if r.holds(day) and r.unit.use in ('residential', 'commercial')
                   and (r.role != 'owner' or r.primary)]
        if not holders:
            return None
        residency = rng.choices(holders, [self.heat[id(r)] for r in holders])[0]
        codes = COMMERCIAL_TYPES if residency.unit.use == 'commercial' else list(self.types)
        if hour >= 22 or hour < 6:
            codes = [code for code in NIGHT_TYPES if code in codes] or ['power']
        weights = [self.types[code].weight * (6 if rainy and code in RAIN_TYPES else 1) for code in codes]
        return self._open(self.types[rng.choices(codes, weights)[0]], residency.unit, residency.resident, at)

    def _open(self, service_type, unit, resident, at):
        rng = self.rng
        language = 'en' if resident.latin else 'zh'
        reporter = ''
        tags = COMMON_PLACES.get(service_type.code)
        home = unit
        if tags:
            estate = unit.building.estate
            places = [u for u in self.units if u.tags & tags and (
                u.building is unit.building or u.building.estate is estate and 'lift' not in tags)]
            if not places:
                return None
            unit = rng.choice([u for u in places if u.building is unit.building] or places)
            if rng.random() < 0.18 and 7 <= at % DAY // 60 < 22:
                reporter, resident, language = rng.choice(['guard1', 'guard2', 'guard3', 'cleaner1']), None, 'zh'
        if reporter:
            channel = 'inspection'
        elif resident.portal:
            channel = rng.choices(['portal', 'app', 'phone', 'desk'], [60, 18, 16, 6])[0]
        else:
            channel = rng.choices(
                ['phone', 'desk', 'visit', 'email', 'letter', 'suggestion_box', 'other'], [60, 22, 5, 5, 1, 2, 5])[0]
        by_resident = channel in ('portal', 'app')
        if not by_resident and channel not in ('phone', 'inspection'):
            at = self._work_time('desk', at)
        text = self._text(service_type, language, home)
        return Request(
            service_type, unit, resident, reporter, channel, at, 'resident' if by_resident else rng.choice(AGENTS), language,
            *text, photos=rng.choices([0, 1, 2], [60, 25, 15])[0] if by_resident else 0)

    def _text(self, service_type, language, unit):
        """Return title, description, work record and materials."""
        rng = self.rng
        template = rng.choice(service_type.texts.get(language) or service_type.texts['zh'])
        slots = {'room': rng.choice(phrases.ROOMS[language]), 'floor': max(unit.floor, 1), 'plate': rng.choice(phrases.PLATES)}
        return tuple(part.format(**slots) for part in template)

    def _duplicate(self, master):
        """Somebody else reports the same; an agent merges it while the master is under way."""
        ended = next((s.at for s in master.steps if s.action in ('done', 'cancel', 'reject')), self.now)
        registered = next((s.at for s in master.steps if s.action == 'register'), None)
        if master.unit.use != 'common' or registered is None or self.rng.random() > 0.16:
            return None
        others = [r for r in self.residencies if r.unit.building is master.unit.building and r.resident is not master.resident
                  and r.unit.use != 'parking' and r.primary and r.holds(master.created // DAY)]
        created = self._work_time('desk', registered + self.rng.randint(5, 60))
        merged = created + self.rng.randint(3, 12)
        if not others or merged >= min(ended, self.now):
            return None
        resident = self.rng.choice(others).resident
        language = 'en' if resident.latin else 'zh'
        duplicate = Request(
            master.type, master.unit, resident, '', 'phone', created, self.rng.choice(AGENTS), language,
            *self._text(master.type, language, master.unit), master=master)
        duplicate.add('merge', merged, duplicate.created_by)
        return duplicate

    # ---- LIFE ----

    def _work_time(self, team, at, urgent=False):
        """Return ``at``, or some minutes into the team's next working day."""
        start, end = HOURS[team]
        minute = at % DAY
        if urgent or start * 60 <= minute <= end * 60:
            return at
        day = at // DAY + (1 if minute > end * 60 else 0)
        return day * DAY + start * 60 + self.rng.randint(2, 50)

    def _later(self, at, low, high, team='desk', urgent=False):
        return self._work_time(team, at + self.rng.uniform(low, high) * (URGENT if urgent else 1.0), urgent)

    def _live(self, request):
        rng, service_type = self.rng, request.type
        urgent = service_type.priority == '2'
        agent = request.created_by if request.created_by in AGENTS else rng.choice(AGENTS)
        if request.created_by == 'resident':
            at = request.add('register', self._later(request.created, 3, 120, urgent=urgent), agent)
        else:
            at = request.add('register', request.created + rng.uniform(0.5, 3), agent)
        if service_type.kind != 'service':
            self._answer(request, at, agent)
        elif self._review(request, at, urgent):
            self._work(request, request.steps[-1].at, agent, urgent)
        self._talk(request, agent)
        self._cut(request)

    def _answer(self, request, at, agent):
        """An enquiry: answered at once, or later and with a promise when."""
        rng = self.rng
        request.steps[-1].values['promised'] = at + DAY
        at = at + rng.uniform(1, 8) if rng.random() < 0.55 else self._later(at, 60, 1300)
        request.add('done', at, agent, summary=request.work, materials='')
        self._accept(request, at, agent, worker=agent)

    def _review(self, request, at, urgent):
        """Return whether the request goes on."""
        rng, language = self.rng, request.language
        if request.resident and rng.random() < 0.035:
            by = self._resident_or(request, request.steps[-1].by)
            request.add('cancel', self._later(at, 5, 90), by, reason=rng.choice(phrases.CANCEL[language]))
            return False
        if request.type.requires & {'review'}:
            at = self._later(at, 5, 150, urgent=urgent)
            if rng.random() < 0.09:
                request.add('reject', at, 'supervisor', reason=rng.choice(phrases.REJECT[language]))
                return False
            request.add('approve', at, 'supervisor', priority=rng.choices([None, '1'], [88, 12])[0])
        return True

    def _resident_or(self, request, staff):
        """Who acts for the resident: the resident in the portal, otherwise staff who was told."""
        able = request.resident and request.resident.portal and (
            request.unit.use == 'common' or (id(request.resident), id(request.unit)) in self.current)
        return 'resident' if able else staff

    def _work(self, request, at, agent, urgent):
        rng, service_type = self.rng, request.type
        team, workers = service_type.team, self.skilled[service_type.code]
        appointment = None
        if 'appointment' in service_type.requires:
            at = self._later(at, 5, 100)
            first, last = HOURS[team]
            slot = rng.choice(range(max(9, int(first)), int(min(last, 18)) - 1)) * 60
            appointment = (at // DAY + rng.choices([1, 2, 3, 4], [50, 30, 12, 8])[0]) * DAY + slot
            request.add('confirm', at, agent, start=appointment, end=appointment + max(60, service_type.planned_hours * 60))
        worker = rng.choices(workers, [3 if key == 'technician' else 2 for key in workers])[0]
        at = request.add('dispatch', self._later(at, 3, 50, urgent=urgent), 'supervisor', employee=worker)
        if len(workers) > 1 and rng.random() < 0.05:
            worker = rng.choice([key for key in workers if key != worker])
            at = request.add('dispatch', at + rng.uniform(10, 45), 'supervisor', employee=worker)
        if request.resident and rng.random() < 0.02:
            request.add('cancel', self._later(at, 10, 120), agent, reason=rng.choice(phrases.CANCEL[request.language]))
            return
        slow = 4 if rng.random() < 0.12 else 1
        if slow > 1 and self._resident_or(request, '') == 'resident':
            request.add('chase', self._later(at, 150, 400), 'resident', message=rng.choice(phrases.CHASE[request.language]))
            at = request.steps[-1].at
        at = max(at + 2, appointment + rng.uniform(-10, 25)) if appointment \
            else self._later(at, 25 * slow, 420 * slow, team, urgent)
        request.add('start', at, worker)
        if rng.random() < (0.03 if urgent else 0.5 if service_type.code in ('facade', 'waterproof') else 0.17):
            at = self._wait(request, at, worker, team)
        at += service_type.planned_hours * 60 * (rng.uniform(0.25, 0.6) if urgent else rng.uniform(0.5, 1.5))
        request.add('done', at, worker, summary=request.work, materials=request.materials)
        if request.resident and rng.random() < 0.055:
            by = self._resident_or(request, agent)
            at = request.add('return', self._later(at, 60, 2600), by, reason=rng.choice(phrases.RETURN[request.language]))
            at = self._later(at, 90, 1500, team)
            request.add('done', at, worker, summary=request.work + ' ' + phrases.REWORK[request.language], materials='')
        self._accept(request, at, agent, worker)

    def _wait(self, request, at, worker, team):
        rng = self.rng
        reason = rng.choice(WAITING.get(request.type.code, ['resident', 'material', 'third_party']))
        note = rng.choice(phrases.WAIT[reason][request.language])
        at += rng.uniform(5, 40)
        days = rng.uniform(0.2, 1.5) if reason == 'resident' else rng.uniform(0.8, 4.5)
        request.add('wait', at, worker, reason=reason, note=note, until=int(at // DAY + days) + 1)
        return request.add('resume', self._work_time(team, at + days * DAY), worker)

    def _accept(self, request, at, agent, worker):
        rng, requires = self.rng, request.type.requires
        done, on_site = at, request.type.kind == 'service' and 'signature' in requires
        draw = rng.random()
        if on_site and draw < 0.7 and request.resident:
            at = request.add('accept', at + rng.uniform(1, 6), worker, signed=True)
        elif draw < 0.8 and self._resident_or(request, '') == 'resident':
            at = request.add('accept', at + rng.uniform(15, 2500), 'resident', signed=on_site)
        elif not on_site and draw < 0.55:
            at = request.add('accept', self._later(at, 30, 1500), agent, signed=False)
        else:
            if on_site:
                request.steps[-1].values['absent'] = True
            at = request.add('accept', done + 7 * DAY + rng.uniform(1, 60), 'system', automatic=True)
        self._rate(request, at)
        if rng.random() < 0.6:
            closed = request.steps[-1].at if request.steps[-1].action == 'rate' else at
            request.add('close', self._later(closed, 60, 2 * DAY), agent)
        else:
            closed = max(done + 10 * DAY + rng.uniform(1, 60), request.steps[-1].at + 1)
            request.add('close', closed, 'system', automatic=True)

    def _rate(self, request, at):
        rng = self.rng
        if not request.resident or rng.random() > 0.52:
            return
        happy = [5, 4, 3, 2, 1]
        unhappy = any(step.action in ('return', 'chase') for step in request.steps)
        value = rng.choices(happy, [12, 25, 33, 20, 10] if unhappy else [62, 25, 8, 3, 2])[0]
        reason = rng.choice(phrases.RATING_REASONS[value]) if value < 5 or rng.random() < 0.5 else None
        request.add('rate', at + rng.uniform(2, 1100), 'resident', value=value, reason=reason,
                    comment=rng.choice(phrases.RATING[value][request.language]))

    def _talk(self, request, agent):
        rng = self.rng
        if request.resident and rng.random() < 0.16 and len(request.steps) > 1:
            question, answer = rng.choice(phrases.TALKS[request.language])
            asked = request.steps[0].at + rng.uniform(2, 40)
            request.messages = [(asked, 'resident', question), (self._later(asked, 2, 45), agent, answer)]

    def _cut(self, request):
        """Forget what has not happened yet. A few of the newest got stuck on the way: that is what supervisors look for."""
        fresh = request.created_by == 'resident' and request.created > -2 * DAY
        if request.created > -7 * DAY and request.type.priority != '2' and self.rng.random() < (0.5 if fresh else 0.2):
            stuck = [i for i, step in enumerate(request.steps) if step.action in ('register', 'approve', 'wait', 'start')
                     or step.action == 'confirm' and step.values['start'] > self.now]
            if fresh:
                stuck = [-1]
            if stuck:
                del request.steps[self.rng.choice(stuck) + 1:]
                request.messages = request.messages[:1]
        request.steps = [step for step in request.steps if step.at < self.now]
        request.messages = [message for message in request.messages if message[0] < self.now]
