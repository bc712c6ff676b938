"""Draws that anybody can repeat: no random state, only a seed and the key of what is drawn."""
import hashlib

_SPAN = 2 ** 64


def position(seed, key):
    """Return where ``key`` falls between 0 (included) and 1 (excluded) under ``seed``.

    The first 8 bytes of SHA-256 of ``"seed|key"``: the same on every machine, independent of order and of what else is drawn.

    :param str seed: recorded with the draw
    :param str key: number of the case, for example ``SR/2026/00042``
    :rtype: float
    """
    digest = hashlib.sha256(f'{seed}|{key}'.encode()).digest()
    return int.from_bytes(digest[:8], 'big') / _SPAN


def is_drawn(seed, key, rate):
    """Tell whether ``key`` belongs to a sample of ``rate`` percent.

    :param float rate: 0 to 100; who is in a sample of 30 % is also in one of 40 %
    """
    return position(seed, key) * 100 < rate


def draw(seed, keys, number):
    """Return ``number`` of the keys, in the order of the draw; all of them when there are fewer."""
    return sorted(keys, key=lambda key: (position(seed, key), key))[:number]
