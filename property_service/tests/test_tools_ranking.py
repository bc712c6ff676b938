import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytz

from odoo.tests import BaseCase, tagged

from ..tools import ranking
from ..tools.intervals import covered_share, is_inside, merge
from ..tools.slots import free_slots

NOW = datetime(2026, 11, 23, 2, 0)  # Monday 10:00 in Shanghai
MORNING = (datetime(2026, 11, 23, 0, 0), datetime(2026, 11, 23, 4, 0))
AFTERNOON = (datetime(2026, 11, 23, 5, 0), datetime(2026, 11, 23, 9, 0))
DAY = [MORNING, AFTERNOON]
PLUMBING, ELECTRICS = 1, 2
OWN_TEAM, OTHER_TEAM = 10, 20
ESTATE, BUILDING = 100, 1000


def make_candidate(id_=1, **vals):
    return ranking.Candidate(**{
        'id': id_, 'name': f"Worker {id_:03}", 'work': DAY, 'teams': {OWN_TEAM: ranking.Coverage()},
        'known_until': NOW + timedelta(days=30), **vals})


def make_job(id_=7, **vals):
    return ranking.Job(**{
        'id': id_, 'team_id': OWN_TEAM, 'estate_id': ESTATE, 'building_id': BUILDING, 'category_ids': frozenset({5}), **vals})


def codes(pairs):
    return [code for code, _params in pairs]


@tagged('post_install', '-at_install')
class TestIntervals(BaseCase):

    def test_merge(self):
        cases = [
            ([], []),
            ([(3, 3)], []),
            ([(1, 2), (2, 3)], [(1, 3)]),
            ([(5, 6), (1, 2)], [(1, 2), (5, 6)]),
            ([(1, 9), (2, 3)], [(1, 9)]),
        ]
        for pairs, expected in cases:
            self.assertEqual(merge(pairs), expected)

    def test_is_inside(self):
        for moment, expected in (
            (MORNING[0], True), (MORNING[0] - timedelta(seconds=1), False), (MORNING[1], False),
            (MORNING[1] + timedelta(minutes=30), False), (AFTERNOON[0], True), (AFTERNOON[1], False),
        ):
            self.assertEqual(is_inside(DAY, moment), expected, moment)
        self.assertFalse(is_inside([], NOW))

    def test_covered_share(self):
        hour = timedelta(hours=1)
        for start, end, expected in (
            (MORNING[0], MORNING[1], 1.0),
            (MORNING[0], AFTERNOON[1], 8 / 9),
            (MORNING[1], AFTERNOON[0], 0.0),
            (MORNING[1] - hour, MORNING[1] + hour, 0.5),
            (AFTERNOON[1], AFTERNOON[1] + hour, 0.0),
            (NOW, NOW, 1.0),
            (MORNING[0] - hour, AFTERNOON[1] + hour, 8 / 11),
        ):
            self.assertAlmostEqual(covered_share(DAY, start, end), expected)


