# SPDX-License-Identifier: Apache-2.0
"""Small plots as inline SVG."""

import html
import math
from collections.abc import Sequence

_ROW = 20  # pixels, as all lengths here
_NAMES = 150
_BARS = 420
_NUMBERS = 90


def bars(values: Sequence[tuple[str, float]], aim: float, top: float,
         unit: str) -> str:
    """One bar per value, from 0 to `top`, with a line at `aim`."""
    return _bars(values, aim, unit, lambda value: min(value / top, 1.0))


def log_bars(values: Sequence[tuple[str, float]], aim: float,
             unit: str) -> str:
    """One bar per value, from 1 to the power of ten above the largest."""
    largest = max([aim, *(value for _, value in values)])
    top = math.ceil(math.log10(max(largest, 10)))
    return _bars(values, aim, unit,
                 lambda value: math.log10(max(value, 1)) / top)


def _bars(values, aim, unit, share) -> str:
    """Bars whose length `share` tells, 0 to 1."""
    height = _ROW * len(values) + 4
    parts = [_open(_NAMES + _BARS + _NUMBERS, height)]
    for index, (name, value) in enumerate(values):
        y = index * _ROW
        width = share(value) * _BARS
        colour = "#3a7" if value >= aim else "#c83"
        parts.append(
            f'<text x="{_NAMES - 6}" y="{y + 14}" text-anchor="end">'
            f'{html.escape(name)}</text>'
            f'<rect x="{_NAMES}" y="{y + 3}" width="{width:.1f}"'
            f' height="{_ROW - 6}" fill="{colour}"/>'
            f'<text x="{_NAMES + width + 4:.1f}" y="{y + 14}">'
            f'{value:,.{0 if value >= 1000 else 1}f}{unit}</text>')
    x = _NAMES + share(aim) * _BARS
    parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"'
                 ' stroke="#555" stroke-dasharray="3 3"/></svg>')
    return "".join(parts)


def curve(points: Sequence[tuple[int, int]], width: int = 160,
          height: int = 32) -> str:
    """Edges over executions, these on a logarithmic scale; a small plot."""
    if len(points) < 2:
        return ""
    xs = [math.log10(max(x, 1)) for x, _ in points]
    ys = [y for _, y in points]
    across = max(xs[-1] - xs[0], 1e-9)
    up = max(ys[-1] - ys[0], 1)
    line = " ".join(
        f"{2 + (x - xs[0]) / across * (width - 4):.1f},"
        f"{height - 2 - (y - ys[0]) / up * (height - 4):.1f}"
        for x, y in zip(xs, ys))
    return (_open(width, height) + f'<polyline points="{line}" fill="none"'
            ' stroke="#37a" stroke-width="1.5"/></svg>')


def _open(width: int, height: int) -> str:
    """The start of a picture."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"'
            f' height="{height}" viewBox="0 0 {width} {height}"'
            ' font-family="sans-serif" font-size="12">')
