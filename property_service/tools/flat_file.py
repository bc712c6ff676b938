"""Read the rows of a CSV or XLSX file one by one, whatever office software wrote it. Needs no ORM."""
import codecs
import csv
import datetime
import io
import re
import unicodedata
import zipfile

from openpyxl import load_workbook

MAXIMUM_BYTES = 32 * 2**20
MAXIMUM_UNPACKED_BYTES = 512 * 2**20
MAXIMUM_CELL = 4000

_BOMS = (
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
)
_INVISIBLE = dict.fromkeys(map(ord, '\u200b\u200c\u200d\u200e\u200f\u2060\ufeff'))
_NEUTRALISED = re.compile(r"^'(?=[=+\-@])")


class FlatFileError(ValueError):
    """The file as a whole cannot be read.

    :ivar str code: ``empty, too_large, old_excel, broken, encoding, not_text``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def clean(value):
    """Return a cell as trimmed text: full-width characters folded, invisible ones and repeated blanks removed."""
    if value is None:
        return ''
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime):
        value = value.date()
    text = unicodedata.normalize('NFKC', str(value)).translate(_INVISIBLE).replace('\0', '')
    return _NEUTRALISED.sub('', ' '.join(text.split()))[:MAXIMUM_CELL]


def neutralise(text):
    """Return a text that no spreadsheet program takes for a formula: ``=1+1`` becomes ``'=1+1``."""
    return f"'{text}" if text[:1] in ('=', '+', '-', '@', '\t', '\r') else text


def read_rows(data):
    """Yield the rows of a CSV or XLSX file as ``(number, [cell, …])``; number 1 is the first row, blank rows are left out.

    CSV may be UTF-8 (with or without a byte order mark), UTF-16 or GB18030, separated by comma, semicolon or tab.

    :param bytes data: content of the file
    :raise FlatFileError: while iterating as well
    """
    if not data.strip():
        raise FlatFileError('empty')
    if len(data) > MAXIMUM_BYTES:
        raise FlatFileError('too_large')
    if data.startswith(b'\xd0\xcf\x11\xe0'):
        raise FlatFileError('old_excel')
    rows = _read_xlsx(data) if data.startswith(b'PK') else _read_csv(data)
    for number, values in enumerate(rows, start=1):
        cells = [clean(value) for value in values]
        if any(cells):
            yield number, cells


def _read_xlsx(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAXIMUM_UNPACKED_BYTES:
                raise FlatFileError('too_large')
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = next(sheet for sheet in workbook.worksheets if sheet.sheet_state == 'visible')
            sheet.reset_dimensions()  # some programs write a wrong one, and rows beyond it would be lost
            yield from sheet.iter_rows(values_only=True)
        finally:
            workbook.close()
    except FlatFileError:
        raise
    except Exception as error:  # openpyxl raises whatever its many parsers raise on a damaged file
        raise FlatFileError('broken') from error


def _read_csv(data):
    encoding = _find_encoding(data)
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline='') as text:
        head = text.read(4096)
        if '\0' in head:
            raise FlatFileError('not_text')
        text.seek(0)
        try:
            yield from csv.reader(text, delimiter=max(',;\t', key=head.count))
        except csv.Error as error:
            raise FlatFileError('broken') from error


def _find_encoding(data):
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            candidates = (encoding,)
            break
    else:
        candidates = ('utf-8', 'gb18030')
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(data), 2**16):
                decoder.decode(data[start:start + 2**16])
            decoder.decode(b'', final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FlatFileError('encoding')
