# SPDX-License-Identifier: Apache-2.0
"""A page with plots of what restart_simulation finds.

    bazel run -c opt //conformance/crowd:restart_page -- [--html=FILE]
        [flags of restart_simulation]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from conformance.crowd import svg_plot
from conformance.crowd.simulation import Simulated, simulate
from conformance.crowd.svg_plot import Curve, Plot

_PAGE = Path(tempfile.gettempdir()) / "ovoc-restart.html"
_LEAST_SECONDS = 90  # shown behind the outage
_PATIENT = 1.5       # times what the server needs for all logins is shown
# A server that lets any number wait, and works for those that have left.
_ENDLESS_QUEUE = ("--room=1000000", "--capacities=2000", "--outages=0s,10s",
                  "--rules=ours,ours:30s,policy:1s:60s,policy:5s:60s,fixed:5s")

_INTRODUCTION = (
    "All devices lose the server at the same instant and come back by a rule:"
    " ours, the client's own policy; ours:SPREAD, the same with another"
    " WSTunReconnectSpread; policy:FIRST:CAP, its series alone, as when a path"
    " is lost; loss:CEILING:FIRST:CAP, the first wait after a tunnel that was"
    " up by a ceiling of its own; fixed:WAIT, always the same wait;"
    " doubling:FIRST:CAP, exponential without jitter. A login that waits"
    " longer than 10 s is given up; never: not within an hour.")


def within(points: Sequence[tuple[float, float]],
           end: float) -> list[tuple[float, float]]:
    """The points up to `end`, and the last value there."""
    kept = [point for point in points if point[0] <= end]
    return [*kept, (end, kept[-1][1])]


def section(found: Sequence[Simulated]) -> list[str]:
    """Table and plots of several rules against one server."""
    first = found[0]
    capacity = first.logins_per_second
    end = first.outage + max(_LEAST_SECONDS, _PATIENT * first.devices
                             / capacity if capacity else 0)
    title = (f"{first.devices:,} devices, away for {first.outage:g} s, "
             + (f"{capacity:,} logins/s" if capacity
                else "any number of logins/s"))
    label = "seconds since the loss"
    rows = [[each.rule, f"{max(each.peaks):,}", f"{each.peak_second:,}",
             f"{sum(each.attempts) / each.devices:.2f}",
             f"{each.turned_away:,.0f}", f"{each.given_up:,.0f}", *each.back]
            for each in found]
    return [
        svg_plot.heading(title),
        svg_plot.table(["rule", "peak in 100 ms", "peak in 1 s",
                        "attempts a device", "turned away", "given up",
                        "50 % back (s)", "99 %", "all"], rows),
        svg_plot.svg(Plot(title, label, "attempts/s, in 100 ms", [
            Curve(each.rule, within([*each.attempt_rate(), (
                len(each.attempts) * each.bin_seconds, 0)], end), steps=True)
            for each in found], log_y=True)),
        svg_plot.svg(Plot(title, label, "% back", [
            Curve(each.rule, within(each.share_back(), end))
            for each in found], names_below=True)),
    ]


def sections(found: Sequence[Simulated]) -> list[str]:
    """A section for each server; the rules stand together."""
    return [part for _, rules in groupby(found, lambda each: (
        each.outage, each.logins_per_second))
            for part in section(list(rules))]


def main() -> int:
    """Simulates and writes the page."""
    parser = argparse.ArgumentParser(prog="restart_page", allow_abbrev=False)
    parser.add_argument("--html", default=str(_PAGE), metavar="FILE",
                        help="where the page goes (%(default)s)")
    options, flags = parser.parse_known_args()
    # `bazel run` starts programs in a folder of its own.
    folder = Path(os.environ.get("BUILD_WORKING_DIRECTORY", ".")).absolute()
    target = folder / options.html
    try:
        parts = sections(simulate(*flags))
        parts += [svg_plot.heading("A queue without end"), svg_plot.paragraph(
            "The same, but any number may wait, and the server does the whole"
            " work for an attempt whose device has given up."),
            *sections(simulate(*flags, *_ENDLESS_QUEUE))]
    except RuntimeError as error:
        sys.exit(f"restart_page: {error}")
    target.write_text(svg_plot.page("What a restart of OVOC brings on", [
        svg_plot.paragraph(_INTRODUCTION), *parts]))
    print(f"as a page with plots: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