@tagged('post_install', '-at_install')
class TestRanking(BaseCase):

    def test_best_possible_score_is_100(self):
        job = make_job(needs=(ranking.SkillNeed(PLUMBING, 50),))
        best = ranking.rate(job, make_candidate(
            skills=(ranking.Skill(PLUMBING, 100),), buildings=Counter({BUILDING: 1}), estates=Counter({ESTATE: 1})), NOW)
        self.assertEqual((best.score, best.suitable, best.warnings), (100.0, True, ()))
        self.assertEqual(codes(best.reasons), ['skill_ok', 'team_member', 'at_work_now', 'load', 'same_building'])

    def test_skill_and_level(self):
        job = make_job(needs=(ranking.SkillNeed(PLUMBING, 50, "Plumbing", "Skilled"),))
        for skills, warning, suitable in (
            ((ranking.Skill(PLUMBING, 50),), [], True),
            ((ranking.Skill(PLUMBING, 49),), ['skill_low'], False),
            ((ranking.Skill(ELECTRICS, 100),), ['skill_missing'], False),
            ((), ['skill_missing'], False),
            ((ranking.Skill(PLUMBING, 80, valid_to=date(2026, 11, 23)),), [], True),
            ((ranking.Skill(PLUMBING, 80, valid_to=date(2026, 11, 22)),), ['skill_expired'], False),
            ((ranking.Skill(PLUMBING, 80, valid_from=date(2026, 11, 24)),), ['skill_expired'], False),
            ((ranking.Skill(PLUMBING, 80, valid_to=date(2025, 1, 1)), ranking.Skill(PLUMBING, 60)), [], True),
        ):
            rated = ranking.rate(job, make_candidate(skills=skills), NOW)
            self.assertEqual((codes(rated.warnings), rated.suitable), (warning, suitable), skills)

    def test_certificate_is_judged_on_the_day_of_the_job_where_the_employee_is(self):
        need = (ranking.SkillNeed(PLUMBING),)
        skill = (ranking.Skill(PLUMBING, 80, valid_to=date(2026, 11, 22)),)
        night = datetime(2026, 11, 22, 17, 0)  # in Greenwich it is still the 22nd, in Shanghai the 23rd
        work = [(night - timedelta(hours=1), night + timedelta(hours=3))]
        in_shanghai = make_candidate(skills=skill, work=work, tz=pytz.timezone('Asia/Shanghai'))
        in_brussels = make_candidate(skills=skill, work=work, tz=pytz.timezone('Europe/Brussels'))
        self.assertFalse(ranking.rate(make_job(needs=need), in_shanghai, night).suitable)
        self.assertTrue(ranking.rate(make_job(needs=need), in_brussels, night).suitable)
        later = make_job(needs=need, start=night + timedelta(hours=1), end=night + timedelta(hours=2))
        self.assertFalse(ranking.rate(later, in_shanghai, night - timedelta(hours=5)).suitable)

    def test_team(self):
        everywhere, here = ranking.Coverage(), ranking.Coverage(frozenset({ESTATE}), frozenset({5}))
        elsewhere, other_work = ranking.Coverage(frozenset({999})), ranking.Coverage(None, frozenset({6}))
        expected = [
            ({OWN_TEAM: everywhere}, 'team_member'), ({OWN_TEAM: here}, 'team_member'), ({OWN_TEAM: elsewhere}, 'team_abroad'),
            ({OTHER_TEAM: here}, 'team_serves'), ({OTHER_TEAM: other_work}, 'team_other_work'),
            ({OTHER_TEAM: elsewhere}, 'team_other'),
        ]
        scores = []
        for teams, code in expected:
            rated = ranking.rate(make_job(), make_candidate(teams=teams), NOW)
            self.assertIn(code, codes(rated.reasons) + codes(rated.warnings))
            scores.append(rated.score)
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(codes(ranking.rate(make_job(team_id=None), make_candidate(), NOW).reasons)[0], 'team_serves')

    def test_presence(self):
        hour = timedelta(hours=1)
        lunch = MORNING[1] + timedelta(minutes=10)
        for start, end, now, code, suitable in (
            (None, None, NOW, 'at_work_now', True),
            (None, None, lunch, 'absent_now', False),
            (AFTERNOON[0], AFTERNOON[0] + hour, NOW, 'at_work_then', True),
            (AFTERNOON[0], AFTERNOON[0] + hour, lunch, 'at_work_then', True),
            (AFTERNOON[1] - hour, AFTERNOON[1] + hour, NOW, 'partly_then', True),
            (lunch, lunch + hour, NOW, 'absent_then', False),
            (AFTERNOON[1], AFTERNOON[1] + hour, NOW, 'absent_then', False),
            # a missed appointment is work for now
            (NOW - 2 * hour, NOW - hour, NOW, 'at_work_now', True),
        ):
            rated = ranking.rate(make_job(start=start, end=end), make_candidate(), now)
            self.assertIn(code, codes(rated.reasons + rated.warnings))
            self.assertEqual(rated.suitable, suitable, code)
        far = NOW + timedelta(days=40)
        unknown = ranking.rate(make_job(start=far, end=far + hour), make_candidate(), NOW)
        self.assertTrue(unknown.suitable)
        self.assertFalse({'at_work_then', 'absent_then'}.intersection(codes(unknown.reasons + unknown.warnings)))

    def test_booked(self):
        job = make_job(start=AFTERNOON[0], end=AFTERNOON[1])
        hour = timedelta(hours=1)
        for busy, suitable in (
            ((AFTERNOON[0] - hour, AFTERNOON[0], 8, 'SR/8'), True),
            ((AFTERNOON[0] - hour, AFTERNOON[0] + hour, 8, 'SR/8'), False),
            ((AFTERNOON[0], AFTERNOON[1], job.id, 'itself'), True),
            ((AFTERNOON[1], AFTERNOON[1] + hour, 8, 'SR/8'), True),
        ):
            self.assertEqual(ranking.rate(job, make_candidate(busy=[busy]), NOW).suitable, suitable, busy)

    def test_unsuitable_stands_behind_suitable(self):
        """Whoever may do it is above whoever may not, however idle and near the other one is."""
        generator = random.Random(5)
        for _round in range(200):
            job = make_job(needs=(ranking.SkillNeed(PLUMBING, 40), ranking.SkillNeed(ELECTRICS)))
            candidates = [make_candidate(
                id_,
                skills=tuple(ranking.Skill(skill, generator.choice((20, 40, 90))) for skill in (PLUMBING, ELECTRICS)
                             if generator.random() < 0.7),
                teams={generator.choice((OWN_TEAM, OTHER_TEAM)): ranking.Coverage()},
                load=generator.randrange(6), work=generator.choice((DAY, [])),
                buildings=Counter({BUILDING: generator.randrange(2)}), estates=Counter({ESTATE: 1}),
            ) for id_ in range(20)]
            ranked = ranking.rank(job, candidates, NOW)
            suitable = [item.suitable for item in ranked]
            self.assertEqual(suitable, sorted(suitable, reverse=True))
            self.assertTrue(all(0 <= item.score <= 100 for item in ranked))
            generator.shuffle(candidates)
            self.assertEqual(
                [item.candidate.id for item in ranking.rank(job, candidates, NOW)], [item.candidate.id for item in ranked])

    def test_more_load_is_never_better(self):
        scores = [ranking.rate(make_job(), make_candidate(load=load), NOW).score for load in range(50)]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(len(set(scores[:20])), 20)

    def test_own_job_does_not_count_against_its_holder(self):
        job = make_job()
        holder = make_candidate(load=1, jobs=frozenset({job.id}), buildings=Counter({BUILDING: 1}), estates=Counter({ESTATE: 1}))
        rated = ranking.rate(job, holder, NOW)
        self.assertIn(('load', {'count': 0}), rated.reasons)
        self.assertNotIn('same_building', codes(rated.reasons))

    def test_assign_balances(self):
        candidates = [make_candidate(id_) for id_ in range(1, 5)]
        jobs = [make_job(id_, building_id=None, estate_id=None) for id_ in range(1, 13)]
        result = ranking.assign(jobs, lambda job: candidates, NOW)
        shares = Counter(item.candidate.id for item in result.values())
        self.assertEqual(set(shares.values()), {3})

    def test_assign_does_not_book_twice(self):
        candidates = [make_candidate(1), make_candidate(2)]
        jobs = [make_job(id_, start=AFTERNOON[0], end=AFTERNOON[0] + timedelta(hours=1)) for id_ in (1, 2, 3)]
        result = ranking.assign(jobs, lambda job: candidates, NOW, only_suitable=True)
        self.assertEqual([result[1].candidate.id, result[2].candidate.id, result[3]], [1, 2, None])
        self.assertEqual(ranking.assign(jobs, lambda job: [], NOW), {1: None, 2: None, 3: None})


