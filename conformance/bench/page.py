# SPDX-License-Identifier: Apache-2.0
"""The report as one HTML page that needs nothing from elsewhere."""

from collections.abc import Mapping
from html import escape

from conformance.bench import chart, report
from conformance.bench.figures import COLUMNS

# The cable is ten times as fast as anything that encrypts.
_OFF_SCALE = {"tcp_up": "cable", "tcp_down": "cable"}

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1f24;
  background: #fff; max-width: 76rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .6rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem;
  margin: 0; color: #57606a; }
dd { margin: 0; color: #1b1f24; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #d8dee4;
  text-align: right; vertical-align: top; }
th { font-weight: 600; } thead th { vertical-align: bottom; }
th:first-child { text-align: left; }
.missed { color: #b42318; font-weight: 600; } .reached { color: #1a7f37; }
.charts { display: grid; gap: 1.6rem 2.5rem;
  grid-template-columns: repeat(auto-fill, minmax(26rem, 1fr)); }
svg { width: 100%; height: auto; font-size: 12px; }
svg text { fill: #1b1f24; } svg .title { font-size: 14px; font-weight: 600; }
svg .note { fill: #57606a; }
.ours { fill: #1f6feb; } .other { fill: #afb8c1; }
.whisker { stroke: #1b1f24; stroke-width: 1.4; fill: none; }
.cut { stroke: #fff; stroke-width: 4; } .axis { stroke: #57606a; }
"""


def html(results: report.Results, about: Mapping[str, str]) -> str:
    """The whole page."""
    facts = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
                      for name, value in about.items())
    tables = "\n".join(map(_table, report.tables(results)))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Our client beside its peers</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Our client beside its peers</h1>
<dl>
{facts}
</dl>
<h2>Plots</h2>
<p>A bar is the median of the rounds, its whisker goes from the least to the
most. A bar with a gap is longer than its axis. {escape(report.WORDS)}</p>
<div class="charts">
{_charts(results)}
</div>
{tables}
</body>
</html>
"""


def _charts(results: report.Results) -> str:
    """A chart for each measure that somebody has."""
    charts = [chart.Chart(column, {
        name: results.summary(name, column.key) for name in results.titles},
        _OFF_SCALE.get(column.key, "")) for column in COLUMNS
        if column.is_result]
    return "\n".join(chart.svg(each) for each in charts
                     if any(each.bars.values()))


def _table(table: report.Table) -> str:
    """One table with its heading."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "\n".join(
        f"<tr><th>{escape(row[0])}</th>" + "".join(map(_cell, row[1:]))
        + "</tr>" for row in table.rows)
    return (f"<h2>{escape(table.title)}</h2>\n<div class=\"scroll\"><table>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
            "</table></div>")


def _cell(text: str) -> str:
    """One cell; a verdict has its colour."""
    kind = f' class="{text}"' if text in ("missed", "reached") else ""
    return f"<td{kind}>{escape(text)}</td>"
