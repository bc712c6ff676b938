"""Small charts as SVG, drawn on the server: they need no script and look the same on a phone and on paper. Pure Python."""
import math
from xml.sax.saxutils import escape

_BLUE, _GREY, _LINE = '#2563eb', '#9ca3af', '#e5e7eb'
_LEAST_AXES = 3


def _point(center, radius, index, count):
    angle = 2 * math.pi * index / count - math.pi / 2
    return center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)


def _polygon(points, **style):
    shape = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    attributes = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in style.items())
    return f'<polygon points="{shape}" {attributes}/>'


def radar(labels, values, others=None, title=''):
    """Return an SVG radar chart.

    :param labels: names of the axes, :param values: from 0 to 100 each; more is drawn as 100
    :param others: values to compare with, None where there is nothing to compare
    :param str title: read out to people who do not see the picture
    :return: str; empty with fewer than three axes
    """
    count = len(labels)
    if count < _LEAST_AXES:
        return ''
    center, radius = (200, 150), 100
    parts = [_polygon([_point(center, radius * ring / 4, index, count) for index in range(count)], fill='none', stroke=_LINE)
             for ring in range(1, 5)]
    for index, label in enumerate(labels):
        x, y = _point(center, radius, index, count)
        parts.append(f'<line x1="{center[0]}" y1="{center[1]}" x2="{x:.1f}" y2="{y:.1f}" stroke="{_LINE}"/>')
        x, y = _point(center, radius + 14, index, count)
        anchor = 'middle' if abs(x - center[0]) < 10 else 'start' if x > center[0] else 'end'
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" dominant-baseline="middle" '
                     f'fill="currentColor">{escape(str(label))}</text>')

    def shape(figures):
        return [_point(center, radius * max(0.0, min(figure or 0.0, 100.0)) / 100, index, count) for index, figure in enumerate(figures)]

    if others and any(figure is not None for figure in others):
        parts.append(_polygon(shape(others), fill='none', stroke=_GREY, stroke_dasharray='4 3', stroke_width=2))
    parts.append(_polygon(shape(values), fill=_BLUE, fill_opacity=0.2, stroke=_BLUE, stroke_width=2))
    return (f'<svg viewBox="0 0 400 300" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}" class="w-100" '
            f'style="max-width: 480px" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>')


def trend(points, title='', top=120.0):
    """Return an SVG line of results over time.

    :param points: (label, value) in order of time, :param float top: value at the upper edge
    :return: str; empty without points
    """
    if not points:
        return ''
    left, right, low, high = 30, 390, 160, 20
    step = (right - left) / max(len(points) - 1, 1)

    def height(value):
        return low - (low - high) * max(0.0, min(value, top)) / top

    parts = []
    for mark in (0, 50, 100):
        parts.append(f'<line x1="{left}" y1="{height(mark):.1f}" x2="{right}" y2="{height(mark):.1f}" stroke="{_LINE}"/>'
                     f'<text x="{left - 4}" y="{height(mark):.1f}" font-size="10" text-anchor="end" dominant-baseline="middle" '
                     f'fill="currentColor">{mark}</text>')
    places = [(left + step * index, height(value)) for index, (_label, value) in enumerate(points)]
    parts.append(f'<polyline fill="none" stroke="{_BLUE}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
    for (x, y), (label, value) in zip(places, points):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_BLUE}"/>'
                     # the first stands on the axis: its value goes to the right, beside the numbers of the axis
                     f'<text x="{x + (6 if x == left else 0):.1f}" y="{y - 8:.1f}" font-size="10" '
                     f'text-anchor="{"start" if x == left else "middle"}" fill="currentColor">{value:g}</text>'
                     f'<text x="{x:.1f}" y="{low + 16}" font-size="10" text-anchor="middle" fill="currentColor">{escape(str(label))}</text>')
    return (f'<svg viewBox="0 0 420 190" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}" class="w-100" '
            f'style="max-width: 480px" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>')


def bars(pairs, title=''):
    """Return an SVG of horizontal bars.

    :param pairs: (label, value) with values of at least 0
    :return: str; empty without pairs
    """
    if not pairs:
        return ''
    left, width, step = 130, 250, 26
    top = max([100.0 if max(value for _label, value in pairs) > 20 else 10.0, *(value for _label, value in pairs)])
    parts = []
    for index, (label, value) in enumerate(pairs):
        y = 4 + step * index
        length = width * max(value, 0.0) / top
        parts.append(f'<text x="{left - 6}" y="{y + 13}" font-size="11" text-anchor="end" fill="currentColor">{escape(str(label))}</text>'
                     f'<rect x="{left}" y="{y}" width="{length:.1f}" height="18" fill="{_BLUE}"/>'
                     f'<text x="{left + length + 5:.1f}" y="{y + 13}" font-size="11" fill="currentColor">{value:.1f}</text>')
    return (f'<svg viewBox="0 0 420 {8 + step * len(pairs)}" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}" class="w-100" '
            f'style="max-width: 480px" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>')
