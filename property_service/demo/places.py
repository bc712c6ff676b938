"""Two estates, eight buildings and their units."""
from dataclasses import dataclass, field


@dataclass
class Unit:
    code: str
    name: str
    building: object
    floor: int
    area: float
    use: str
    label: str = ''
    decoration: str = ''
    equipment: str = ''
    tags: frozenset = frozenset()


@dataclass
class Building:
    code: str
    name: str
    estate: object
    floors: int
    kind: str
    units: list = field(default_factory=list)


@dataclass
class Estate:
    code: str
    name: tuple[str, str]
    use: str
    address: tuple[str, str]
    buildings: list = field(default_factory=list)


#: building: code, name, kind, floors, units per floor
ESTATES = [
    (('CH', ("Green Lake Garden", "翠湖花园"), 'residential', ("翠湖路 18 号", "深圳")), [
        ('1', "1号楼", 'flats', 12, 2), ('2', "2号楼", 'flats', 12, 2), ('3', "3号楼", 'flats', 12, 2),
        ('5', "5号楼", 'flats', 11, 2), ('B1', "地下车库", 'garage', 1, 30)]),
    (('JQ', ("Golden Bridge Plaza", "金桥广场"), 'mixed', ("金桥大道 66 号", "深圳")), [
        ('A', "A座公寓", 'flats', 14, 4), ('B', "B座写字楼", 'offices', 7, 3), ('C', "C座商业街", 'shops', 2, 8)]),
]
COMMON = {
    'flats': [('LOBBY', "大堂 Lobby", 'lobby'), ('LIFT', "电梯 Lift", 'lift'), ('ROOF', "屋面外墙 Roof", 'roof')],
    'offices': [('LOBBY', "大堂 Lobby", 'lobby'), ('LIFT', "货梯客梯 Lifts", 'lift')],
    'shops': [('PLAZA', "中心广场 Plaza", 'garden'), ('DOCK', "卸货区 Loading Bay", 'gate')],
    'garage': [('GATE', "车库入口 Garage Gate", 'gate'), ('PUMP', "消防泵房 Pump Room", 'fire'),
               ('GARDEN', "中心花园 Garden", 'garden'), ('PLAY', "儿童乐园 Playground", 'garden')],
}
DECORATIONS = (
    "2021年全屋翻新，卫生间防水重做。|2019年厨房改造，移动燃气管一次。|2022年更换断桥铝窗。|精装交付，未改动。|2023年客厅与阳台打通（已备案）。").split('|')
EQUIPMENT = (
    "中央空调一台（2020），燃气热水器（2019）。|壁挂空调三台，电热水器（2021）。|新风系统（2022），净水器（2022）。|壁挂空调两台，燃气热水器（2018）。").split('|')


def make_estates(rng, scale=1.0):
    """Return the estates with buildings and units.

    :param float scale: share of the floors, for quick tests
    """
    estates = []
    for (code, name, use, address), buildings in ESTATES:
        estate = Estate(code, name, use, address)
        for building_code, building_name, kind, floors, per_floor in buildings:
            floors = max(1, round(floors * scale))
            if kind == 'garage':
                per_floor = max(4, round(per_floor * scale))
            building = Building(building_code, building_name, estate, floors, kind)
            _add_units(rng, building, per_floor)
            estate.buildings.append(building)
        estates.append(estate)
    return estates


def _add_units(rng, building, per_floor):
    code = building.code
    for floor in range(1, building.floors + 1):
        for door in range(1, per_floor + 1):
            if building.kind == 'garage':
                unit = Unit(f'{door:03d}', f'{code}-{door:03d}', building, -1, 12.5, 'parking')
            elif building.kind == 'shops':
                number = f'{floor}{door:02d}'
                unit = Unit(number, f'{code}-{number}', building, floor, rng.randint(35, 180), 'commercial')
            elif building.kind == 'offices':
                number = f'{floor + 2}{door:02d}'
                unit = Unit(number, f'{code}-{number}', building, floor + 2, rng.randint(80, 260), 'commercial')
            else:
                number = f'{floor}{door:02d}'
                area = round(rng.choice([68, 76, 89, 96, 105, 118, 128, 143]) + rng.randint(0, 9) / 10, 1)
                entrance = '1-' if code.isdecimal() else ''
                unit = Unit(
                    number, f'{code}-{entrance}{number}', building, floor, area, 'residential',
                    decoration=rng.choice(DECORATIONS) if rng.random() < 0.3 else '',
                    equipment=rng.choice(EQUIPMENT) if rng.random() < 0.4 else '')
            building.units.append(unit)
    for common_code, label, tag in COMMON[building.kind]:
        building.units.append(Unit(
            common_code, f'{code}-{label}', building, -1 if building.kind == 'garage' else 1, 0, 'common', label,
            tags=frozenset({tag})))
