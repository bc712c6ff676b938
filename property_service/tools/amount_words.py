"""Amounts in Chinese capital figures 人民币大写, as receipts print them. No ORM."""
from decimal import ROUND_HALF_UP, Decimal

DIGITS = '零壹贰叁肆伍陆柒捌玖'
UNITS = ('', '拾', '佰', '仟')
GROUPS = ('', '万', '亿', '万亿')


def chinese_amount(amount):
    """Return an amount in capital figures: 1050.5 -> 壹仟零伍拾元伍角整.

    :param amount: number with at most 16 digits before the point; rounded to 分
    """
    cents = int((Decimal(str(amount or 0)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    sign, cents = ('负', -cents) if cents < 0 else ('', cents)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = _whole(whole) + '元' if whole else ''
    if not jiao and not fen:
        return f"{sign}{text or '零元'}整"
    if jiao:
        text += f'{DIGITS[jiao]}角'
    elif text:
        text += '零'
    return sign + text + (f'{DIGITS[fen]}分' if fen else '整')


def _whole(number):
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    text, gap = '', False
    for position in range(len(groups) - 1, -1, -1):
        group = groups[position]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += '零'
        text += _group(group) + GROUPS[position]
        gap = False
    return text


def _group(number):
    text, zero = '', False
    for position in (3, 2, 1, 0):
        digit = number // 10 ** position % 10
        if digit:
            text += ('零' if zero and text else '') + DIGITS[digit] + UNITS[position]
            zero = False
        else:
            zero = True
    return text
