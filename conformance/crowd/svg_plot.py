# SPDX-License-Identifier: Apache-2.0
"""Plots as inline SVG, tables and a page of both: one HTML file, no script.

Pure: values in, text out. A curve is drawn as a line or as steps, each value
holding until the next x; with more points than the plot has columns the
highest and the last of each column are kept, so that no peak is lost.
"""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH = 900
HEIGHT = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 12, 30, 44  # pixels around the plot
_COLUMNS = WIDTH - _LEFT - _RIGHT
_TICKS = 6
# Okabe and Ito: told apart by the colour-blind.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
            "#000000")
_STYLE = """
body { font: 15px/1.4 sans-serif; margin: 2em auto; max-width: 920px;
  color: #111; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { padding: .15em .8em; text-align: right;
  border-bottom: 1px solid #ccc; }
th:first-child, td:first-child { text-align: left; }
svg text { font: 12px sans-serif; fill: #111; }
svg .name { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
"""

Point = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """One line of a plot; its points ascend in x."""

    name: str
    points: Sequence[Point]
    steps: bool = False


@dataclass(frozen=True)
class Plot:
    """What one plot shows. On a logarithmic axis y below 1 is drawn at 1."""

    title: str
    x_label: str
    y_label: str
    curves: Sequence[Curve]
    log_y: bool = False
    names_below: bool = False  # the curves' names: at the lower right


def svg(plot: Plot) -> str:
    """The plot as one svg element; raises ValueError without any point."""
    points = [point for curve in plot.curves for point in curve.points]
    if not points:
        raise ValueError(f"{plot.title}: nothing to draw")
    x_low = min(x for x, _ in points)
    x_high = max(x_low + 1e-9, *(x for x, _ in points))
    y_high = max(y for _, y in points)
    y_ticks = _decades(y_high) if plot.log_y else _round_numbers(y_high)
    scale_x = _scale(x_low, x_high, _LEFT, WIDTH - _RIGHT)
    level = _scale(_height(plot, y_ticks[0]), _height(plot, y_ticks[-1]),
                   HEIGHT - _BOTTOM, _TOP)

    def scale_y(value: float) -> float:
        return level(_height(plot, value))
    pieces = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}"'
              f' height="{HEIGHT}" role="img">']
    pieces += _axes(plot, [(x, scale_x(x)) for x in
                           _round_numbers(x_high - x_low, x_low)
                           if x <= x_high],
                    [(y, scale_y(y)) for y in y_ticks])
    for number, curve in enumerate(plot.curves):
        colour = _COLOURS[number % len(_COLOURS)]
        pieces.append(f'<path fill="none" stroke="{colour}" stroke-width='
                      f'"1.5" d="{_path(curve, scale_x, scale_y)}"/>')
        pieces.append(_name(plot, number, colour))
    return "\n".join([*pieces, "</svg>"])


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; the first column is to the left, numbers to the right."""
    lines = ["<table>", _row("th", head)]
    lines += [_row("td", row) for row in rows]
    return "\n".join([*lines, "</table>"])


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{html.escape(text)}</p>"


def heading(text: str) -> str:
    """A heading of plain text."""
    return f"<h2>{html.escape(text)}</h2>"


def page(title: str, parts: Sequence[str]) -> str:
    """An HTML page; the parts are HTML already."""
    name = html.escape(title)
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{name}</title>", f"<style>{_STYLE}</style></head><body>",
        f"<h1>{name}</h1>", *parts, "</body></html>", ""])


def _row(cell: str, values: Sequence[object]) -> str:
    """One row of a table."""
    return "<tr>" + "".join(f"<{cell}>{html.escape(str(value))}</{cell}>"
                            for value in values) + "</tr>"


def _height(plot: Plot, value: float) -> float:
    """What of a value the axis is proportional to."""
    return math.log10(max(value, 1)) if plot.log_y else value


def _scale(low: float, high: float, start: float,
           end: float) -> Callable[[float], float]:
    """Maps low..high to start..end, in pixels."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _round_numbers(span: float, start: float = 0) -> list[float]:
    """Round numbers from below `start` to above `start + span`."""
    step = 10.0 ** math.floor(math.log10(max(span, 1e-9)))
    for factor in (0.1, 0.2, 0.5, 1, 2):
        if span / (step * factor) <= _TICKS:
            step *= factor
            break
    first = math.floor(start / step)
    count = math.ceil((start + span) / step - first - 1e-9)
    return [(first + i) * step for i in range(max(count, 1) + 1)]


def _decades(high: float) -> list[float]:
    """1, 10 and so on to above `high`."""
    top = max(1, math.ceil(math.log10(max(high, 1))))
    return [10.0 ** i for i in range(top + 1)]


def _axes(plot: Plot, x_ticks: Sequence[Point],
          y_ticks: Sequence[Point]) -> list[str]:
    """Grid, numbers and labels; ticks are (value, pixel)."""
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    pieces = [_text(_LEFT, 16, plot.title, "start"),
              _text((_LEFT + right) / 2, HEIGHT - 8, plot.x_label, "middle"),
              f'<g transform="translate(14 {(_TOP + bottom) / 2})'
              f' rotate(-90)">{_text(0, 0, plot.y_label, "middle")}</g>']
    for value, y in y_ticks:
        pieces.append(_line(_LEFT, y, right, y))
        pieces.append(_text(_LEFT - 6, y + 4, f"{value:,.10g}", "end"))
    for value, x in x_ticks:
        if x >= _LEFT - 1:
            pieces.append(_line(x, bottom, x, bottom + 4))
            pieces.append(_text(x, bottom + 17, f"{value:,.10g}", "middle"))
    return pieces


def _line(x_1: float, y_1: float, x_2: float, y_2: float) -> str:
    """A thin grey line."""
    return (f'<path stroke="#ddd" d="M{x_1:.1f} {y_1:.1f}'
            f'L{x_2:.1f} {y_2:.1f}"/>')


def _text(x: float, y: float, text: str, anchor: str) -> str:
    """A word or a number."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f"{html.escape(text)}</text>")


def _name(plot: Plot, number: int, colour: str) -> str:
    """The name of a curve, in its colour, at the right."""
    top = (HEIGHT - _BOTTOM - 6 - 15 * len(plot.curves)
           if plot.names_below else _TOP)
    return (f'<text x="{WIDTH - _RIGHT - 8}" y="{top + 14 + 15 * number}"'
            f' text-anchor="end" class="name" style="fill:{colour}">'
            f"{html.escape(plot.curves[number].name)}</text>")


def _path(curve: Curve, scale_x: Callable[[float], float],
          scale_y: Callable[[float], float]) -> str:
    """The commands of a path through the points."""
    kept = (curve.points if len(curve.points) <= _COLUMNS
            else _thinned(curve.points, scale_x))
    pieces: list[str] = []
    for x, y in kept:
        if curve.steps and pieces:
            pieces.append(f"H{scale_x(x):.1f}")
            pieces.append(f"V{scale_y(y):.1f}")
        else:
            letter = "L" if pieces else "M"
            pieces.append(f"{letter}{scale_x(x):.1f} {scale_y(y):.1f}")
    return "".join(pieces)


def _thinned(points: Sequence[Point],
             scale_x: Callable[[float], float]) -> list[Point]:
    """The highest point of each column of pixels, then its last."""
    highest: dict[int, Point] = {}
    last: dict[int, Point] = {}
    for point in points:
        column = round(scale_x(point[0]))
        last[column] = point
        if column not in highest or point[1] > highest[column][1]:
            highest[column] = point
    return [point for column, high in highest.items()
            for point in (high, last[column])]
