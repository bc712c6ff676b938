"""Who should do a job, and why: ranking of employees for dispatch (R5, R6). No ORM, no text, no clock.

A score is the sum of five parts, at most 100:

=========  =====  ==============================================================================================
part       most   full marks
=========  =====  ==============================================================================================
skill      40     every required skill at the required level (30), and the more above it the better (10)
team       20     member of the request's team
presence   20     at work when the job is done: at the appointment, else now
load       16     no open job; half of it at two
place      4      has a job in the same building; half of it in the same estate. Less than an idle worker's second job costs
=========  =====  ==============================================================================================

Somebody who lacks a required skill, is absent or is booked at that time is *unsuitable*: never chosen without a person's decision,
and never scored above :data:`UNSUITABLE_CAP`, so that the order of the scores is the order of the list.
"""
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timezone, tzinfo

from .intervals import covered_share, is_inside, overlaps

__all__ = ['Candidate', 'Job', 'Ranked', 'Skill', 'SkillNeed', 'assign', 'rank', 'rate']

SKILL_MET, SKILL_SURPLUS = 30.0, 10.0
TEAM_MEMBER, TEAM_ABROAD, TEAM_SERVES, TEAM_ESTATE = 20.0, 16.0, 14.0, 8.0
PRESENT, PRESENCE_UNKNOWN, PARTLY_PRESENT = 20.0, 15.0, 12.0
LOAD, LOAD_HALVED_AT = 16.0, 2
SAME_BUILDING, SAME_ESTATE = 4.0, 2.0
#: the least that a suitable candidate gets is 30 + 12
UNSUITABLE_CAP = 40.0


@dataclass(frozen=True)
class SkillNeed:
    """A required skill; ``minimum`` is the least progress in percent."""

    skill_id: int
    minimum: int = 0
    name: str = ''
    level: str = ''


@dataclass(frozen=True)
class Skill:
    """A skill somebody has, valid from and to these days (both included, None: open)."""

    skill_id: int
    progress: int
    level: str = ''
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day):
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Coverage:
    """What a team serves; None: everything."""

    estate_ids: frozenset | None = None
    category_ids: frozenset | None = None

    def serves_estate(self, estate_id):
        return self.estate_ids is None or estate_id in self.estate_ids

    def serves_category(self, category_ids):
        return self.category_ids is None or not self.category_ids.isdisjoint(category_ids)


@dataclass(frozen=True)
class Job:
    """What is to be done. Times are naive UTC; without an appointment ``start`` and ``end`` are None."""

    id: int
    needs: tuple = ()
    team_id: int | None = None
    estate_id: int | None = None
    building_id: int | None = None
    category_ids: frozenset = frozenset()
    start: datetime | None = None
    end: datetime | None = None


@dataclass
class Candidate:
    """Somebody who could do it.

    ``work`` is the working time as disjoint pairs of naive UTC up to ``known_until``; ``busy`` are appointments as
    ``(start, end, job id, label)``; ``buildings`` and ``estates`` count the open jobs there.
    """

    id: int
    name: str = ''
    skills: tuple = ()
    teams: dict = field(default_factory=dict)
    work: list = field(default_factory=list)
    known_until: datetime | None = None
    tz: tzinfo = timezone.utc
    load: int = 0
    buildings: Counter = field(default_factory=Counter)
    estates: Counter = field(default_factory=Counter)
    busy: list = field(default_factory=list)
    #: open jobs already held: they count in ``load``, but not against themselves when they are given out again
    jobs: frozenset = frozenset()

    def take(self, job):
        """Book ``job`` on the candidate, so that the next one of a batch sees it."""
        self.load += 1
        if job.building_id:
            self.buildings[job.building_id] += 1
        if job.estate_id:
            self.estates[job.estate_id] += 1
        if job.start and job.end:
            self.busy.append((job.start, job.end, job.id, ''))


@dataclass(frozen=True)
class Ranked:
    """The result for one candidate: ``reasons`` and ``warnings`` are ``(code, params)`` pairs for the caller to word."""

    candidate: Candidate
    score: float
    suitable: bool
    reasons: tuple
    warnings: tuple

    @property
    def sort_key(self):
        return (-self.score, self.candidate.load, self.candidate.name, self.candidate.id)


def rate(job, candidate, now):
    """Rate one candidate for one job.

    :param Job job: the job
    :param Candidate candidate: the candidate
    :param datetime now: naive UTC
    :rtype: Ranked
    """
    reasons, warnings = [], []
    parts = [
        _rate_skills(job, candidate, job.start or now, reasons, warnings),
        _rate_team(job, candidate, reasons, warnings),
        _rate_presence(job, candidate, now, reasons, warnings),
        _rate_load(job, candidate, reasons),
        _rate_place(job, candidate, reasons),
    ]
    score = sum(points for points, _suitable in parts)
    suitable = all(suitable for _points, suitable in parts)
    if not suitable:
        score = min(score, UNSUITABLE_CAP)
    return Ranked(candidate, round(score, 1), suitable, tuple(reasons), tuple(warnings))


