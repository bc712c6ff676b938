"""The flat spreadsheet of residents that property companies keep: one row per unit and person. Needs no ORM.

:class:`ResidentFile` finds the headings (English or Chinese) and turns every row into a :class:`Row` with values that
can be compared, the problems of each column and, where the row says again what an earlier row said, that row's number.
"""
import datetime
import re
from dataclasses import dataclass, field

from .flat_file import read_rows
from .phone import is_phone, phone_digits

_SYNONYMS = {
    'estate': "estate project community compound property 项目 项目名称 小区 小区名称 物业项目 管理处 楼盘 园区",
    'building': "building block tower buildingname buildingno 楼栋 楼号 楼栋号 栋 栋号 幢 幢号 座 座号 楼宇 楼座",
    'entrance': "entrance stairwell staircase 单元 单元号 梯 门栋",
    'unit': "unit flat apartment room unitno flatno roomno house door 房号 室号 房间 房间号 房屋 房屋编号 门牌 门牌号 "
            "室 户号 商铺号 车位号",
    'floor': "floor level storey 楼层 层 所在楼层 层数",
    'area': "area floorarea size sqm squaremetres squaremeters 面积 建筑面积 房屋面积 计费面积 收费面积 产权面积",
    'use': "use usage unittype purpose 房屋用途 用途 房屋类型 物业类型 房屋性质 使用性质 业态",
    'name': "name resident residentname owner/tenant owner/tenantname ownername tenantname fullname contact contactname "
            "姓名 名字 业主 业主姓名 住户 住户姓名 客户 客户名称 客户姓名 业主/租户 业主/住户 联系人 业主名称 租户 "
            "租户姓名 租客 租客姓名",
    'phone': "phone telephone tel mobile mobilephone phonenumber phoneno cell contactnumber contactphone "
             "联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 移动电话 业主电话 业主手机 租户电话 租户手机",
    'email': "email e-mail emailaddress mail 电子邮箱 邮箱 电子邮件 邮件 邮箱地址",
    'role': "role relation relationship status residenttype type 身份 角色 住户类型 关系 与业主关系 与户主关系 "
            "客户类型 人员类型 入住关系",
    'since': "since start from startdate datestart movein moveindate moved-in handover "
             "入住日期 入住时间 入伙日期 收房日期 交房日期 开始日期 起始日期 起租日期 接房日期",
    'until': "until end to enddate dateend moveout moveoutdate leaseend leaseuntil 搬出日期 退租日期 到期日期 租期至 "
             "结束日期 迁出日期 合同到期",
    'note': "note notes remark remarks comment comments 备注 说明 附注",
}
COLUMNS = tuple(_SYNONYMS)
_HEADINGS = {heading: column for column, text in _SYNONYMS.items() for heading in text.split()}
REQUIRED_COLUMNS = ('unit', 'name')

_USES = {
    'residential': "residential residence flat apartment house home dwelling 住宅 住房 公寓 别墅 商品房 民用",
    'commercial': "commercial shop office retail store 商铺 商业 店铺 门面 办公 写字楼 办公楼 商用 底商",
    'parking': "parking parkingplace parkingspace garage carpark 车位 车库 停车位 地下车位 产权车位",
    'common': "common commonarea public 公共 公区 公共区域 公共部位 公共设施",
}
_ROLES = {
    'owner': "owner landlord proprietor householder 业主 房东 产权人 户主 房主",
    'tenant': "tenant renter lessee 租户 租客 承租人 租赁户 承租方",
    'family': "family relative spouse child parent familymember 家属 亲属 家人 配偶 子女 父母 家庭成员 亲戚",
    'occupant': "occupant resident user cohabitant 住户 使用人 同住人 入住人 居住人 其他",
}
#: headings of the name that tell the role of everybody in the column
_IMPLIED_ROLES = {
    **dict.fromkeys(('ownername', '业主', '业主姓名', '业主名称'), 'owner'),
    **dict.fromkeys(('tenantname', '租户', '租户姓名', '租客', '租客姓名'), 'tenant'),
}
USES = {word: use for use, text in _USES.items() for word in text.split()}
ROLES = {word: role for role, text in _ROLES.items() for word in text.split()}

