"""Standards with versions, comments and readers; the risk register; quality meetings."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields
from odoo.fields import Command

#: key -> (kind, (English, Chinese) name, owner, categories, reading teams, (English, Chinese) text)
STANDARDS = {
    'home': ('standard', ("Repair in the Home", "入户维修服务标准"), 'engineer_leader', ('repair', 'home'), ('engineering',), (
        "<h3>Before</h3><ol><li>Call the resident an hour ahead.</li><li>Uniform, badge, tool mat.</li></ol>"
        "<h3>In the home</h3><ol><li>Ring once, step back, say who you are.</li><li>Close the valve or switch off the power first.</li>"
        "<li>Photo before and after.</li></ol><h3>After</h3><ol><li>Clean up.</li><li>Show that it works; ask for the signature.</li></ol>",
        "<h3>上门前</h3><ol><li>提前一小时电话预约。</li><li>着工装、佩戴工牌，带工具垫。</li></ol>"
        "<h3>上门中</h3><ol><li>按铃一次，退后一步，主动说明身份。</li><li>先关阀门或断电。</li><li>维修前后拍照。</li></ol>"
        "<h3>完工后</h3><ol><li>清理现场。</li><li>现场演示，请住户签字确认。</li></ol>")),
    'complaint': ('procedure', ("Complaint Procedure", "投诉处理程序"), 'supervisor', (), ('desk',), (
        "<ol><li>Listen, do not argue, write down.</li><li>Answer within 24 hours, solve within 72.</li><li>Call back every complainant.</li></ol>",
        "<ol><li>耐心倾听，不争辩，如实记录。</li><li>24小时内响应，72小时内解决。</li><li>投诉百分之百回访。</li></ol>")),
    'reception': ('manual', ("Reception Manual", "前台接待手册"), 'supervisor', ('enquiry', 'convenience'), ('desk',), (
        "<p>Stand up, smile, look at the resident. Three rings at most. Never talk about one resident to another.</p>",
        "<p>起立、微笑、目视住户。铃响三声内接听。不得向他人透露住户信息。</p>")),
    'cleaning': ('standard', ("Cleaning of Common Areas", "公共区域保洁标准"), 'cleaning_leader', ('cleaning',), ('cleaning',), (
        "<table><tbody><tr><th>Where</th><th>How often</th></tr><tr><td>Lobby</td><td>twice a day</td></tr>"
        "<tr><td>Stairs</td><td>every other day</td></tr></tbody></table>",
        "<table><tbody><tr><th>区域</th><th>频次</th></tr><tr><td>大堂</td><td>每日两次</td></tr><tr><td>楼梯</td><td>隔日一次</td></tr></tbody></table>")),
    'lift': ('plan', ("Emergency Plan: Caught in a Lift", "电梯困人应急预案"), 'engineer_leader', ('facility',), ('engineering', 'security'), (
        "<ol><li>Talk to them through the intercom, do not leave them alone.</li><li>Call the lift firm: there within 30 minutes.</li>"
        "<li>Two trained people release them.</li></ol>",
        "<ol><li>通过对讲安抚被困人员，不得离开。</li><li>立即通知维保单位，30分钟内到场。</li><li>两名持证人员实施救援。</li></ol>")),
    'fire': ('plan', ("Emergency Plan: Fire", "火灾应急预案"), 'security_leader', ('security',), ('security', 'engineering'), (
        "<ol><li>119.</li><li>Evacuate by the stairs, floor by floor.</li><li>Keep the fire lane free.</li></ol>",
        "<ol><li>拨打119。</li><li>由楼梯逐层疏散。</li><li>保持消防通道畅通。</li></ol>")),
}
CHANGE = ("Shoe covers, after the owners' committee asked for them.", "应业主委员会建议，增加“入户穿鞋套”要求。")
ADDED = ("<p>Put on shoe covers at the door.</p>", "<p>进门前穿戴鞋套。</p>")
COMMENTS = (
    ("Please also say how long a visit may be late before you call.", "请写明师傅迟到多久需要提前致电说明。", 'accepted',
     ("Ten minutes: it is in the text now.", "十分钟，已写入标准。")),
    ("Old people should be called twice.", "对独居老人建议多打一次电话。", None, ("", "")),
)
#: (English, Chinese), kind, category, owner, likelihood, impact, with measures, plan, months between drills, (English, Chinese) measures
RISKS = (
    (("Somebody is caught in a lift", "电梯困人"), 'people', 'facility', 'engineer_leader', '4', '4', ('2', '3'), 'lift', 6,
     ("Maintenance every two weeks; two trained people on each shift.", "每半月维保一次；每班两名持证救援人员。")),
    (("Fire in a home or the garage", "住宅或车库火灾"), 'people', 'security', 'security_leader', '3', '5', ('2', '5'), 'fire', 6,
     ("Monthly check of extinguishers and hydrants; no charging of scooters in corridors.", "每月检查灭火器与消火栓；楼道禁止电动车充电。")),
    (("Old people at home alone in need", "独居老人突发情况"), 'people', None, 'supervisor', '4', '3', ('3', '3'), None, 0,
     ("Weekly call; key with a neighbour.", "每周电话问候；邻里代管钥匙。")),
    (("Burst riser", "主水管爆裂"), 'equipment', 'repair', 'engineer_leader', '3', '4', ('2', '3'), None, 12,
     ("Pressure test every year; valves labelled on every floor.", "每年试压；每层阀门标识清楚。")),
    (("Power cut", "停电"), 'equipment', 'facility', 'engineer_leader', '3', '3', ('3', '2'), None, 12,
     ("Generator tested monthly.", "发电机每月试运行。")),
    (("Failure of the gate system", "门禁系统故障"), 'equipment', 'security', 'security_leader', '4', '2', ('2', '2'), None, 0,
     ("Spare controller on site.", "现场备用控制器。")),
    (("Typhoon, falling objects", "台风及高空坠物"), 'environment', None, 'manager', '4', '5', ('3', '4'), None, 12,
     ("Balconies checked before the season; nets at entrances.", "台风季前检查阳台；单元入口加装防护网。")),
    (("Flooded garage after heavy rain", "暴雨车库倒灌"), 'environment', 'facility', 'engineer_leader', '3', '4', None, None, 12,
     ("", "")),
    (("Slippery floor in the lobby", "大堂地面湿滑"), 'environment', 'cleaning', 'cleaning_leader', '4', '2', ('2', '2'), None, 0,
     ("Mats and signs on rainy days.", "雨天铺设防滑垫并放置提示牌。")),
)


def load_standards(loader):
    """Load the documents; staff, catalogue and residents must be there. Set ``loader.standards`` and ``loader.categories``."""
    today = fields.Date.context_today(loader.env['res.company'])
    Standard = loader.env['property.service.standard']
    loader.categories = {category.code: category for category in loader.env['property.service.category'].search(
        [('company_id', '=', loader.company.id)])}
    loader.standards = {}
    for index, (key, (kind, name, owner, categories, teams, text)) in enumerate(STANDARDS.items()):
        standard = Standard.create({
            'code': f"{loader.prefix}{key.upper()}",
            'name': loader.pick(name), 'kind': kind, 'body': loader.pick(text), 'company_id': loader.company.id,
            'owner_id': loader.employees[owner].id,
            'category_ids': [Command.set([loader.categories[code].id for code in categories])],
            'reader_team_ids': [Command.set([loader.teams[code].id for code in teams])]})
        begun = today - relativedelta(days=340 - 40 * index)
        _approve(loader, standard, begun)
        if key == 'home':
            standard = _load_next_version(loader, standard, today)
        loader.standards[key] = standard
    for code, key in (('repair', 'home'), ('home', 'home'), ('cleaning', 'cleaning')):
        loader.env['property.service.type'].search([
            ('category_id', '=', loader.categories[code].id), ('kind', '=', 'service'), ('company_id', '=', loader.company.id),
        ]).standard_id = loader.standards[key]
    _load_draft(loader, loader.standards['home'], today)


def _approve(loader, standard, day):
    """Approve it as quality did on ``day``; all but the first of its readers and the technician have read it since."""
    standard.with_user(loader.users['quality']).action_approve()
    moment = fields.Datetime.to_datetime(day) + timedelta(hours=3)
    standard._as_step().write({
        'approved_at': moment, 'effective_date': day, 'review_date': day + relativedelta(months=standard.review_months)})
    for number, reading in enumerate(standard.reading_ids):
        reading.due_date = day + timedelta(days=14)
        if number and reading.employee_id != loader.employees['technician']:
            reading.read_at = moment + timedelta(days=number % 9, hours=number)
            standard.activity_unlink(['property_service.mail_activity_type_standard_read'], user_id=reading.employee_id.user_id.id)


def _load_next_version(loader, standard, today):
    draft = standard.browse(standard.with_user(loader.users['quality']).action_new_version()['res_id'])
    draft.write({'change_note': loader.pick(CHANGE), 'body': draft.body + Markup(loader.pick(ADDED))})
    day = today - timedelta(days=45)
    _approve(loader, draft, day)
    standard._as_step().retired_on = day
    return draft


def _load_draft(loader, standard, today):
    """The version after next is open for comments: two are there."""
    draft = standard.browse(standard.with_user(loader.users['quality']).action_new_version()['res_id'])
    representatives = [user.partner_id.id for user in loader.portal_users.values()][:2]
    draft.write({
        'change_note': loader.pick(("Delays are announced.", "增加迟到告知要求。")), 'comment_until': today + timedelta(days=10),
        'comment_partner_ids': [Command.set(representatives)]})
    draft._as_step().invited_at = fields.Datetime.now() - timedelta(days=3)
    for partner_id, (english, chinese, verdict, answer) in zip(representatives, COMMENTS, strict=False):
        comment = loader.env['property.service.standard.comment'].create({
            'standard_id': draft.id, 'partner_id': partner_id, 'body': loader.pick((english, chinese))})
        if verdict:
            comment.write({'verdict': verdict, 'answer': loader.pick(answer)})


def _load_review(loader, today):
    """The emergency plan of fire was reviewed after a drill, and confirmed."""
    review = loader.env['property.service.process.review'].with_context(lang=loader.users['quality'].lang).create({
        'standard_id': loader.standards['fire'].id, 'date': today - timedelta(days=21), 'outcome': 'keep',
        'reviewer_ids': [Command.set([loader.employees[key].id for key in ('quality', 'security_leader')])],
        'scope': loader.pick(("Records of the last drill, talks with two guards.", "上次演练记录，访谈两名保安员。")),
        'findings': loader.pick(("Known and followed; phone numbers are right.", "人人知晓并按规定执行，联系电话准确。"))})
    review.action_done()


def load_risks_and_meetings(loader):
    """Load the risk register with drills, and two meetings: last month's held, this month's planned. Requests must be there."""
    today = fields.Date.context_today(loader.env['res.company'])
    Risk, Drill = loader.env['property.service.risk'], loader.env['property.service.risk.drill']
    for name, kind, category, owner, likelihood, impact, residual, plan, months, measures in RISKS:
        risk = Risk.create({
            'name': loader.pick(name), 'kind': kind, 'company_id': loader.company.id, 'owner_id': loader.employees[owner].id,
            'category_id': loader.categories[category].id if category else False, 'likelihood': likelihood, 'impact': impact,
            'measures': loader.pick(measures), 'drill_months': months, 'review_date': today + timedelta(days=30 * (1 + len(name[0]) % 5)),
            'residual_likelihood': residual and residual[0], 'residual_impact': residual and residual[1],
            'plan_ids': [Command.set(loader.standards[plan].ids if plan else [])]})
        if months:
            drill = Drill.create({'risk_id': risk.id, 'date': today - timedelta(days=90), 'leader_id': risk.owner_id.id})
            drill.write({
                'date_done': drill.date, 'outcome': 'weak' if kind == 'people' else 'passed',
                'result': loader.pick(("Everybody was there in nine minutes; one radio was dead.", "九分钟内全员到位；一台对讲机没电。"))})
    _load_review(loader, today)
    Meeting = loader.env['property.service.quality.meeting'].with_context(lang=loader.users['quality'].lang)
    month = today.replace(day=1) - relativedelta(months=2)
    people = [loader.employees[key].id for key in ('manager', 'quality', 'supervisor', 'engineer_leader', 'cleaning_leader', 'security_leader')]
    meeting = Meeting.create({
        'company_id': loader.company.id, 'month': month, 'chair_id': loader.employees['manager'].id,
        'minute_taker_id': loader.employees['quality'].id, 'participant_ids': [Command.set(people)],
        'place': loader.pick(("Meeting room 2", "二号会议室")),
        'date': fields.Datetime.to_datetime(month + relativedelta(months=1, day=5)) + timedelta(hours=2)})
    loader.env['property.service.quality.decision'].create([{
        'meeting_id': meeting.id, 'name': loader.pick(text), 'responsible_id': loader.employees[owner].id, 'deadline': today + timedelta(days=days),
    } for text, owner, days in (
        (("Announce water cuts two days ahead", "停水须提前两天公告"), 'supervisor', 10),
        (("Second person at the desk from 17 to 20", "17至20点前台增加一人"), 'supervisor', 20))])
    meeting.decision_ids[:1].action_open_corrective()
    meeting.action_done()
