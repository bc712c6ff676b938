"""Looks of spreadsheets: how wide a column must be."""
import unicodedata

LEAST, MOST = 8, 48


def width(texts):
    """Return the width of a column, in characters, that shows all ``texts``; Chinese characters take the room of two.

    :param texts: iterable of str
    """
    longest = max((sum(2 if unicodedata.east_asian_width(char) in 'WF' else 1 for char in text) for text in texts), default=0)
    return min(max(longest + 2, LEAST), MOST)