_VACANT = {'空置', '空', '空房', '空关', '无', '未售', '未入住', 'vacant', 'empty', 'none', 'n/a', '-', '--', '/'}
_OPEN_END = {'长期', '至今', '无', 'open', 'unlimited', '-', '--', '/'}
_LEASE_END = re.compile(r'(?:租期|合同|租约)?(?:至|到)\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})')
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_WHOLE_ADDRESS = re.compile(r'(.+?)(?:栋|幢|座|号楼)(?:(.+?)单元)?(.+)')
_LIMITS = {'estate': 100, 'building': 60, 'unit': 60, 'name': 120, 'phone': 60, 'email': 120, 'note': 1000}


@dataclass(slots=True)
class Problem:
    """What is wrong with one cell: ``code`` names the reason, ``other`` the earlier row that it contradicts."""

    column: str
    code: str
    value: str = ''
    other: int = 0


@dataclass(slots=True, eq=False)
class Row:
    """One row of the file, in values that can be compared and stored; ``name`` is empty where the unit is vacant."""

    number: int
    cells: list
    estate: str = ''
    building: str = ''
    building_code: str = ''
    unit: str = ''
    unit_code: str = ''
    floor: int | None = None
    area: float | None = None
    use: str = ''
    name: str = ''
    phone: str = ''
    email: str = ''
    role: str = ''
    since: datetime.date | None = None
    until: datetime.date | None = None
    note: str = ''
    problems: list = field(default_factory=list)
    duplicate_of: int = 0

    @property
    def unit_key(self):
        return (self.estate.casefold(), self.building_code.casefold(), self.unit_code.casefold())

    @property
    def unit_name(self):
        """As people say it: ``3-2-1201``."""
        return f"{self.building_code}-{self.unit_code}"

    @property
    def is_good(self):
        return not self.problems and not self.duplicate_of


