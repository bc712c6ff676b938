"""Numbers in sentences, as people write them."""
from .scoring import rounded


def plain_number(value, digits=4):
    """Return a number without needless zeros and never in powers of ten, as ``:g`` writes from a million on.

    :param float value: rounded half up to ``digits`` decimals
    """
    text = f'{rounded(float(value), digits):.{digits}f}'
    text = text.rstrip('0').rstrip('.') if digits else text
    return '0' if text == '-0' else text
