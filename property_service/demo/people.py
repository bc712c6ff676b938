"""Names, staff and residents of the demo. Phone numbers use the block 0000, which is given to nobody."""
from dataclasses import dataclass, field

FAMILY_NAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
GIVEN_NAMES = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 "
    "建国 建华 志强 海燕 雪梅 玉兰 晓明 文博 子涵 浩然 宇轩 梓涵 欣怡 诗涵 思远 嘉豪 俊杰 雨桐 佳琪 一诺 天宇 晨曦 "
    "若曦 梦瑶 国庆 春梅 德华 淑珍 凤英 小红 立新 海涛 志远 佩君 家辉 美玲 慧敏 永康 振宇 婉婷").split()
LATIN_NAMES = (
    "Emma Fischer|Oliver Bennett|Sofia Rossi|Lucas Martin|Hannah Schmidt|James O'Connor|Mia Andersen|Daniel Kim|Isabella Silva|"
    "Noah Williams|Yuki Tanaka|Chloe Dubois|Ethan Clarke|Anna Kowalska|Liam Murphy|Grace Lee|Mateo García|Nina Petrova|"
    "Samuel Adeyemi|Priya Sharma|Jonas Lindqvist|Olivia Brown|Hugo Lefèvre|Laura Jensen|Ahmed Hassan|Elena Popescu|"
    "Thomas Müller|Zoe Papadopoulos|Max de Vries|Julia Novák|Kevin Tan|Rachel Wong").split('|')
SHOP_NAMES = (
    "鲜果时光水果店|晨光便利店|百味饺子馆|小城咖啡 Little Town Café|"
    "康健大药房|洁丽干洗|悦读书屋|金剪子理发|"
    "宝贝乐园早教|福满楼餐厅|顺达快印|爱宠之家|"
    "明眸眼镜|Sunny Bakery|四季花坊|乐活健身 LiveFit").split('|')
OFFICE_NAMES = (
    "恒信会计师事务所|远景软件有限公司|Blue Harbor Trading|中和律师事务所|"
    "启航教育咨询|万象广告|Orient Design Studio|立方建筑设计|"
    "博雅文化传播|安途物流|新叶环保科技|Northwind Consulting|"
    "嘉禾保险代理|云图数据服务|致远人力资源|汇川工程咨询|"
    "三合贸易|Pacific Export").split('|')
CARE_NOTES = (
    "老人独居，上门前请先打电话。|家有婴儿，午睡时间 12:00–14:30 请勿打扰。|听力不便，请发短信。|养猫两只，进出请随手关门。|"
    "Prefers English, works at home.|行动不便，应门较慢，请耐心等候。").split('|')

#: key, Chinese name, team, role in the demo, skills {code: level}. The key is the login of the employee's user.
EMPLOYEES = [
    ('manager', "林志远", 'office', "Property Manager", {}),
    ('quality', "苏文静", 'office', "Quality Officer", {}),
    ('hr', "郑海燕", 'office', "HR Officer", {}),
    ('accountant', "何美玲", 'office', "Accountant", {}),
    ('supervisor', "陈静", 'desk', "Customer Service Supervisor", {'reception': 3, 'decoration': 3}),
    ('agent', "周敏", 'desk', "Customer Service Agent", {'reception': 3, 'decoration': 2}),
    ('agent2', "吴佳琪", 'desk', "Customer Service Agent", {'reception': 2}),
    ('agent3', "Lily Zhao", 'desk', "Customer Service Agent", {'reception': 2, 'decoration': 2}),
    ('engineer_leader', "刘建国", 'engineering', "Chief Engineer", {'electricity': 3, 'plumbing': 3, 'decoration': 3, 'fire': 2}),
    ('technician', "王强", 'engineering', "Maintenance Technician", {'plumbing': 3, 'electricity': 2, 'carpentry': 2}),
    ('technician2', "李志强", 'engineering', "Maintenance Technician", {'electricity': 3, 'weak_current': 3, 'lift': 2}),
    ('technician3', "张海涛", 'engineering', "Maintenance Technician", {'plumbing': 2, 'waterproof': 3}),
    ('technician4', "赵勇", 'engineering', "Maintenance Technician", {'hvac': 3, 'electricity': 2}),
    ('technician5', "黄俊杰", 'engineering', "Maintenance Technician", {'carpentry': 3, 'plumbing': 1, 'decoration': 2}),
    ('technician6', "David Chen", 'engineering', "Maintenance Technician", {'lift': 3, 'fire': 3, 'electricity': 2}),
    ('technician7', "马振宇", 'engineering', "Maintenance Technician", {'plumbing': 2, 'hvac': 2, 'electricity': 1}),
    ('cleaning_leader', "孙秀英", 'cleaning', "Environment Supervisor", {'cleaning': 3, 'pest': 2}),
    ('cleaner1', "胡桂英", 'cleaning', "Cleaner", {'cleaning': 2}),
    ('cleaner2', "高淑珍", 'cleaning', "Cleaner", {'cleaning': 2}),
    ('cleaner3', "朱国庆", 'cleaning', "Gardener", {'gardening': 3, 'pest': 3, 'cleaning': 1}),
    ('cleaner4', "徐春梅", 'cleaning', "Cleaner", {'cleaning': 3}),
    ('security_leader', "罗刚", 'security', "Security Captain", {'patrol': 3, 'reception': 2, 'fire': 2}),
    ('guard1', "梁军", 'security', "Security Guard", {'patrol': 2, 'reception': 1}),
    ('guard2', "宋磊", 'security', "Security Guard", {'patrol': 2, 'reception': 1}),
    ('guard3', "韩超", 'security', "Security Guard", {'patrol': 1, 'reception': 1}),
]
LEADERS = {'desk': 'supervisor', 'engineering': 'engineer_leader', 'cleaning': 'cleaning_leader', 'security': 'security_leader',
           'office': 'manager'}
