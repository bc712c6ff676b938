"""Complaints, suggestions and praise in all states, and the callbacks that the rules draw from the demo's requests."""
import csv
from datetime import timedelta
from pathlib import Path
from random import Random

from odoo import fields
from odoo.tools import SQL, plaintext2html

#: hours after the receipt at which each state is reached, and who takes the step
STEPS = {
    'registered': (2, 'agent'), 'assigned': (5, 'supervisor'), 'investigating': (9, None), 'resolved': (40, None),
    'answered': (44, 'agent'), 'closed': (70, 'agent'), 'transferred': (6, 'supervisor'),
}
PATHS = {
    'new': (), 'registered': ('registered',), 'assigned': ('registered', 'assigned'),
    'investigating': ('registered', 'assigned', 'investigating'),
    'resolved': ('registered', 'assigned', 'investigating', 'resolved'),
    'answered': ('registered', 'assigned', 'investigating', 'resolved', 'answered'),
    'closed': ('registered', 'assigned', 'investigating', 'resolved', 'answered', 'closed'),
    'reopened': ('registered', 'assigned', 'investigating', 'resolved', 'answered', 'again'),
    'transferred': ('registered', 'transferred'),
}
CALL_DAYS = 21
SATISFIED = ("都修好了，师傅很专业。", "很满意，谢谢。", "没问题，辛苦了。", "Everything is fine, thank you.", "")
NEUTRAL = ("还可以，就是等的时间长了点。", "一般吧，下次提前打个电话。")
DISSATISFIED = ("修了两次还是漏，很不满意。", "来的人态度不好，没有清理现场。", "问题没有解决。")
NEEDS = ("希望能帮忙联系家政保洁。", "想装一个净水器，请推荐。", "希望单元门口加一个无障碍坡道。", "想咨询车位租赁。")


