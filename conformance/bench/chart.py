# SPDX-License-Identifier: Apache-2.0
"""Bar charts as SVG: a bar for the median, a whisker for the spread."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from conformance.bench.figures import (Column, Outcome, Summary, number,
                                       shown)

_WIDTH = 560
_LABELS = 108        # pixels for the names
_BAR_ROOM = 270      # pixels for the longest bar
_ROW = 26
_BAR = 14
_HEAD = 34
_TEXT_RISE = 4       # of a text's base line below the middle of its row
_CUT = 8             # pixels of the gap that says: goes on
_ROOM = 1.05         # of the axis behind the longest whisker


@dataclass(frozen=True)
class Chart:
    """One measure of several contestants, by their names."""

    column: Column
    bars: Mapping[str, Summary | None]
    off_scale: str = ""  # whose bar may be cut, as it tells nothing of others


def axis_end(chart: Chart) -> float:
    """The figure at the right end: nothing but off_scale is cut."""
    ends = [each.most for name, each in chart.bars.items()
            if each and name != chart.off_scale
            and math.isfinite(each.most)]
    rest = [each.median for each in chart.bars.values()
            if each and math.isfinite(each.median)]
    return _ROOM * max(ends or rest or [0]) or 1.0


def svg(chart: Chart) -> str:
    """The chart as an SVG element."""
    there = {name: each for name, each in chart.bars.items()
             if each is not None}
    height = _HEAD + _ROW * len(there) + 6
    better = "more" if chart.column.more_is_better else "less"
    title = escape(f"{chart.column.title}, {chart.column.unit}")
    end = axis_end(chart)
    rows = [_row(name, each, index, chart.column, end)
            for index, (name, each) in enumerate(there.items())]
    return "\n".join([
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-label="{title}">',
        f'<text class="title" x="0" y="16">{title}</text>',
        f'<text class="note" x="{_WIDTH}" y="16" text-anchor="end">'
        f'{better} is better</text>', *rows,
        f'<line class="axis" x1="{_LABELS}" x2="{_LABELS}" y1="{_HEAD - 6}"'
        f' y2="{height - 4}"/>', "</svg>"])


def _row(name: str, summary: Summary, index: int, column: Column,
         end: float) -> str:
    """One contestant's name, bar, whisker and figures."""
    middle = _HEAD + _ROW * index + _ROW // 2 - 4
    parts = [f'<text x="{_LABELS - 8}" y="{middle + _TEXT_RISE}"'
             f' text-anchor="end">{escape(name)}</text>']
    behind = float(_LABELS)
    if not summary.is_broken and math.isfinite(summary.median):
        right = _place(summary.median, end)
        parts.append(_bar(right, middle, name))
        behind = right
        if summary.median > end:
            parts.append(f'<path class="cut" d="M{right - 2 * _CUT} '
                         f'{middle + _BAR / 2 + 1} l{_CUT} -{_BAR + 2}"/>')
        elif summary.most > summary.least:
            behind = _place(summary.most, end)
            parts.append(_whisker(_place(summary.least, end), behind, middle))
    cell = escape(_figures(summary, column))
    parts.append(f'<text class="figure" x="{behind + 6:.1f}"'
                 f' y="{middle + _TEXT_RISE}">{cell}</text>')
    return "\n".join(parts)


def _figures(summary: Summary, column: Column) -> str:
    """What stands behind a bar: the median, or what went wrong."""
    if summary.is_broken:
        return Outcome.BROKE_DOWN.value
    if summary.broken:
        return shown(summary, column.digits)
    return number(summary.median, column.digits)


def _place(value: float, end: float) -> float:
    """Where a figure is on the axis, in pixels."""
    return _LABELS + _BAR_ROOM * min(value / end, 1.0)


def _bar(right: float, middle: int, name: str) -> str:
    """The bar of a median."""
    kind = "ours" if name.startswith("ours") else "other"
    return (f'<rect class="{kind}" x="{_LABELS}" y="{middle - _BAR // 2}"'
            f' width="{right - _LABELS:.1f}" height="{_BAR}"/>')


def _whisker(left: float, right: float, middle: int) -> str:
    """From the least to the most."""
    return (f'<path class="whisker" d="M{left:.1f} {middle} H{right:.1f}'
            f' M{left:.1f} {middle - 4} v8 M{right:.1f} {middle - 4} v8"/>')
