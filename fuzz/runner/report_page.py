# SPDX-License-Identifier: Apache-2.0
"""The report as one HTML page that needs nothing else."""

import html
from collections.abc import Sequence

from fuzz.runner import plots, report_table
from fuzz.runner.summary import AIM_COVERAGE, AIM_RATE, Row

_STYLE = """
body { font-family: sans-serif; margin: 2em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border-bottom: 1px solid #ccc; padding: 3px 9px; text-align: right; }
th:first-child, td:first-child, td.words { text-align: left; }
.bad { color: #b30; font-weight: bold; }
"""


def page(rows: Sequence[Row], date: str) -> str:
    """The whole page."""
    heading = html.escape(report_table.heading(rows, date))
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
        f"<title>Fuzzing report</title><style>{_STYLE}</style></head><body>",
        "<h1>Fuzzing report</h1>", f"<p>{heading}</p>", _table(rows),
        "<h2>Executions per second of one process</h2>",
        f"<p>Logarithmic; the line is at {AIM_RATE:,}, the aim for parsers"
        " of bytes.</p>",
        plots.log_bars([(row.name, row.rate) for row in rows], AIM_RATE, ""),
        "<h2>Line coverage of a target's own files by its corpus alone</h2>",
        f"<p>The line is at {AIM_COVERAGE:.0f} %.</p>",
        plots.bars([(row.name, row.coverage or 0.0) for row in rows],
                   AIM_COVERAGE, 100.0, " %"),
        _files(rows), _findings(rows), "</body></html>", ""])


def _table(rows: Sequence[Row]) -> str:
    """The Markdown page's table, with a curve per target."""
    titles = [*report_table.HEADINGS, "edges over executions (log)"]
    lines = ["<table><tr>"
             + "".join(f"<th>{title}</th>" for title in titles) + "</tr>"]
    for row in rows:
        words = [html.escape(word) for word in report_table.cells(row)]
        lines.append("<tr>" + "".join(f"<td>{word}</td>" for word in words)
                     + f"<td>{plots.curve(row.points)}</td></tr>")
    return "\n".join([*lines, "</table>"])


def _files(rows: Sequence[Row]) -> str:
    """Every file under test with the lines that are not reached."""
    lines = ["<h2>Lines not reached by the corpora</h2>",
             "<table><tr><th>target</th><th>file</th><th>lines</th>"
             "<th>reached</th><th>not reached</th></tr>"]
    for row in rows:
        for path, (covered, total, missed) in row.state.coverage.items():
            share = 100.0 * covered / total if total else 100.0
            lines.append(f"<tr><td>{html.escape(row.name)}</td>"
                         f'<td class="words">{html.escape(path)}</td>'
                         f"<td>{total}</td><td>{share:.1f} %</td>"
                         f'<td class="words">{html.escape(missed)}</td></tr>')
    return "\n".join([*lines, "</table>"])


def _findings(rows: Sequence[Row]) -> str:
    """What is still to be mended."""
    found = [f"{row.name}/{name}" for row in rows
             for name in row.open_findings]
    if not found:
        return "<h2>Open findings</h2><p>None.</p>"
    items = "".join(f'<li class="bad">{html.escape(one)}</li>'
                    for one in found)
    return f"<h2>Open findings</h2><ul>{items}</ul>"
