import codecs
import csv
import datetime
import io
import os
import zipfile
from collections import Counter
from pathlib import Path

from openpyxl import Workbook

from odoo.tests import BaseCase

from odoo.addons.property_service.tools.flat_file import FlatFileError, clean, neutralise, read_rows
from odoo.addons.property_service.tools.flat_file_residents import (
    ResidentFile, building_code, heading_key, parse_area, parse_date, parse_floor, unit_code,
)

ADDON = Path(__file__).parents[1]
SAMPLE = ADDON / 'tests' / 'data' / 'residents_sample.csv'
#: row counts of each fault, as (column, code); a doubled row is ('', 'duplicate')
SAMPLE_FAULTS = {
    ('unit', 'missing'): 1, ('area', 'bad_area'): 1, ('phone', 'bad_phone'): 1, ('since', 'bad_since'): 1,
    ('role', 'bad_role'): 1, ('', 'duplicate'): 2}
REAL_FAULTS = {
    ('unit', 'missing'): 4, ('area', 'bad_area'): 6, ('phone', 'bad_phone'): 5, ('since', 'bad_since'): 4,
    ('role', 'bad_role'): 4, ('', 'duplicate'): 12}
HEADINGS = "estate,building,unit,floor,area,use,name,phone,email,role,since,until,note"
GOOD = ["GG", "Building 3", "1201", "12", "89.5", "residential", "Zhang San", "13627437326", "z@example.com", "owner",
        "2020-01-31", "", ""]


def residents_file():
    """Return (content, faults) of a company's own list where one is at hand, else of the sample.

    It is named by PROPERTY_SERVICE_RESIDENTS or lies as ``shared/data/residents.csv`` beside the checkout.
    """
    path = Path(os.environ.get('PROPERTY_SERVICE_RESIDENTS') or ADDON.parents[1] / 'shared' / 'data' / 'residents.csv')
    if path.is_file():
        return path.read_bytes(), REAL_FAULTS
    return SAMPLE.read_bytes(), SAMPLE_FAULTS


def make_csv(*rows, headings=HEADINGS, encoding='utf-8', delimiter=','):
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter)
    writer.writerow(headings.split(','))
    writer.writerows(rows)
    return output.getvalue().encode(encoding)


def make_xlsx(*rows):
    output = io.BytesIO()
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(output)
    return output.getvalue()


def vary(**values):
    """Return a good row with other values in some columns."""
    row = dict(zip(HEADINGS.split(','), GOOD), **values)
    return list(row.values())


def faults(rows):
    return Counter(
        fault for row in rows
        for fault in ([('', 'duplicate')] if row.duplicate_of else [(p.column, p.code) for p in row.problems]))


