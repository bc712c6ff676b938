from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import survey_statistics as stats
from . import campaign_states
from .survey_question import FACTORS, SCORES, STAFF_SCORES

_MAX_TREND = 8

#: sums of the answers to one question from one stratum, building (or team, among employees) and role
Cell = namedtuple('Cell', 'question stratum estate building role answers total satisfied promoters detractors')


class PropertyServiceSurveyCampaign(models.Model):
    """What came out: one aggregate in the database, everything else is arithmetic on its few thousand sums.

    All rates are percentages. Satisfied means 4-5 of 5. ``n`` are people: two questions of a factor answered by one resident
    are two answers and one opinion, so that the interval is computed with the people.
    """

    _inherit = 'property.service.survey.campaign'

    @api.readonly
    def get_results(self, compare_id=False, weighted=False, estate_id=False, building_id=False, role=False, date_from=False, date_to=False):
        """Return the figures of the result page as plain data; groups too small to be shown have ``masked`` and no figures.

        :param int compare_id: campaign to compare with
        :param bool weighted: weigh each stratum by its part of the population
        :param int estate_id: only its answers; ``building_id``, ``role`` and the dates (strings) likewise
        :rtype: dict
        """
        self.ensure_one()
        self._check_group(campaign_states.READER_GROUPS)
        campaign = self.sudo()  # sudo: readers of results read no answers; only sums leave this method
        filters = self._clean_filters(estate_id, building_id, role, date_from, date_to)
        other = self.browse(self._clean_id(compare_id)).exists()
        other.check_access('read')
        (campaign | other.sudo())._check_filters(filters)  # sudo: as above
        choices = campaign._get_choices()  # first: reads the names of all places in one go, whichever of them have answers
        results = campaign._compute_results(filters, weighted)
        results |= {'choices': choices, 'compared': False}
        if other:
            results['compared'] = {'id': other.id, 'name': other.name}
            self._compare(results, other.sudo()._compute_results(filters, weighted))  # sudo: as above
        results['trend'] = campaign._get_trend(results.pop('sums'))
        return results

    def _clean_id(self, value):
        try:
            return int(value or 0)
        except (TypeError, ValueError):
            return 0

    def _clean_filters(self, estate_id, building_id, role, date_from, date_to):
        try:
            dates = [fields.Date.to_date(date) if date else None for date in (date_from, date_to)]
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is not a date.")) from error
        return {
            'estate': self._clean_id(estate_id), 'building': self._clean_id(building_id),
            'role': role if role in dict(campaign_states.ROLES) and role != 'any' else False, 'from': dates[0], 'to': dates[1],
        }

    # ---- SQL ----

    def _get_where(self, filters):
        """Return the SQL condition on the answers ``i`` of the campaign."""
        conditions = [SQL("i.property_campaign_id = %s AND i.state = 'done' AND i.test_entry IS NOT TRUE", self.id)]
        if filters['estate']:
            conditions.append(SQL("i.property_estate_id = %s", filters['estate']))
        if filters['building']:
            conditions.append(SQL("i.%s = %s", SQL.identifier(self._get_part_field()), filters['building']))
        if filters['role']:
            conditions.append(SQL("i.property_role = %s", filters['role']))
        if filters['from']:
            conditions.append(SQL("i.end_datetime >= %s", filters['from']))
        if filters['to']:
            conditions.append(SQL("i.end_datetime < %s::date + 1", filters['to']))
        return SQL(" AND ").join(conditions)

    def _get_cells(self, filters):
        """Return [Cell] of the scored answers: one pass over the lines, grouped in the database."""
        self.env['survey.user_input'].flush_model()
        self.env['survey.user_input.line'].flush_model()
        return [Cell(*row) for row in self.env.execute_query(SQL("""
            SELECT l.question_id, i.property_stratum_id, i.property_estate_id, i.%s, i.property_role, COUNT(*),
                   SUM(l.value_scale), COUNT(*) FILTER (WHERE l.value_scale >= %s), COUNT(*) FILTER (WHERE l.value_scale >= %s),
                   COUNT(*) FILTER (WHERE l.value_scale <= %s)
              FROM survey_user_input i
              JOIN survey_user_input_line l ON l.user_input_id = i.id
             WHERE %s AND l.answer_type = 'scale' AND l.skipped IS NOT TRUE
             GROUP BY 1, 2, 3, 4, 5
            """, SQL.identifier(self._get_part_field()), stats.SATISFIED_FROM, stats.PROMOTER_FROM, stats.DETRACTOR_TO,
            self._get_where(filters)))]

    def _count_answers(self, filters):
        [(count,)] = self.env.execute_query(SQL("SELECT COUNT(*) FROM survey_user_input i WHERE %s", self._get_where(filters)))
        return count

    def _get_part_field(self):
        """Return the column of the answers with the part of the estate that results are broken down by."""
        return 'property_building_id'

    def _get_part_model(self):
        """Return the model of that part."""
        return 'property.service.building'

    def _get_heat_measures(self):
        """Return what the heat map shows of each part: ``factors`` or ``scores``."""
        return 'factors'

    # ---- FIGURES ----

    def _compute_results(self, filters, weighted):
        questions = self.env['survey.question'].search([('survey_id', '=', self.survey_id.id), ('is_page', '=', False)])
        minimum, withheld = self._get_min_group(), self._is_withheld()
        cells, answers = ([], 0) if withheld else (self._get_cells(filters), self._count_answers(filters))
        # Whether a group may be shown depends on all answers, not on those that a filter lets through.
        everything = cells if minimum == 1 or withheld or not any(filters.values()) else self._get_cells(dict.fromkeys(filters, False))
        people = {stratum.id: stratum.population for stratum in self.stratum_ids} if weighted else None
        judged = questions.filtered(lambda q: (q.property_factor or q.property_score) and q.property_pair != 'expectation')
        overall = judged.filtered(lambda q: q.property_score == 'overall') or judged

        def select(selected, among):
            ids = set(selected.ids)
            return [cell for cell in among if cell.question in ids]

        def figure(selected, among=None):
            found = select(selected, cells if among is None else among)
            if found and minimum > 1 and any(filters.values()) and self._is_hidden(filters, select(selected, everything), minimum):
                return {'n': self._count_people(found), 'masked': True}
            return self._get_figure(found, people, minimum)

        def breakdown(name, labels):
            if minimum > 1 and filters['role' if name != 'role' else 'estate'] or name == 'role' and minimum > 1 and filters['building']:
                return []  # two criteria at once: small groups could be found by subtraction
            groups = {}
            for cell in cells:
                groups.setdefault(getattr(cell, name), []).append(cell)
            hidden = self._get_hidden(select(overall, everything), minimum)[name]
            return [
                {'id': key, 'name': labels.get(key) or "", 'n': self._count_people(group), 'masked': True} if key in hidden
                else {'id': key, 'name': labels.get(key) or "", **figure(overall, group)}
                for key, group in sorted(groups.items(), key=lambda item: (item[0] is None, labels.get(item[0]) or ""))]

        recommend = select(questions.filtered('property_is_nps'), cells)
        asked = self._count_people(recommend)
        nps_hidden = asked < minimum or minimum > 1 and any(filters.values()) and self._is_hidden(
            filters, select(questions.filtered('property_is_nps'), everything), minimum)
        results = {
            'campaign': {
                'id': self.id, 'name': self.name, 'state': self.state, 'target': self.target, 'benchmark': self.benchmark,
                'benchmark_label': self._get_benchmark_label(), 'anonymous': self.anonymous, 'minimum': minimum, 'withheld': withheld,
                'evaluator': self.evaluator_id.name or "", 'kind': self.kind,
                'survey': self.survey_id.title, 'may_act': self.env.user.has_group('property_service.group_quality')
                or self.env.user.has_group('property_service.group_manager'),
            },
            'answers': answers,
            'invited': self.invited_count, 'answered': self.answered_count, 'response_rate': self.response_rate,
            'weighted': bool(weighted),
            'sums': self._get_overall_sums(select(questions.filtered(lambda q: q.property_score == 'overall'), cells), filters),
            'overall': figure(overall),
            'nps': None if nps_hidden else stats.net_promoter_score(
                sum(c.promoters for c in recommend), sum(c.detractors for c in recommend), asked),
            'nps_answers': asked,
            'factors': [], 'scores': [],
            'strata': [{
                'id': stratum.id, 'name': stratum.display_name, 'population': stratum.population, 'drawn': stratum.drawn,
                'answered': stratum.answered, 'response_rate': stratum.response_rate} for stratum in self.stratum_ids],
        }
        factors = dict(questions._fields['property_factor']._description_selection(self.env))
        for key, _label in FACTORS:
            found = figure(judged.filtered(lambda q, key=key: q.property_factor == key))
            if found['n'] or found.get('masked'):
                expected = figure(questions.filtered(lambda q, key=key: q.property_factor == key and q.property_pair == 'expectation'))
                results['factors'].append({
                    'key': key, 'name': factors[key], **found, 'expectation': expected.get('mean'),
                    'gap': stats.gap(found.get('mean'), expected.get('mean'))})
        scores = dict(questions._fields['property_score']._description_selection(self.env))
        for key, _label in SCORES + STAFF_SCORES:
            found = figure(judged.filtered(lambda q, key=key: q.property_score == key))
            if found['n'] or found.get('masked'):
                results['scores'].append({'key': key, 'name': scores[key], **found})
        others = self.env._("Groups too small to be named")
        places = {model: {None: others} | dict(self.env[model].browse({getattr(c, name) for c in cells} - {None}).mapped(
            lambda place: (place.id, place.name))) for name, model in (
                ('estate', 'property.service.estate'), ('building', self._get_part_model()))}
        roles = {None: others} | dict(self.env['survey.user_input']._fields['property_role']._description_selection(self.env))
        results['by_estate'] = breakdown('estate', places['property.service.estate'])
        results['by_role'] = breakdown('role', roles)
        results['by_building'] = breakdown('building', places[self._get_part_model()])
        results['by_period'] = [] if minimum > 1 else self._get_periods(filters)
        results['heat'] = self._get_heat(cells, select(judged, everything), results, judged)
        return results

    def _get_overall_sums(self, cells, filters):
        """Return (answers, satisfied) of all answers to the overall question, None where a filter lets only some through."""
        if any(filters.values()):
            return None
        return sum(cell.answers for cell in cells), sum(cell.satisfied for cell in cells)

    def _get_benchmark_label(self):
        """Return what the benchmark is, in the reader's language where nothing was entered."""
        shipped = self._fields['benchmark'].default(self)
        return self.benchmark_label or (self.env._("Industry 2022") if self.benchmark == shipped else self.env._("Benchmark"))

    def _count_people(self, cells):
        """Return how many answered at least: the most answers that one question has."""
        counts = {}
        for cell in cells:
            counts[cell.question] = counts.get(cell.question, 0) + cell.answers
        return max(counts.values(), default=0)

    def _get_figure(self, cells, populations, minimum):
        """Return {rate, low, high, mean, n, answers} of cells, without figures when there are too few.

        :param dict populations: {stratum id: population} to weigh with; None: all answers alike
        """
        number = self._count_people(cells)
        if not number:
            return {'n': 0}
        if number < minimum:
            return {'n': number, 'masked': True}
        pooled = set()
        if populations is not None and minimum > 1:
            # Plain and weighted rate of two strata are two equations: strata too small are taken together.
            groups = {}
            for cell in cells:
                groups.setdefault(cell.stratum, []).append(cell)
            pooled = stats.masked({key: self._count_people(group) for key, group in groups.items()}, minimum)
        strata = {}
        for cell in cells:
            key = 'pooled' if cell.stratum in pooled else cell.stratum
            answers, satisfied, total = strata.get(key, (0, 0, 0))
            strata[key] = (answers + cell.answers, satisfied + cell.satisfied, total + cell.total)
        sizes = dict(populations or {}, pooled=sum((populations or {}).get(key) or 0 for key in pooled))
        strata = [stats.Stratum(sizes.get(key) or 0, *sums) for key, sums in strata.items()]
        answers = sum(stratum.answers for stratum in strata)
        rate, mean, effective = stats.plain(strata)
        if populations is not None and any(stratum.population for stratum in strata):
            rate, mean, effective = stats.weighted(strata)
        low, high = stats.wilson(rate, effective * number / answers)
        return {'rate': 100 * rate, 'low': 100 * low, 'high': 100 * high, 'mean': mean, 'n': number, 'answers': answers,
                'effective': effective * number / answers}

    def _get_heat(self, cells, everything, results, judged):
        """Return {factors, rows}: the mean of each factor in each building, groups too small left blank."""
        minimum = results['campaign']['minimum']
        masked = {row['id'] for row in results['by_building'] if row.get('masked')}
        measures = results[self._get_heat_measures()]
        name = {'factors': 'property_factor', 'scores': 'property_score'}[self._get_heat_measures()]
        factor_of = {question.id: question[name] for question in judged if question[name]}
        groups, all_of_factor = {}, {}
        for cell in cells:
            if cell.question in factor_of:
                groups.setdefault((cell.building, factor_of[cell.question]), []).append(cell)
        for cell in everything:
            if cell.question in factor_of:
                all_of_factor.setdefault(factor_of[cell.question], []).append(cell)
        hidden = {factor: self._get_hidden(found, minimum)['building'] for factor, found in all_of_factor.items()}

        def mean(building, factor):
            found = groups.get((building, factor))
            if not found or building in masked or building in hidden[factor]:
                return None
            return sum(cell.total for cell in found) / sum(cell.answers for cell in found)

        return {
            'factors': [{'key': measure['key'], 'name': measure['name']} for measure in measures],
            'rows': [{
                'id': row['id'], 'name': row['name'], 'n': row['n'], 'masked': row['id'] in masked,
                'cells': [mean(row['id'], measure['key']) for measure in measures],
            } for row in results['by_building']],
        }

    # ---- OVER TIME ----

    def _compare(self, results, before):
        """Add to each figure the one before, the change, and whether the change is more than chance."""
        earlier = {('factors', f['key']): f for f in before['factors']} | {('scores', s['key']): s for s in before['scores']}
        pairs = [(results['overall'], before['overall'])] + [
            (figure, earlier.get((name, figure['key']))) for name in ('factors', 'scores') for figure in results[name]]
        for name in ('by_estate', 'by_building', 'by_role'):
            same = {row['id']: row for row in before[name] if row['id']}
            pairs += [(row, same.get(row['id'])) for row in results[name]]
        for figure, other in pairs:
            if 'rate' not in figure or not other or 'rate' not in other:
                continue
            low, high = stats.difference(figure['rate'] / 100, figure['effective'], other['rate'] / 100, other['effective'])
            figure['before'] = {
                'rate': other['rate'], 'mean': other['mean'], 'n': other['n'], 'change': figure['rate'] - other['rate'],
                'low': 100 * low, 'high': 100 * high, 'certain': low > 0 or high < 0}
        results['nps_before'] = before['nps']

    def _get_trend(self, sums=None):
        """Return the overall rate of this and the campaigns before, oldest first; too small ones are left out.

        :param sums: (answers, satisfied) of this campaign, if they are known already
        """
        campaigns = self.search([
            ('company_id', '=', self.company_id.id), ('kind', '=', self.kind), ('survey_id', '=', self.survey_id.id),
            ('state', '!=', 'draft'), ('date_start', '<=', self.date_start)], limit=_MAX_TREND).filtered(lambda c: not c._is_withheld())
        known = {self.id: sums} if sums else {}
        asked = tuple(campaign.id for campaign in campaigns if campaign.id not in known)
        rows = known | {campaign_id: (number, satisfied) for campaign_id, number, satisfied in asked and self.env.execute_query(SQL("""
            SELECT i.property_campaign_id, COUNT(*), COUNT(*) FILTER (WHERE l.value_scale >= %s)
              FROM survey_user_input i
              JOIN survey_user_input_line l ON l.user_input_id = i.id
              JOIN survey_question q ON q.id = l.question_id
             WHERE i.property_campaign_id IN %s AND i.state = 'done' AND i.test_entry IS NOT TRUE AND q.property_score = 'overall'
               AND l.answer_type = 'scale'
             GROUP BY 1
            """, stats.SATISFIED_FROM, asked))}
        trend = []
        for campaign in campaigns[::-1]:
            number, satisfied = rows.get(campaign.id, (0, 0))
            if number and number >= campaign._get_min_group():
                low, high = stats.wilson(satisfied / number, number)
                trend.append({
                    'id': campaign.id, 'name': campaign.name, 'date': fields.Date.to_string(campaign.date_start), 'n': number,
                    'rate': 100 * satisfied / number, 'low': 100 * low, 'high': 100 * high})
        return trend

    def _get_periods(self, filters):
        """Return the overall rate month by month, with the company's calendar; nothing when all is one month."""
        zone = self.company_id.resource_calendar_id.tz or 'UTC'
        [(months,)] = self.env.execute_query(SQL(
            "SELECT COUNT(DISTINCT date_trunc('month', i.end_datetime AT TIME ZONE 'UTC' AT TIME ZONE %s)) FROM survey_user_input i WHERE %s",
            zone, self._get_where(filters)))
        if months < 2:
            return []
        rows = self.env.execute_query(SQL("""
            SELECT to_char(i.end_datetime AT TIME ZONE 'UTC' AT TIME ZONE %s, 'YYYY-MM'), COUNT(DISTINCT i.id), COUNT(*), SUM(l.value_scale),
                   COUNT(*) FILTER (WHERE l.value_scale >= %s)
              FROM survey_user_input i
              JOIN survey_user_input_line l ON l.user_input_id = i.id
              JOIN survey_question q ON q.id = l.question_id
             WHERE %s AND q.property_score = 'overall' AND l.answer_type = 'scale' AND l.skipped IS NOT TRUE
             GROUP BY 1 ORDER BY 1
            """, zone, stats.SATISFIED_FROM, self._get_where(filters)))
        periods = []
        for month, number, answers, total, satisfied in rows if len(rows) > 1 else []:
            low, high = stats.wilson(satisfied / answers, number)
            periods.append({
                'id': month, 'name': month, 'n': number, 'answers': answers, 'rate': 100 * satisfied / answers, 'low': 100 * low,
                'high': 100 * high, 'mean': total / answers})
        return periods

    def _get_choices(self):
        """Return what can be filtered by and compared with."""
        strata = self.stratum_ids
        buildings = self.env['property.service.building'].browse([building.id for (building,) in self.env[
            'property.service.survey.invitation']._read_group([('campaign_id', '=', self.id)], ['building_id']) if building])
        others = self.search([
            ('company_id', '=', self.company_id.id), ('state', '!=', 'draft'), ('id', '!=', self.id), ('kind', '!=', 'staff')], limit=50)
        roles = self.env['survey.user_input']._fields['property_role']._description_selection(self.env)
        return {
            'campaigns': [{'id': other.id, 'name': other.name, 'anonymous': other.anonymous} for other in others],
            'previous_id': self.previous_id.id,
            'estates': [{'id': estate.id, 'name': estate.name} for estate in strata.estate_id],
            'buildings': [{'id': b.id, 'name': b.name, 'estate_id': b.estate_id.id} for b in buildings],
            'roles': [{'id': key, 'name': name} for key, name in roles],
        }