class ComplaintLoader:
    """Plays complaints and callbacks on the loaded demo.

    :param loader: the DemoLoader with places, staff, residents and requests
    """

    def __init__(self, loader):
        self.loader, self.env, self.draw = loader, loader.env, Random(7)
        self.now = fields.Datetime.now()

    def load(self):
        """Set ``loader.complaints`` and ``loader.callbacks``."""
        homes = [residency for residency in self.loader.data.people.residencies
                 if residency.end is None and residency.unit.use == 'residential' and residency.primary]
        shown = [residency for residency in homes if residency.resident.key == 'resident']
        homes = shown + [residency for residency in homes if residency not in shown]
        self.loader.complaints = self.env['property.service.complaint']
        with (Path(__file__).parent / 'complaints.csv').open(encoding='utf-8') as file:
            rows = sorted(csv.DictReader(file), key=lambda row: int(row['day']))
        for index, row in enumerate(rows):
            # the resident who can be signed in as has a few of them, the rest spread over the homes
            home = homes[0] if row['channel'] == 'portal' and index % 2 else homes[(index * 7 + 1) % len(homes)]
            self.loader.complaints += self._play(row, home, homes)
        self._set_call_hours(homes)
        self._load_callbacks()
        self._load_notices(homes[0].unit.building)
        self._load_procedures()
        self._load_care()

    # ---- NOTICES AND PROCEDURES ----

    def _load_notices(self, building):
        """An emergency that is over, and one in force where the resident lives who can be signed in as."""
        estate = self.loader.units[id(next(unit for unit in self.loader.data.units if unit.building is building))].estate_id
        buildings = self.env['property.service.building'].search([('estate_id', '=', estate.id), ('code', '=', building.code)])
        agent = self.loader.users['agent']
        for title, body, kind, days, note in (
            (("Fire alarm in the garage: false alarm", "地下车库火警（误报）"),
             ("Do not use the lifts, leave the garage on foot.", "请勿使用电梯，请步行离开地下车库。"),
             'fire', 12, ("It was a false alarm; the garage is open again.", "经核实为误报，车库已恢复通行。")),
            (("No water today from 2 to 6 p.m.", "今日14:00至18:00临时停水"),
             ("A main is being repaired. Please store some water.", "因主管道抢修临时停水，请提前储水，不便之处敬请谅解。"),
             'water', 0, None),
        ):
            notice = self.env['property.service.broadcast'].with_user(agent).sudo().create({  # sudo: as above
                'title': self.loader.pick(title), 'body': self.loader.pick(body), 'kind': kind, 'estate_id': estate.id, 'phone': "400-000-0000",
                'building_ids': [(6, 0, buildings.ids)] if kind == 'water' else False})
            at = self.now - timedelta(days=days, hours=3)
            notice._set_state('sent', sent_at=at, sent_by_id=agent.id)
            notice._add_recipients(at)
            if note:
                notice._set_state('ended', ended_at=at + timedelta(hours=2), end_note=self.loader.pick(note))

    def _load_procedures(self):
        pages = (
            ("Complaint Procedure", "投诉处理程序", 'complaint',
             "<ol><li>Listen, do not argue, write down time, place, event and demand.</li><li>Say who takes care of it and by when.</li>"
             "<li>Answer within 24 hours, settle within 72.</li><li>Nothing is closed without an answer.</li></ol>",
             "<ol><li>耐心倾听，不争辩，记录时间、地点、事件和诉求。</li><li>告知由谁处理、何时答复。</li>"
             "<li>24小时内答复，72小时内解决。</li><li>未答复不得关闭。</li></ol>"),
            ("Reception Manual", "接待手册", 'all',
             "<p>Stand up, greet, smile; see the visitor to the door.</p>", "<p>起立、问好、微笑；送客至门口。</p>"))
        for name, chinese, use, summary, text in pages:
            procedure = self.env['property.service.procedure'].create({
                'name': name, 'use': use, 'summary': summary, 'company_id': self.loader.company.id})
            self.loader.translate(procedure, name=chinese, summary=text)

    def _load_care(self):
        """Regular calls to those not heard for long, and greetings."""
        company = self.loader.company
        plan = self.env['property.service.visit.plan'].create({
            'name': "Not heard for half a year", 'company_id': company.id, 'months': 6, 'daily_number': 3,
            'script': "Good day, this is the service centre. We have not spoken for a while: how do you like living here? What could be better?"})
        self.loader.translate(
            plan, name="半年未联系的住户", script="您好，这里是客服中心。很久没有和您联系了，住得还满意吗？有哪些地方需要我们改进？")
        year = self.now.year + 1
        for name, chinese, kind, date in (
                ("Spring Festival", "春节", 'festival', f'{year}-02-17'), ("Birthday", "生日", 'birthday', False)):
            greeting = self.env['property.service.greeting'].create({
                'name': name, 'kind': kind, 'date': date, 'company_id': company.id,
                'template_id': self.env.ref(f'property_service.mail_template_greeting_{kind}').id})
            self.loader.translate(greeting, name=chinese)

    # ---- COMPLAINTS ----

    def _play(self, row, home, homes):
        """Create one and take it along its path, dated back step by step."""
        received = self.now + timedelta(days=int(row['day']), minutes=-self.draw.randint(30, 500))
        times, complaint = [received], self._create(row, home, homes)
        leader = self._get_leader(row['team'])
        for state in self._get_path(row):
            hours, who = (90, 'resident') if state == 'again' else STEPS[state]
            at = min(received + timedelta(hours=hours, minutes=self.draw.randint(0, 50)), self.now - timedelta(minutes=5))
            times.append(at)
            user = leader if who is None else self._get_resident_user(complaint) if who == 'resident' else self.loader.users[who]
            self._step(complaint.with_user(user).sudo(), state, row, at)  # sudo: the steps are told here, not decided
        self._date_back(complaint, times)
        return complaint

    def _get_path(self, row):
        path = PATHS[row['path']]
        if row['kind'] == 'praise':
            return [state for state in path if state in ('registered', 'answered', 'closed')]
        return [state for state in path if not (row['kind'] == 'suggestion' and state == 'investigating')]

    def _get_leader(self, team):
        return self.loader.teams[team].leader_id.user_id

    def _get_resident_user(self, complaint):
        return complaint.partner_id.user_ids[:1] or self.env.ref('base.user_root')

    def _get_category(self, code):
        return next(record.category_id for key, record in self.loader.types.items() if self.loader.data.types[key].category == code)

    def _create(self, row, home, homes):
        loader, staff = self.loader, row['channel'] == 'staff'
        vals = {
            'kind': row['kind'], 'category_id': self._get_category(row['category']).id, 'impact': row['impact'],
            'urgency': row['urgency'], 'title': loader.pick((row['title_en'], row['title_zh'])), 'description': row['text_zh'],
            'channel': 'other' if staff else row['channel'], 'user_id': loader.users['agent'].id, 'company_id': loader.company.id,
        }
        author = self.env.user
        if staff:
            author = loader.users['agent' if row['team'] == 'desk' else 'technician']
            vals.update(partner_id=author.partner_id.id, suggested_by_id=author.id)
        else:
            vals['unit_id'] = loader.units[id(home.unit)].id
            if row['shared'] == 'anonymous':
                vals.update(anonymous=True, unit_id=False, estate_id=loader.units[id(home.unit)].estate_id.id)
            else:
                vals['partner_id'] = loader.residents[home.resident.key].id
                author = loader.portal_users.get(home.resident.key, author) if row['channel'] == 'portal' else loader.users['agent']
        if row['shared'] == '1':
            neighbours = [residency for residency in homes if residency.unit.building is home.unit.building and residency is not home][:3]
            vals['complainant_ids'] = [(6, 0, [loader.residents[residency.resident.key].id for residency in neighbours])]
        elif row['shared'] and row['shared'] != 'anonymous':
            vals['about_employee_id'] = loader.employees[row['shared']].id
        return self.env['property.service.complaint'].with_user(author).sudo()._as_system().create(vals).with_env(self.env)  # sudo: as above

    def _step(self, complaint, state, row, at):
        if state == 'again':
            complaint._reopen(self.loader.pick(("He was just as rude today.", "今天态度还是一样。")), by_resident=True)
            return
        vals = {}
        if state == 'assigned':
            vals['employee_id'] = self.loader.teams[row['team']].leader_id.id
        elif state == 'resolved':
            vals = {'measure': row['measure_zh'], 'reply': plaintext2html(row['reply_zh']), 'cause': row['cause'] or False}
            if row['kind'] == 'complaint' and row['cause'] == 'people':
                complaint._as_system().write({'fault': 'team', 'fault_team_id': complaint.team_id.id, 'cause_text': "人员责任心不足，培训不到位。"})
        elif state == 'answered':
            if row['kind'] == 'praise':
                vals['reply'] = plaintext2html(row['reply_zh'])
            vals.update(answered_at=at, answered_by_id=complaint.env.uid, reply_channel='notice' if complaint.anonymous else 'mail')
            if row['kind'] == 'suggestion':
                vals['adoption'] = 'adopted'
        elif state == 'transferred':
            to = self.loader.pick(("City water works, 96116", "市自来水公司 96116"))
            reason = self.loader.pick(("The main in the street is theirs.", "市政主管网由自来水公司负责。"))
            vals = {'transferred_to': to, 'transfer_reason': reason}
        elif state == 'closed' and row['kind'] == 'complaint' and not complaint.anonymous:
            vals['answer_response'] = 'accepted'
        complaint._set_state(state, **vals)
        if state in ('assigned', 'answered', 'transferred') and not complaint.anonymous:
            complaint._mark_responded(at)
        if state == 'registered':
            complaint._detect_repeats()

    def _date_back(self, complaint, times):
        """Give the steps their times in everything they have written."""
        self.env.flush_all()
        received = times[0]
        logs = complaint.state_log_ids.sorted('id')
        reached = {}
        for log, at in zip(logs, times, strict=True):
            reached[log.to_state] = at
            self.env.cr.execute(SQL("UPDATE property_service_state_log SET at = %s WHERE id = %s", at, log.id))
        done = reached.get('resolved') if complaint.done_at else None
        closed = next((reached[state] for state in ('closed', 'transferred') if state in reached), None) if complaint.closed_at else None
        self.env.cr.execute(SQL(
            "UPDATE property_service_complaint SET create_date = %s, sla_start_at = %s, write_date = %s, done_at = %s, closed_at = %s,"
            " occurred_at = %s WHERE id = %s",
            received, received, times[-1], done, closed, received - timedelta(hours=3), complaint.id))
        self.env.cr.execute(SQL(
            "UPDATE mail_message SET date = %s, create_date = %s WHERE model = %s AND res_id = %s",
            times[-1], times[-1], complaint._name, complaint.id))
        self.env.cr.execute(SQL(
            "UPDATE mail_activity SET create_date = %s, date_deadline = %s WHERE res_model = %s AND res_id = %s",
            times[-1], times[-1].date(), complaint._name, complaint.id))
        self.env.invalidate_all(flush=False)
        for name in ('reply_hours', 'solution_hours'):
            self.env.add_to_compute(complaint._fields[name], complaint)
        complaint._recompute_clocks()
        if len(times) > 5:
            complaint.activity_ids.filtered(lambda activity: complaint.is_closed).unlink()

    # ---- CALLBACKS ----

    def _set_call_hours(self, homes):
        for index, residency in enumerate(homes):
            if index % 5 == 2:
                self.loader.residents[residency.resident.key].write({
                    'resident_consent': True, 'resident_birthday': f'{index % 12 + 1:02}-{index % 28 + 1:02}'})
            if index % 4 == 1:
                self.loader.residents[residency.resident.key].resident_call_hours = ('morning', 'afternoon', 'evening')[index // 4 % 3]

    def _load_callbacks(self):
        """Let the company's rules consider the last weeks, and make the calls that are not quite new."""
        Rule = self.env['property.service.callback.rule']
        rules = Rule.search([('company_id', 'in', (self.loader.company.id, False))])
        rules.processed_until = self.now - timedelta(days=CALL_DAYS)
        for rule in rules.filtered(lambda rule: rule.source != 'rating'):
            while rule._plan_batch(500):
                pass
        self.loader.callbacks = self.env['property.service.callback'].search([('company_id', '=', self.loader.company.id)], order='planned_at, id')
        users = [self.loader.users[name] for name in ('agent', 'agent2', 'agent3')]

        def get_caller(callback, index):
            """Whoever did the work does not call."""
            callers = [user for user in users if user not in callback._get_barred_employees().user_id]
            return callers[index % len(callers)]

        old = self.loader.callbacks.filtered(lambda callback: callback.planned_at < self.now - timedelta(hours=30))
        for index, callback in enumerate(old):
            if index % 19 != 11:  # a few have been forgotten and are late
                self._call(callback.with_user(get_caller(callback, index)).sudo(), index)  # sudo: as above
        fresh = self.loader.callbacks.filtered(lambda callback: callback.state == 'planned')[-2:]
        if fresh:
            caller = get_caller(fresh[0], 1)
            fresh[0].with_user(caller).sudo()._set_state('in_progress', caller_id=caller.id)  # sudo: as above
        self._keep_desk_clear()

    def _call(self, callback, index):
        at = min(callback.planned_at + timedelta(hours=self.draw.choice((2, 5, 20, 26, 44))), self.now - timedelta(minutes=30))
        luck = self.draw.random()
        times = [callback.planned_at, at]
        callback._set_state('in_progress', caller_id=callback.env.uid)
        attempts = [(at, 'reached')]
        if luck < .06:
            attempts = [(at - timedelta(hours=8), 'no_answer'), (at - timedelta(hours=4), 'no_answer'), (at, 'no_answer')]
            callback._set_state('unreachable', attempt_count=3, done_at=at)
        elif luck < .08:
            attempts = [(at, 'refused')]
            callback._set_state('cancelled', attempt_count=1, done_at=at, closed_at=at)
        else:
            if luck < .25:
                attempts.insert(0, (at - timedelta(hours=4), 'no_answer'))
            result, texts = ('satisfied', SATISFIED) if luck < .85 else ('neutral', NEUTRAL) if luck < .95 else ('dissatisfied', DISSATISFIED)
            callback._set_state(
                'done', attempt_count=len(attempts), result=result, comment=self.draw.choice(texts) or False, done_at=at,
                needs=self.draw.choice(NEEDS) if index % 6 == 2 else False)
            if result == 'dissatisfied':
                self._complain(callback, at)
        times.append(at)
        self.env['property.service.callback.attempt'].create([{
            'callback_id': callback.id, 'at': moment, 'user_id': callback.env.uid, 'channel': 'phone', 'outcome': outcome,
        } for moment, outcome in attempts])
        self.env.flush_all()
        for log, moment in zip(callback.state_log_ids.sorted('id'), times, strict=True):
            self.env.cr.execute(SQL("UPDATE property_service_state_log SET at = %s WHERE id = %s", moment, log.id))
        self.env.cr.execute(SQL(
            "UPDATE mail_message SET date = %s, create_date = %s WHERE model = %s AND res_id = %s", at, at, callback._name, callback.id))
        self.env.cr.execute(SQL(
            "UPDATE property_service_callback SET create_date = planned_at, write_date = %s WHERE id = %s", at, callback.id))
        self.env.invalidate_all(flush=False)
        callback.with_env(self.env)._recompute_clocks()

    def _complain(self, callback, at):
        """What follows in the demo from a dissatisfied resident is a complaint: the request's own history is told already."""
        request = callback.origin_request_id
        Complaint = self.env['property.service.complaint'].with_user(callback.env.user).sudo()  # sudo: as above
        complaint = Complaint.create({
            'title': self.loader.pick(("Dissatisfied in callback", "回访不满意")), 'description': callback.comment, 'channel': 'phone',
            'partner_id': callback.partner_id.id, 'unit_id': callback.unit_id.id, 'category_id': request.category_id.id,
            'request_id': request.id, 'about_team_id': callback.team_id.id, 'urgency': '2', 'user_id': callback.env.uid})
        callback._as_system().follow_up_complaint_id = complaint
        complaint = complaint.with_env(self.env)
        self._date_back(complaint, [at])
        self.loader.complaints += complaint

    def _keep_desk_clear(self):
        """Compute what hangs on the times once more for all of them."""
        self.env.flush_all()
        self.loader.callbacks._recompute_clocks()


def load_complaints(loader):
    """Load the complaints and callbacks of the demo; see ComplaintLoader."""
    ComplaintLoader(loader).load()
