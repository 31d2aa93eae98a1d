# SPDX-License-Identifier: Apache-2.0
"""What is said of a restart: figures, limits, plots; measured and promised."""

from collections.abc import Sequence

from conformance.crowd import svg_plot
from conformance.crowd.crowd import Restart, quantile, shown
from conformance.crowd.simulation import Simulated
from conformance.crowd.spread import busiest, chance_limit
from conformance.crowd.svg_plot import Curve, Plot

_WINDOW = 0.1  # s
# That a right policy exceeds the limit: once in a million restarts.
_FAILURE = 1e-6

Facts = list[tuple[str, str]]


def peak(found: Restart) -> int:
    """The most attempts within any 100 ms."""
    return busiest(found.attempts, _WINDOW)


def limit(promise: Simulated) -> int:
    """The most attempts within 100 ms that chance can explain.

    The share of the devices that asks in one bin, at most, is the
    simulation's; they know nothing of each other.
    """
    share = max(promise.attempts) / promise.devices
    return chance_limit(promise.devices, min(share, 0.999), _FAILURE)


def facts(found: Restart, promise: Simulated) -> Facts:
    """The lines of the table."""
    back = found.back_after()
    knew = [loss.at - found.killed for loss in found.losses]
    first = [loss.waits[0].drawn for loss in found.losses]
    each = len(found.attempts) / len(found.losses)
    expected = sum(promise.attempts) / promise.devices
    peaks = sorted(promise.peaks)
    return [
        ("server away for", f"{found.outage:.2f} s"),
        ("the loss was seen after", f"{shown(knew)} s (least/middle/most)"),
        ("first waits", f"{shown(first)} s"),
        ("attempts for each client", f"{each:.2f}, promised {expected:.2f}"),
        ("SYNs that were sent again", str(found.repeated)),
        ("most attempts in 100 ms", f"{peak(found)}, promised"
         f" {peaks[len(peaks) // 2]} (of {len(peaks)} simulated restarts"
         f" {peaks[0]} to {peaks[-1]}); limit {limit(promise)}"),
        ("50 % / 99 % / all back after", " / ".join(
            f"{quantile(back, share):.2f}" for share in (.5, .99, 1))
         + " s, promised " + " / ".join(promise.back) + " s"),
    ]


def plots(found: Restart, promise: Simulated) -> list[str]:
    """Attempts/s and who is back, over the time since the loss."""
    count = 1 + int((max(loss.back for loss in found.losses) - found.killed)
                    / promise.bin_seconds)
    rates = [0.0] * (count + 1)
    for at in found.attempts:
        index = min(int((at - found.killed) / promise.bin_seconds), count)
        rates[index] += 1 / promise.bin_seconds
    measured = [(index * promise.bin_seconds, rate)
                for index, rate in enumerate(rates)]
    total = len(found.losses)
    back = [(time + found.outage, 100 * (index + 1) / total)
            for index, time in enumerate(found.back_after())]
    title = f"{total} clients, the server away for {found.outage:.2f} s"
    label = "seconds since the loss"
    return [
        svg_plot.svg(Plot(title, label, "attempts/s", [
            Curve("measured", measured, steps=True),
            Curve("promised", promise.attempt_rate(), steps=True)])),
        svg_plot.svg(Plot(title, label, "% back", [
            Curve("measured", [(0.0, 0.0), *back]),
            Curve("promised", promise.share_back())], names_below=True)),
    ]


def page(title: str, lines: Facts, parts: Sequence[str]) -> str:
    """The page of many_clients."""
    return svg_plot.page(title, [
        svg_plot.table(["", "measured"], lines), *parts,
        svg_plot.paragraph(
            "Promised: the mean of simulated restarts in which each client"
            " waits by the client's own ReconnectPolicy, loses the server at"
            " once, and needs no time to log in.")])
