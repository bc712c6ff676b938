"""The demo's catalogue: categories, service types and checklists from the CSV files beside this one, English and Chinese."""
import csv
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent

#: skill type -> ((English, Chinese), levels as (English, progress), skills as code -> (English, Chinese))
SKILL_TYPES = {
    'trades': (("Building Trades", "工程技能"), {
        'plumbing': ("Plumbing", "给排水"), 'electricity': ("Electrician's Licence", "电工证"),
        'hvac': ("Air Conditioning", "暖通空调"), 'weak_current': ("Low-Voltage Systems", "弱电系统"),
        'carpentry': ("Locks and Carpentry", "门锁木工"), 'waterproof': ("Waterproofing", "防水施工"),
        'lift': ("Lift Safety", "电梯安全管理"), 'fire': ("Fire Safety", "消防设施操作"),
    }),
    'grounds': (("Cleaning and Grounds", "保洁绿化技能"), {
        'cleaning': ("Cleaning", "保洁"), 'pest': ("Pest Control", "有害生物防制"), 'gardening': ("Gardening", "园林绿化"),
    }),
    'service': (("Resident Service", "客户服务技能"), {
        'reception': ("Reception", "前台接待"), 'decoration': ("Decoration Review", "装修管理"), 'patrol': ("Patrol", "秩序巡逻"),
    }),
}
#: levels of every skill type: number used by the catalogue -> (name, progress in percent)
LEVELS = {1: ("初级 Junior", 40), 2: ("中级 Skilled", 70), 3: ("高级 Master", 100)}


@dataclass
class ServiceType:
    code: str
    category: str
    team: str
    kind: str
    name: tuple[str, str]
    description: tuple[str, str]
    price: tuple[str, str]
    planned_hours: float
    priority: str
    requires: frozenset
    skills: dict
    callback_rate: float
    weight: int
    checklist: list = field(default_factory=list)   # (required, (English, Chinese))
    texts: dict = field(default_factory=dict)       # language -> [(title, description, work record, materials)]


@dataclass
class Category:
    code: str
    name: tuple[str, str]
    team: str
    color: int


def _rows(name):
    with (HERE / name).open(encoding='utf-8', newline='') as file:
        yield from csv.DictReader(file)


def read_categories():
    """Return the categories in the order of the file."""
    return [Category(row['code'], (row['name_en'], row['name_zh']), row['team'], int(row['color']))
            for row in _rows('service_categories.csv')]


def read_types():
    """Return ``{code: ServiceType}`` with checklists and the texts that residents write about each type."""
    teams = {category.code: category.team for category in read_categories()}
    types = {}
    for row in _rows('service_types.csv'):
        types[row['code']] = ServiceType(
            row['code'], row['category'], row['team'] or teams[row['category']], row['kind'],
            (row['name_en'], row['name_zh']), (row['description_en'], row['description_zh']), (row['price_en'], row['price_zh']),
            float(row['planned_hours']), row['priority'], frozenset(row['requires'].split()),
            {skill: int(level) for skill, level in (item.split(':') for item in row['skills'].split())},
            float(row['callback_rate']), int(row['weight']))
    for row in _rows('service_checklists.csv'):
        types[row['type']].checklist.append((row['required'] == '1', (row['name_en'], row['name_zh'])))
    for row in _rows('request_texts.csv'):
        types[row['type']].texts.setdefault(row['lang'], []).append(
            (row['title'], row['description'], row['work'], row['materials']))
    return types