AGENTS = ('agent', 'agent2', 'agent3')
#: team -> (English, Chinese) names of the team and of its department
TEAMS = {
    'desk': (("Front Desk", "客服前台"), ("Customer Service", "客户服务部")),
    'engineering': (("Engineering", "工程维修班"), ("Engineering", "工程部")),
    'cleaning': (("Cleaning", "环境保洁班"), ("Environment", "环境部")),
    'security': (("Security", "秩序维护班"), ("Security", "秩序部")),
    'office': (("Management", "管理处"), ("Property Office", "综合管理部")),
}
JOBS = {
    "Property Manager": "项目经理", "Quality Officer": "品质专员", "HR Officer": "人事专员", "Accountant": "会计",
    "Customer Service Supervisor": "客服主管", "Customer Service Agent": "客服专员", "Chief Engineer": "工程主管",
    "Maintenance Technician": "维修技师", "Environment Supervisor": "环境主管", "Cleaner": "保洁员", "Gardener": "绿化工",
    "Security Captain": "秩序队长", "Security Guard": "秩序员",
}


@dataclass
class Resident:
    key: str
    name: str
    phone: str
    email: str
    latin: bool = False
    is_company: bool = False
    portal: bool = False
    care_note: str = ''


@dataclass
class Residency:
    resident: Resident
    unit: object
    role: str
    start: int              # days from today
    end: int | None = None
    primary: bool = False

    def holds(self, day):
        """Tell whether the resident lives there ``day`` days from today."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass
class People:
    residents: list = field(default_factory=list)
    residencies: list = field(default_factory=list)


class PeopleMaker:
    """Fills the units with owners, tenants, families and those who have moved out."""

    def __init__(self, rng):
        self.rng = rng
        self.people = People()
        self.latin = list(LATIN_NAMES)
        self.names = set()
        rng.shuffle(self.latin)

    def populate(self, units):
        """Return the People of ``units``."""
        shops, offices = list(SHOP_NAMES), list(OFFICE_NAMES)
        developer = self._company("金桥置业有限公司")
        homes = [unit for unit in units if unit.use == 'residential']
        for unit in units:
            if unit.use == 'residential':
                self._fill_home(unit, show=unit is homes[len(homes) // 2])
            elif unit.use == 'commercial':
                names = shops if unit.floor <= 2 else offices
                self._live(developer, unit, 'owner', -2500)
                if names:
                    self._live(self._company(names.pop(0)), unit, 'tenant', -self.rng.randint(120, 900), primary=True)
        owners = [r.resident for r in self.people.residencies if r.role == 'owner' and r.unit.use == 'residential']
        for unit in units:
            if unit.use == 'parking' and self.rng.random() < 0.7:
                self._live(self.rng.choice(owners), unit, 'owner', -self.rng.randint(300, 1500), primary=True)
        return self.people

    def _fill_home(self, unit, show):
        rng = self.rng
        moved_in = -rng.randint(700, 2600)
        kind = 'family' if show else rng.choices(['family', 'single', 'rented', 'empty'], [26, 34, 30, 10])[0]
        owner = self._person(name="张伟" if show else None, portal=show or rng.random() < 0.25)
        if show:
            owner.key = 'resident'
        if not show and rng.random() < 0.12:
            moved_out = -rng.randint(20, 400)
            self._live(self._person(), unit, 'owner' if kind != 'rented' else 'tenant', moved_in, end=moved_out)
            if kind == 'rented':
                self._live(owner, unit, 'owner', moved_in)
                self._live(self._person(portal=rng.random() < 0.3), unit, 'tenant', moved_out + rng.randint(0, 15), primary=True)
                return
            moved_in = moved_out
        self._live(owner, unit, 'owner', moved_in, primary=kind != 'rented')
        if kind == 'family':
            for _member in range(rng.choices([1, 2], [70, 30])[0]):
                member = self._person(family=owner.name[0] if not owner.latin and rng.random() < 0.5 else None,
                                      latin=owner.latin, portal=rng.random() < 0.1)
                self._live(member, unit, 'family', moved_in)
        elif kind == 'rented':
            since = -rng.randint(30, 600)
            self._live(self._person(portal=rng.random() < 0.4), unit, 'tenant', max(since, moved_in), primary=True)

    def _live(self, resident, unit, role, start, end=None, primary=False):
        self.people.residencies.append(Residency(resident, unit, role, start, end, primary))

    def _person(self, name=None, family=None, latin=None, portal=False):
        rng = self.rng
        if latin is None:
            latin = not name and not family and rng.random() < 0.11
        latin = bool(latin and self.latin)
        if latin:
            name = self.latin.pop()
        while not name or name in self.names:
            name = (family or rng.choice(FAMILY_NAMES)) + rng.choice(GIVEN_NAMES)
        care_note = rng.choice(CARE_NOTES) if rng.random() < 0.06 else ''
        return self._add(name, latin=latin, portal=portal, care_note=care_note)

    def _company(self, name):
        return self._add(name, latin=name[0].isascii(), is_company=True)

    def _add(self, name, **values):
        self.names.add(name)
        number = len(self.people.residents) + 1
        prefix = self.rng.choice(['135', '136', '138', '139', '150', '158', '186', '188'])
        resident = Resident(
            f'resident{number:03d}', name, f'{prefix} 0000 {number:04d}', f'resident{number:03d}@example.com', **values)
        self.people.residents.append(resident)
        return resident
