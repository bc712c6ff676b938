"""Phone numbers as people write them, reduced to what can be compared."""
import re
import unicodedata

_EXTENSION = re.compile(r'(?:ext\.?|extension|转|轉|分机|x|#|;ext=)\s*[:：]?\s*\d{0,8}\s*$', re.IGNORECASE)
_LANDLINE_EXTENSION = re.compile(r'^(\D*(?:0\d{2,3}|[48]00)[\s\-)]*\d{3,4}[\s\-]?\d{3,4})\s*-\s*\d{1,6}$')
_SEPARATORS = re.compile(r'[\s+\-()\[\].,/·—–−‐‑‒_]')
_MOBILE = re.compile(r'1[3-9]\d{9}')
_CHINA = '86'

MINIMUM_DIGITS = 7   # shorter ones are service numbers (110, 12345), nobody's own
MAXIMUM_DIGITS = 17  # "00" and the 15 digits of ITU-T E.164


def _without_extension(text):
    text = unicodedata.normalize('NFKC', text or '').strip()
    shortened = _EXTENSION.sub('', text)
    if len(re.sub(r'\D', '', shortened)) >= 4:
        text = shortened
    match = _LANDLINE_EXTENSION.match(text)
    return match[1] if match else text


def phone_digits(text):
    """Return a phone number as the digits that one dials in China, or ''.

    Full-width digits, spaces, dashes, brackets, ``+86``/``0086``/``86`` and an extension are folded away, so that
    ``"+86 136-2743-7326"``, ``"１３６２７４３７３２６"`` and ``"13627437326"`` give the same string, and so do
    ``"+86 755 8666 1234"`` and ``"(0755) 86661234-801"``. A number of another country begins with ``00``.

    :param str|None text: the number in any notation
    :rtype: str
    """
    text = _without_extension(text)
    digits = re.sub(r'\D', '', text)
    leading = re.match(r'[^\d+]*(\+?)', text)
    international = bool(leading and leading[1]) or digits.startswith('00')
    number = digits.removeprefix('00') if international else digits
    if number.startswith(_CHINA):
        rest = number.removeprefix(_CHINA)
        # without a plus sign, 86 is the country only where what follows is a whole number of its own
        if international or _MOBILE.fullmatch(rest) or re.fullmatch(r'0\d{9,11}', rest):
            if len(rest) >= 10 and rest[0] != '0' and not _MOBILE.fullmatch(rest) and rest[:3] not in ('400', '800'):
                rest = f'0{rest}'  # an area code loses its 0 behind the country code
            return rest
    return f'00{number}' if international and number else number


def looks_like_phone(text, minimum=4):
    """Tell whether a search text is (part of) a phone number: digits and separators only, at least ``minimum`` digits."""
    text = _without_extension(text)
    rest = _SEPARATORS.sub('', text)
    return rest.isdecimal() and len(rest) >= minimum


def is_phone(text):
    """Tell whether a text is one complete phone number, with nothing missing and nothing too much.

    A number that begins like a Chinese mobile number must have its eleven digits; short numbers are nobody's own.
    """
    if not looks_like_phone(text, MINIMUM_DIGITS):
        return False
    digits = phone_digits(text)
    if re.match(r'1\d{8}', digits) and not _MOBILE.fullmatch(digits):
        return False
    return MINIMUM_DIGITS <= len(digits) <= MAXIMUM_DIGITS
