"""The demo as plain Python data: the same for the same seed, with all dates relative to a given moment. No ORM."""
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from .catalogue import read_categories, read_types
from .history import DAY, HistoryMaker, Request
from .people import PeopleMaker
from .places import make_estates

SEED = 20190
UTC_OFFSET = timedelta(hours=8)     # Asia/Shanghai, which has no summer time
REQUESTS_PER_DAY = 8.0


@dataclass
class Demo:
    """Everything the loader needs; ``to_utc`` and ``to_date`` turn its relative times into real ones."""

    midnight: datetime          # today's midnight in the estates' zone, as naive local time
    categories: list
    types: dict
    estates: list
    people: object
    requests: list
    invoices: list              # (resident, unit, quarters ago, amount, share paid)

    @property
    def units(self):
        return [unit for estate in self.estates for building in estate.buildings for unit in building.units]

    def to_utc(self, minutes):
        return (self.midnight + timedelta(minutes=minutes) - UTC_OFFSET).replace(microsecond=0)

    def to_date(self, days):
        return (self.midnight + timedelta(days=days)).date()


def generate(now, scale=1.0, seed=SEED):
    """Return the Demo.

    :param datetime now: naive UTC; nothing but appointments and promises lies after it
    :param float scale: size of estates and history, for quick tests
    """
    local = now + UTC_OFFSET
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = (local - midnight).total_seconds() / 60
    types = read_types()
    estates = make_estates(random.Random(f'{seed}-places'), scale)
    units = [unit for estate in estates for building in estate.buildings for unit in building.units]
    people = PeopleMaker(random.Random(f'{seed}-people')).populate(units)
    maker = HistoryMaker(random.Random(f'{seed}-history'), types, estates, people, minutes)
    requests = maker.make(REQUESTS_PER_DAY * scale) + _script(maker, people)
    requests.sort(key=lambda request: request.created)
    return Demo(midnight, read_categories(), types, estates, people, requests, _bill(random.Random(f'{seed}-bills'), people))


def _bill(rng, people):
    """Property fees of the last quarters: most are paid, some are due."""
    flats = [r for r in people.residencies if r.role == 'owner' and r.unit.use == 'residential' and r.holds(0)]
    shown = next(r for r in flats if r.resident.key == 'resident')
    chosen = [shown] + rng.sample([r for r in flats if r is not shown], min(19, len(flats) - 1))
    invoices = []
    for residency in chosen:
        amount = round(residency.unit.area * 3.8 * 3, 2)
        invoices.append((residency.resident, residency.unit, 1, amount, 1.0 if residency is shown or rng.random() < 0.8 else 0.0))
        invoices.append((residency.resident, residency.unit, 0, amount, rng.choices([0.0, 0.5, 1.0], [45, 10, 45])[0]
                         if residency is not shown else 0.0))
    return invoices


def _script(maker, people):
    """What the demo's resident and technician find when they log in, whatever the time of day."""
    home = next(r for r in people.residencies if r.resident.key == 'resident')
    now, requests = maker.now, []

    def report(code, text, created, channel='portal', residency=home):
        service_type = maker.types[code]
        slots = {'room': "主卫", 'floor': residency.unit.floor, 'plate': "粤B·D3856"}
        request = Request(
            service_type, residency.unit, residency.resident, '', channel, created,
            'resident' if channel == 'portal' else 'agent', 'zh',
            *(part.format(**slots) for part in service_type.texts['zh'][text]), photos=1 if code == 'leak' else 0)
        requests.append(request)
        return request

    def until_dispatch(request, at, review=True, gap=12):
        at = request.add('register', at, 'agent')
        if review and 'review' in request.type.requires:
            at = request.add('approve', at + gap, 'supervisor')
        return request.add('dispatch', at + gap, 'supervisor', employee='technician')

    request = report('leak', 0, now - 400)         # to accept or to return
    at = until_dispatch(request, now - 388)
    request.add('start', at + 30, 'technician')
    request.add('done', now - 200, 'technician', summary=request.work, materials=request.materials)
    request.messages = [(now - 350, 'resident', "请问师傅大概几点到？家里要留人。"),
                        (now - 345, 'agent', "您好，师傅半小时内到，到达前会电话联系您。")]
    request = report('drain', 2, now - 150)        # under way
    request.add('start', until_dispatch(request, now - 140) + 25, 'technician')
    request = report('tap', 0, now - 1500)         # appointment to come
    at = request.add('register', now - 1480, 'agent')
    slot = (now // DAY + 1) * DAY + 10 * 60
    at = request.add('confirm', at + 30, 'agent', start=slot, end=slot + 60)
    request.add('dispatch', at + 9, 'supervisor', employee='technician')
    report('corridor', 0, now - 18)                                 # just sent, nobody has looked yet
    request = report('toilet', 0, now - 31 * DAY)  # history: rated
    at = request.add('register', now - 31 * DAY + 20, 'agent')
    at = request.add('confirm', at + 15, 'agent', start=now - 30 * DAY, end=now - 30 * DAY + 60)
    request.add('dispatch', at + 5, 'supervisor', employee='technician3')
    request.add('start', now - 30 * DAY + 4, 'technician3')
    request.add('done', now - 30 * DAY + 58, 'technician3', summary=request.work, materials=request.materials)
    request.add('accept', now - 30 * DAY + 61, 'technician3', signed=True)
    request.add('rate', now - 30 * DAY + 200, 'resident', value=5, reason='attitude',
                comment="师傅很专业，走前还把地面擦干净了。")
    request.add('close', now - 29 * DAY, 'agent')
    request = report('leak', 2, now - 16 * DAY, 'phone')     # history: refused
    request.add('register', now - 16 * DAY + 2, 'agent')
    request.add('reject', now - 16 * DAY + 95, 'supervisor', reason="该问题属于开发商保修范围，已将资料转交并告知联系方式。")
    request = report('aircon', 2, now - 9 * DAY)             # history: called off by the resident
    request.add('register', now - 9 * DAY + 14, 'agent')
    request.add('cancel', now - 9 * DAY + 75, 'resident', reason="临时有事，下次再约。")

    neighbours = [r for r in people.residencies if r.unit.use == 'residential' and r.primary and r.holds(-2) and r is not home
                  and not r.resident.latin]
    neighbours.sort(key=lambda r: r.unit.building is not home.unit.building)
    for index, (code, minutes) in enumerate((('window', 75), ('socket', 200))):     # the technician's day
        request = report(code, 0, now - 1400, 'phone', neighbours[index % len(neighbours)])
        request.add('register', now - 1398, 'agent')
        request.add('confirm', now - 1392, 'agent', start=now + minutes, end=now + minutes + 60)
        request.add('dispatch', now - 1380, 'supervisor', employee='technician')
    for index, (code, days) in enumerate((('aircon', 1), ('waterproof', 2), ('bulky', 1)), 2):  # wait to be dispatched
        request = report(code, 0, now - 300, 'phone', neighbours[index % len(neighbours)])
        at = request.add('register', now - 298, 'agent')
        if 'review' in request.type.requires:
            at = request.add('approve', at + 21, 'supervisor')
        slot = (now // DAY + days) * DAY + 14 * 60
        request.add('confirm', at + 15, 'agent', start=slot, end=slot + request.type.planned_hours * 60)
    return requests