class ResidentFile:
    """The rows of one file, read as a stream: only fingerprints of the rows read are kept.

    Iterating again reads again and gives the same rows with the same problems.

    :param bytes data: content of the file
    :param str default_estate: estate of the rows that name none
    :ivar list headings: the headings as they stand in the file
    :ivar dict columns: column -> position, for the columns recognised
    """

    def __init__(self, data, default_estate=''):
        self._data = data
        self._default_estate = default_estate
        self.heading_row, self.headings, self.columns, self.missing, self.repeated = self._find_headings()
        name = self.columns.get('name')
        self._implied_role = _IMPLIED_ROLES.get(heading_key(self.headings[name])) if name is not None else None

    def _find_headings(self):
        """Headings need not be in the first row: often a title stands above them."""
        best = (0, [], {}, list(REQUIRED_COLUMNS), [])
        for number, cells in read_rows(self._data):
            if number > 15:
                break
            columns, repeated = {}, []
            for position, cell in enumerate(cells):
                column = _HEADINGS.get(heading_key(cell))
                if column in columns:
                    repeated.append(column)
                elif column:
                    columns[column] = position
            if len(columns) > len(best[2]):
                required = REQUIRED_COLUMNS if self._default_estate else ('estate', *REQUIRED_COLUMNS)
                best = (number, cells, columns, [name for name in required if name not in columns], repeated)
        return best

    def __iter__(self):
        seen = _Seen()
        for number, cells in read_rows(self._data):
            if number > self.heading_row:
                row = self._parse(number, cells)
                if not row.problems:
                    seen.check(row)
                yield row

    def resident_names(self):
        """Return the fingerprints of (unit, name) of all good rows, to tell a corrected name from another person."""
        return {fingerprint(*row.unit_key, row.name.casefold()) for row in self if row.name and not row.problems}

    def _parse(self, number, cells):
        row = Row(number, cells)

        def cell(column):
            position = self.columns.get(column)
            return cells[position] if position is not None and position < len(cells) else ''

        for column, limit in _LIMITS.items():
            if len(cell(column)) > limit:
                row.problems.append(Problem(column, 'too_long', f"{cell(column)[:40]}…"))
        if row.problems:
            return row
        self._parse_place(row, cell)
        self._parse_person(row, cell)
        return row

    def _parse_place(self, row, cell):
        row.estate = cell('estate') or self._default_estate
        row.building, row.unit = cell('building'), cell('unit')
        entrance = re.sub(r'单元$|号$', '', cell('entrance'))
        if not row.building and row.unit:
            whole = _WHOLE_ADDRESS.fullmatch(row.unit)
            if whole:
                row.building, entrance, row.unit = whole[1], whole[2] or entrance, whole[3]
            elif '-' in row.unit.strip('-'):
                row.building, row.unit = row.unit.split('-', 1)
        row.building_code = building_code(row.building)
        row.unit_code = unit_code(row.unit, row.building_code, entrance)
        for column, value in (('estate', row.estate), ('building', row.building_code), ('unit', row.unit_code)):
            if not value:
                row.problems.append(Problem(column, 'missing'))
        row.floor = _convert(row, 'floor', cell('floor'), parse_floor)
        row.area = _convert(row, 'area', cell('area'), parse_area)
        row.use = _convert(row, 'use', cell('use'), lambda text: _word(text, USES)) or ''

    def _parse_person(self, row, cell):
        name, phone, email, role = (cell(column) for column in ('name', 'phone', 'email', 'role'))
        row.note = cell('note')
        if name.casefold() in _VACANT:
            name = ''
        if not name:
            if phone.strip('-/') or email.strip('-/'):
                row.problems.append(Problem('name', 'missing'))
            return
        row.name = name
        phones = [part.strip() for part in re.split(r'[、,;/]|\s或\s', phone) if part.strip(' -')]
        row.phone = _convert(row, 'phone', phones[0] if phones else '', lambda text: text if is_phone(text) else None) or ''
        for other in phones[1:]:
            if _convert(row, 'phone', other, lambda text: text if is_phone(text) else None):
                row.note = ' · '.join(filter(None, (row.note, other)))
        row.email = _convert(row, 'email', email, lambda text: text if _EMAIL.fullmatch(text) else None) or ''
        if role:
            row.role = _convert(row, 'role', role, lambda text: _word(text, ROLES)) or ''
        elif self._implied_role:
            row.role = self._implied_role
        else:
            row.problems.append(Problem('role', 'missing'))
        row.since = _convert(row, 'since', cell('since'), parse_date)
        until = cell('until')
        lease = _LEASE_END.search(row.note)
        if until.casefold() in _OPEN_END:
            until = ''
        row.until = _convert(row, 'until', until, parse_date)
        if not until and lease:
            row.until = _convert(row, 'note', lease[1], parse_date)
        if row.since and row.until and row.until < row.since:
            row.problems.append(Problem('until' if until else 'note', 'end_before_start', row.until.isoformat()))


class _Seen:
    """What earlier rows said, as fingerprints: well under a kilobyte a row, however long the rows are."""

    def __init__(self):
        self._rows = {}
        self._facts = {}
        self._stays = {}

    def check(self, row):
        name, phone, email = row.name.casefold(), phone_digits(row.phone), row.email.casefold()
        identity = fingerprint(
            *row.unit_key, row.floor, row.area, row.use, name, phone, email, row.role, row.since, row.until, row.note)
        first = self._rows.setdefault(identity, row.number)
        if first != row.number:
            row.duplicate_of = first
            return
        facts = [('floor', row.unit_key, row.floor), ('area', row.unit_key, row.area), ('use', row.unit_key, row.use)]
        if name:
            facts.append(('phone', (*row.unit_key, name), phone))
            facts.append(('email', (name, phone) if phone else (*row.unit_key, name), email))
            if email:
                facts.append(('phone', (name, email), phone))
        facts = [(column, fingerprint(column, *key), value) for column, key, value in facts if value not in (None, '')]
        for column, key, value in facts:
            known = self._facts.get(key)
            if known and known[1] != value:
                row.problems.append(Problem(column, 'contradicts', str(value), other=known[0]))
        stay = (row.since or datetime.date.min, row.until or datetime.date.max, row.number)
        stays = self._stays.get(fingerprint(*row.unit_key, name, row.role), ()) if name else ()
        for start, end, number in stays:
            if start < stay[1] and stay[0] < end:
                row.problems.append(Problem('since', 'same_stay', row.since.isoformat() if row.since else '', other=number))
                break
        if row.problems:
            return
        for _column, key, value in facts:
            self._facts.setdefault(key, (row.number, value))
        if name:
            self._stays[fingerprint(*row.unit_key, name, row.role)] = (*stays, stay)