def rank(job, candidates, now):
    """Return all candidates rated, the best first; the order is the same whenever the facts are."""
    return sorted((rate(job, candidate, now) for candidate in candidates), key=lambda ranked: ranked.sort_key)


def assign(jobs, candidates_of, now, only_suitable=False):
    """Give each job to its best candidate, one after the other, each seeing the load of those before it.

    :param list[Job] jobs: in the order in which they are served
    :param candidates_of: function from a job to its candidates, shared among the jobs and changed by this
    :param bool only_suitable: leave a job rather than give it to somebody unsuitable
    :return: {job id: Ranked or None}
    """
    result = {}
    for job in jobs:
        best = min((rate(job, candidate, now) for candidate in candidates_of(job)),
                   key=lambda ranked: ranked.sort_key, default=None)
        if best and only_suitable and not best.suitable:
            best = None
        result[job.id] = best
        if best and job.id not in best.candidate.jobs:
            best.candidate.take(job)
    return result


def _rate_skills(job, candidate, moment, reasons, warnings):
    if not job.needs:
        return SKILL_MET + SKILL_SURPLUS, True
    # A certificate is valid by the day where the employee is, not by the day in Greenwich.
    day = moment.replace(tzinfo=timezone.utc).astimezone(candidate.tz).date()
    met, surplus = 0, 0.0
    for need in job.needs:
        held = [skill for skill in candidate.skills if skill.skill_id == need.skill_id]
        valid = max((skill for skill in held if skill.is_valid(day)), key=lambda skill: skill.progress, default=None)
        if valid and valid.progress >= need.minimum:
            met += 1
            surplus += (valid.progress - need.minimum) / (100 - need.minimum) if need.minimum < 100 else 1.0
            reasons.append(('skill_ok', {'skill': need.name, 'level': valid.level}))
        elif valid:
            warnings.append(('skill_low', {'skill': need.name, 'level': valid.level, 'needed': need.level}))
        elif held:
            warnings.append(('skill_expired', {'skill': need.name}))
        else:
            warnings.append(('skill_missing', {'skill': need.name}))
    count = len(job.needs)
    return SKILL_MET * met / count + SKILL_SURPLUS * surplus / count, met == count


def _rate_team(job, candidate, reasons, warnings):
    own = candidate.teams.get(job.team_id) if job.team_id else None
    if own:
        if own.serves_estate(job.estate_id):
            reasons.append(('team_member', {}))
            return TEAM_MEMBER, True
        warnings.append(('team_abroad', {}))
        return TEAM_ABROAD, True
    teams = candidate.teams.values()
    if any(team.serves_estate(job.estate_id) and team.serves_category(job.category_ids) for team in teams):
        reasons.append(('team_serves', {}))
        return TEAM_SERVES, True
    if any(team.serves_estate(job.estate_id) for team in teams):
        warnings.append(('team_other_work', {}))
        return TEAM_ESTATE, True
    warnings.append(('team_other', {}))
    return 0.0, True


def _rate_presence(job, candidate, now, reasons, warnings):
    if not job.start or not job.end or job.end <= now:
        if is_inside(candidate.work, now):
            reasons.append(('at_work_now', {}))
            return PRESENT, True
        warnings.append(('absent_now', {}))
        return 0.0, False
    for start, end, job_id, label in candidate.busy:
        if job_id != job.id and overlaps(job.start, job.end, start, end):
            warnings.append(('booked', {'job': label}))
            return 0.0, False
    if candidate.known_until and job.end > candidate.known_until:
        return PRESENCE_UNKNOWN, True
    share = covered_share(candidate.work, job.start, job.end)
    if share > 0.999:
        reasons.append(('at_work_then', {}))
        return PRESENT, True
    if share > 0 and is_inside(candidate.work, job.start):
        warnings.append(('partly_then', {}))
        return PARTLY_PRESENT, True
    warnings.append(('absent_then', {}))
    return 0.0, False


def _rate_load(job, candidate, reasons):
    load = candidate.load - (job.id in candidate.jobs)
    reasons.append(('load', {'count': load}))
    return LOAD / (1 + load / LOAD_HALVED_AT), True


def _rate_place(job, candidate, reasons):
    own = int(job.id in candidate.jobs)
    if job.building_id and candidate.buildings[job.building_id] > own:
        reasons.append(('same_building', {}))
        return SAME_BUILDING, True
    if job.estate_id and candidate.estates[job.estate_id] > own:
        reasons.append(('same_estate', {}))
        return SAME_ESTATE, True
    return 0.0, True