class TestReadRows(BaseCase):

    def assertFails(self, data, code):
        with self.assertRaises(FlatFileError) as caught:
            list(read_rows(data))
        self.assertEqual(caught.exception.code, code)

    def test_encodings(self):
        text = "项目,楼栋\r\n青龙园,1栋\r\n"
        for data in (text.encode('utf-8'), text.encode('utf-8-sig'), text.encode('gb18030'), text.encode('utf-16'),
                     codecs.BOM_UTF16_BE + text.encode('utf-16-be')):
            with self.subTest(data=data[:8]):
                self.assertEqual(list(read_rows(data)), [(1, ["项目", "楼栋"]), (2, ["青龙园", "1栋"])])

    def test_delimiters_quotes_and_blank_rows(self):
        for delimiter in ',;\t':
            rows = list(read_rows(make_csv(["a", 'say "x"\nthere'], ["", ""], ["b", "c"], headings="A,B", delimiter=delimiter)))
            self.assertEqual(rows, [(1, ["A", "B"]), (2, ["a", 'say "x" there']), (4, ["b", "c"])])

    def test_xlsx(self):
        data = make_xlsx(["unit", "since"], ["1201", datetime.datetime(2020, 2, 29)], [None, None], [1202.0, 13627437326])
        self.assertEqual(list(read_rows(data)), [(1, ["unit", "since"]), (2, ["1201", "2020-02-29"]),
            (4, ["1202", "13627437326"])])

    def test_files_that_cannot_be_read(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w') as file:
            file.writestr('hello.txt', "no workbook")
        self.assertFails(b'', 'empty')
        self.assertFails(b' \r\n ', 'empty')
        self.assertFails(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 100, 'old_excel')
        self.assertFails(archive.getvalue(), 'broken')
        self.assertFails(make_xlsx(["a"])[:-200], 'broken')
        self.assertFails(b'%PDF-1.4 \0 binary', 'not_text')
        self.assertFails(b'\xff\xff\x80\x80,\x81', 'encoding')
        self.assertFails(b'a' * (33 * 2**20), 'too_large')

    def test_zip_bomb(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as file, file.open('xl/worksheets/sheet1.xml', 'w') as part:
            for _number in range(520):
                part.write(b'\0' * 2**20)
        self.assertFails(archive.getvalue(), 'too_large')

    def test_clean(self):
        for value, expected in ((None, ''), (3.0, '3'), (3.5, '3.5'), ("１２０１　室", '1201 室'), ("a\u200bb", 'ab'),
            ("a\0b", 'ab'),
                                ("'+86 136", '+86 136'), ("'quoted'", "'quoted'")):
            self.assertEqual(clean(value), expected)

    def test_neutralise(self):
        for text in ("=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"):
            self.assertEqual(neutralise(text), f"'{text}")
        for text in ("", "a=1", "3-2", "张三"):
            self.assertEqual(neutralise(text), text)


class TestParseValues(BaseCase):

    def test_dates(self):
        for text, expected in {
            "2015-08-03": (2015, 8, 3), "2015/8/3": (2015, 8, 3), "2015.8.3": (2015, 8, 3), "2015年8月3日": (2015, 8, 3),
            "2015 年 8 月 3 日": (2015, 8, 3), "20150803": (2015, 8, 3), "2015-08-03 00:00:00": (2015, 8, 3),
            "42219": (2015, 8, 3),
            "31/8/2015": (2015, 8, 31), "8/31/2015": (2015, 8, 31), "3.3.2015": (2015, 3, 3), "2024-02-29": (2024, 2, 29),
        }.items():
            with self.subTest(text=text):
                self.assertEqual(parse_date(text), datetime.date(*expected))
        for text in ("2023-02-30", "2023-02-29", "3/8/2015", "2015", "2015-08", "soon", "15-8-3", "20151303", "1899-12-31",
            "99999"):
            with self.subTest(text=text):
                self.assertIsNone(parse_date(text))

    def test_floors(self):
        for text, expected in {"12": 12, "12层": 12, "12楼": 12, "12F": 12, "L3": 3, "-1": -1, "B2": -2, "地下1层": -1,
            "G": 0}.items():
            self.assertEqual(parse_floor(text), expected, text)
        for text in ("high", "1201", "1.5", "3-4"):
            self.assertIsNone(parse_floor(text), text)

    def test_areas(self):
        for text, expected in {"89.5": 89.5, "1,204.75": 1204.75, "89.5㎡": 89.5, "89.5 平方米": 89.5, "100 sqm": 100}.items():
            self.assertEqual(parse_area(clean(text)), expected, text)
        for text in ("约104.16", "-3", "90-100", "large", "1e9", "99999999999"):
            self.assertIsNone(parse_area(text), text)

    def test_codes(self):
        for text, expected in {"3栋": "3", "第3幢": "3", "3号楼": "3", "Building 3": "3", "Tower B": "B", "A座": "A", "3": "3",
                               "街区": "街区", "Building": "Building", "Block": "Block"}.items():
            self.assertEqual(building_code(text), expected, text)
        for arguments, expected in {
            ("1201", "3"): "1201", ("1201室", "3"): "1201", ("3-2-1201", "3"): "2-1201", ("1201", "3", "2"): "2-1201",
            ("2-1201", "3", "2"): "2-1201", ("3-2-1201", "3", "2"): "2-1201", ("S-01", "3"): "S-01", ("", "3", "2"): "",
        }.items():
            self.assertEqual(unit_code(*arguments), expected, arguments)

    def test_headings(self):
        for text in ("Floor Area (m2) *", "floor_area", "FLOOR AREA:", "floorarea [sqm]"):
            self.assertEqual(heading_key(text), 'floorarea')


class TestResidentFile(BaseCase):

    def parse(self, *rows, **options):
        return list(ResidentFile(make_csv(*rows, **options)))

    def test_real_list(self):
        """The list of a company, dates and phones in the notations people use: every wrong or doubled row, and no other."""
        data, expected = residents_file()
        file = ResidentFile(data)
        rows = list(file)
        self.assertEqual(faults(rows), expected)
        self.assertEqual(sum(not row.is_good for row in rows), sum(expected.values()))
        good = [row for row in rows if row.is_good]
        self.assertTrue(all(row.estate and row.building_code and row.unit_code and row.floor and row.area for row in good))
        self.assertTrue(all(row.phone and row.role and row.since for row in good if row.name))
        self.assertTrue(any(not row.name for row in good), "vacant units are right rows")
        leases = [row for row in good if row.note.startswith("租期至")]
        self.assertTrue(leases)
        self.assertTrue(all(row.until.isoformat() == row.note[3:] and row.role == 'tenant' for row in leases))
        self.assertTrue(any(row.since and row.since > datetime.date(2026, 11, 22) for row in good), "moving in later is right")

    def test_sample_row_by_row(self):
        rows = list(ResidentFile(SAMPLE.read_bytes()))
        self.assertEqual(faults(rows), SAMPLE_FAULTS)
        self.assertEqual([row.number for row in rows if not row.is_good], [16, 17, 18, 19, 20, 21, 22])
        self.assertEqual([row.duplicate_of for row in rows if row.duplicate_of], [5, 4])
        self.assertEqual(rows[4].until, datetime.date(2027, 8, 31))
        self.assertEqual((rows[1].phone, rows[3].phone, rows[4].phone), ("139 1000 1002", "13910001003", "+86 13910001004"))
        self.assertEqual((rows[8].building, rows[8].building_code, rows[8].unit_name), ("2幢", "2", "2-101"))

    def test_good_row(self):
        row, = self.parse(GOOD)
        self.assertTrue(row.is_good)
        self.assertEqual(
            (row.estate, row.building_code, row.unit_name, row.floor, row.area, row.use, row.role, row.since, row.until),
            ("GG", "3", "3-1201", 12, 89.5, 'residential', 'owner', datetime.date(2020, 1, 31), None))

    def test_headings_below_a_title_and_in_another_order(self):
        data = "青龙园业主信息表,,,\n姓名,楼号,房间号,手机号码,与业主关系,所属\n张三,3号楼,1201室,13627437326,本人,x\n".encode()
        file = ResidentFile(data, default_estate="GG")
        self.assertEqual(file.heading_row, 2)
        self.assertEqual(file.columns, {'name': 0, 'building': 1, 'unit': 2, 'phone': 3, 'role': 4})
        row, = file
        self.assertEqual((row.number, row.estate, row.building_code, row.unit_code), (3, "GG", "3", "1201"))
        self.assertEqual(faults([row]), {('role', 'bad_role'): 1})

    def test_missing_and_repeated_headings(self):
        file = ResidentFile(make_csv(["x"], headings="name,phone"))
        self.assertEqual(file.missing, ['estate', 'unit'])
        file = ResidentFile(make_csv(["x"], headings="estate,unit,业主姓名,租户姓名"))
        self.assertEqual((file.missing, file.repeated), ([], ['name']))

    def test_the_heading_may_tell_the_role(self):
        for heading, role in (("业主姓名", 'owner'), ("Owner Name", 'owner'), ("租户", 'tenant'), ("姓名", ''), ("业主/租户", '')):
            row, = ResidentFile(f"项目,楼栋,房号,{heading}\nGG,3,1201,张三\n".encode())
            self.assertEqual((row.role, row.is_good), (role, bool(role)), heading)

    def test_whole_address_in_one_cell(self):
        for text in ("3栋2单元1201室", "3-2-1201", "3号楼2单元1201"):
            row, = self.parse(vary(building="", unit=text))
            self.assertEqual((row.building_code, row.unit_code, row.is_good), ("3", "2-1201", True), text)

    def test_each_column_tells_its_fault(self):
        for column, value, code in (
            ('estate', "", 'missing'), ('building', "", 'missing'), ('unit', "", 'missing'), ('floor', "top", 'bad_floor'),
            ('area', "about 90", 'bad_area'), ('use', "castle", 'bad_use'), ('name', "", 'missing'),
            ('phone', "12345", 'bad_phone'),
            ('email', "z@", 'bad_email'), ('role', "", 'missing'), ('role', "房东太太", 'bad_role'),
            ('since', "2023-02-30", 'bad_since'),
            ('until', "2019-12-31", 'end_before_start'), ('note', "租期至2019-12-31", 'end_before_start'),
            ('note', "x" * 1001, 'too_long'),
            ('name', "x" * 121, 'too_long'),
        ):
            with self.subTest(column=column, value=value[:20]):
                row, = self.parse(vary(**{column: value}))
                self.assertEqual(faults([row]), {(column, code): 1})

    def test_all_faults_of_a_row_are_told(self):
        row, = self.parse(vary(unit="", phone="1", since="x"))
        self.assertEqual(set(faults([row])), {('unit', 'missing'), ('phone', 'bad_phone'), ('since', 'bad_since')})

    def test_vacant(self):
        for name in ("", "空置", "vacant", "-"):
            row, = self.parse(vary(name=name, phone="", email="", role="", since=""))
            self.assertTrue(row.is_good)
            self.assertFalse(row.name)

    def test_second_number_goes_to_the_note(self):
        row, = self.parse(vary(phone="13627437326、0755-86661234", note="dog"))
        self.assertEqual((row.phone, row.note), ("13627437326", "dog · 0755-86661234"))

    def test_duplicates_in_other_notations(self):
        rows = self.parse(GOOD, vary(unit="1202"), vary(phone="+86 136 2743 7326", since="2020年1月31日", building="3栋",
            area="89.50"))
        self.assertEqual([row.duplicate_of for row in rows], [0, 0, 2])

    def test_contradictions(self):
        for values, fault in (
            ({'name': "Li Si", 'phone': "", 'email': "", 'area': "90"}, ('area', 'contradicts')),
            ({'name': "Li Si", 'phone': "", 'email': "", 'use': "shop"}, ('use', 'contradicts')),
            ({'role': "tenant", 'phone': "13800138000"}, ('phone', 'contradicts')),
            ({'unit': "1", 'floor': "1", 'email': "other@example.com"}, ('email', 'contradicts')),
            ({'since': "2021-01-31"}, ('since', 'same_stay')),
        ):
            with self.subTest(values=values):
                first, second = self.parse(GOOD, vary(**values))
                self.assertTrue(first.is_good)
                self.assertIn(fault, faults([second]))
                self.assertEqual({problem.other for problem in second.problems}, {2})

    def test_coming_back_is_no_contradiction(self):
        rows = self.parse(vary(until="2021-06-30"), vary(since="2021-06-30"))
        self.assertTrue(all(row.is_good for row in rows))

    def test_reading_again_gives_the_same(self):
        file = ResidentFile(make_csv(GOOD, GOOD, vary(area="x", unit="2")))
        self.assertEqual([(row.number, row.duplicate_of, row.problems) for row in file],
                         [(row.number, row.duplicate_of, row.problems) for row in file])