@tagged('post_install', '-at_install')
class TestSlots(BaseCase):

    def slots(self, length=2.0, workers=None, busy=(), earliest=datetime(2026, 11, 22), **options):
        return [
            (slot['start'].hour, slot['end'].hour, slot['free'], slot['capacity'])
            for slot in free_slots(DAY, timedelta(hours=length), workers or {}, busy, earliest, **options)]

    def test_grid_follows_the_working_hours(self):
        self.assertEqual(self.slots(), [(0, 2, 1, 1), (2, 4, 1, 1), (5, 7, 1, 1), (7, 9, 1, 1)])
        self.assertEqual(self.slots(length=3), [(0, 3, 1, 1), (5, 8, 1, 1)])
        self.assertEqual(self.slots(length=6), [(0, 4, 1, 1), (5, 9, 1, 1)], "longer than a half day: the whole half day")
        self.assertEqual(len(self.slots(step=timedelta(hours=1))), 6)
        self.assertEqual(self.slots(limit=2), [(0, 2, 1, 1), (2, 4, 1, 1)])

    def test_nothing_in_the_past(self):
        self.assertEqual(self.slots(earliest=NOW + timedelta(minutes=1)), [(5, 7, 1, 1), (7, 9, 1, 1)])
        self.assertEqual(self.slots(earliest=NOW)[0], (2, 4, 1, 1))

    def test_capacity_is_who_is_at_work(self):
        workers = {1: DAY, 2: [AFTERNOON], 3: []}
        self.assertEqual(self.slots(workers=workers), [(0, 2, 1, 1), (2, 4, 1, 1), (5, 7, 2, 2), (7, 9, 2, 2)])
        self.assertEqual(self.slots(workers={3: []}), [])

    def test_appointments_take_places(self):
        workers = {1: DAY, 2: DAY}
        first = (MORNING[0], MORNING[0] + timedelta(hours=2))
        for busy, free in (
            ([], 2),
            ([(*first, 1)], 1),
            ([(*first, None)], 1),
            ([(*first, 1), (*first, 1)], 1),
            ([(*first, 9)], 2),
            ([(first[1], first[1] + timedelta(hours=1), 1)], 2),
        ):
            self.assertEqual(self.slots(workers=workers, busy=busy)[0], (0, 2, free, 2), busy)
        full = self.slots(workers=workers, busy=[(*first, 1), (*first, None)])
        self.assertEqual(full[0], (2, 4, 2, 2))