def fingerprint(*values):
    """Return a 64-bit number for a tuple of values, equal within one process."""
    return hash(values)


def heading_key(text):
    """Return a heading without what varies: ``"Floor Area (㎡) *"`` and ``"floorarea"`` are the same."""
    text = re.sub(r'[(\[【].*?[)\]】]', '', text.casefold())
    return re.sub(r'[\s_*:.,]', '', text)


def _word(text, words):
    return words.get(re.sub(r'[\s_-]', '', text.casefold()))


def _convert(row, column, text, function):
    """Return ``function(text)``; where it gives None for a text, note that the cell is wrong."""
    if not text:
        return None
    value = function(text)
    if value is None:
        row.problems.append(Problem(column, f'bad_{column}' if column != 'until' else 'bad_since', text))
    return value


def building_code(text):
    """Return the short code of a building: ``3栋``, ``第3幢``, ``3号楼`` and ``Building 3`` are all ``3``."""
    text = re.sub(r'^(?:building|bldg\.?|block|tower)\s*', '', text, flags=re.IGNORECASE) or text
    return re.sub(r'^第?(.+?)(?:号楼|栋|幢|座|楼|号)$', r'\1', text).strip()


def unit_code(text, building, entrance=''):
    """Return the code of a unit in its building: ``1201室`` is ``1201``; ``3-2-1201`` in building 3 is ``2-1201``."""
    code = re.sub(r'^(.+?)(?:室|房|号)$', r'\1', text.strip()).strip('- ')
    if building and code.casefold().startswith(f'{building}-'.casefold()):
        code = code[len(building) + 1:]
    if code and entrance and not code.startswith(f'{entrance}-'):
        code = f'{entrance}-{code}'
    return code


def parse_floor(text):
    """Return a floor as a whole number (``B1``, ``地下1层`` and ``-1`` are below ground), or None."""
    match = re.fullmatch(r'(-|b|地下|负)?\s*(?:第|l)?(\d{1,3})\s*(?:层|楼|f|/f)?', text.casefold())
    if match:
        return -int(match[2]) if match[1] else int(match[2])
    return 0 if text.casefold() in ('g', 'g/f', 'ground') else None


def parse_area(text):
    """Return a floor area in square metres, or None: an estimate (``约104``) is not an area."""
    match = re.fullmatch(r'(\d[\d,]*(?:\.\d+)?)\s*(?:m2|sqm|sq\.? ?m|平方米|平米|平方|平)?', text.casefold())
    area = round(float(match[1].replace(',', '')), 2) if match else None
    return area if area is not None and area < 10_000_000 else None


def parse_date(text):
    """Return the day that a text tells in one of the usual notations (also a spreadsheet's day number), or None.

    Where day and month could be either (``3/4/2015``) it is no date: nobody should guess when a tenancy began.
    """
    text = re.sub(r'[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$', '', text.strip())
    match = re.fullmatch(r'(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?', text)
    match = match or re.fullmatch(r'(\d{4})(\d{2})(\d{2})', text)
    if match:
        return _date(*map(int, match.groups()))
    match = re.fullmatch(r'(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})', text)
    if match:
        first, second, year = map(int, match.groups())
        if first > 12 or first == second:
            return _date(year, second, first)
        return _date(year, first, second) if second > 12 else None
    if re.fullmatch(r'\d{5}', text) and 18264 < int(text) < 73051:
        return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))
    return None


def _date(year, month, day):
    try:
        return datetime.date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None
