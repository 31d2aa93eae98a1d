# SPDX-License-Identifier: Apache-2.0
"""Many real clients at one ovoc_server: memory, and its restart.

    bazel run -c opt //conformance/crowd:many_clients -- [--clients=500]
        [--outages=0,10] [--html=FILE]

Everything runs in the lab's enclosure. Prints tables and writes a page with
plots. Fails when not every tunnel comes up, answers and comes back, or when
more connections are asked for within 100 ms than the jitter promises.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from conformance.crowd import restart_report
from conformance.crowd.crowd import Crowd
from conformance.crowd.simulation import simulate
from conformance.lab import enclosure
from conformance.lab.lab import Lab

_CLIENTS = 500
_MAX_CLIENTS = 2000
_OUTAGES = "0,10"  # seconds
_PAGE = Path(tempfile.gettempdir()) / "ovoc-crowd.html"
_ROUNDS = 300          # of the simulation
_START_SECONDS = 300   # limit for all clients to be up
_BACK_SECONDS = 120    # limit for all to be back; the longest wait is 60 s
_STABLE_SECONDS = 61   # so that ReconnectPolicy begins its series anew
_SETTLE_SECONDS = 3
_TRAFFIC = (100, 0.1, 1000)  # rounds, seconds between them, bytes


class Report:
    """What was found, as text at once and for the page; and what failed."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.facts: list[tuple[str, str]] = []
        self.parts: list[str] = []

    def fact(self, name: str, value: str) -> None:
        """Says one thing that was measured."""
        self.facts.append((name, value))
        print(f"{name:<34} {value}", flush=True)

    def demand(self, holds: bool, what: str) -> None:
        """Takes note of a promise that was not kept."""
        if not holds:
            self.failures.append(what)
            print(f"FAILED: {what}", flush=True)


def carry(crowd: Crowd, report: Report) -> None:
    """Starts the clients; says what they and the server need."""
    empty = crowd.server_memory()
    report.fact("server without clients", str(empty))
    report.fact("all clients up after", f"{crowd.start(_START_SECONDS):.1f} s")
    time.sleep(_SETTLE_SECONDS)
    idle = crowd.server_memory()
    report.fact("server with all, idle", str(idle))
    answer(crowd, report, "a ping through each tunnel")
    busy, answers = crowd.busy_server_memory(*_TRAFFIC)
    rounds, interval, size = _TRAFFIC
    report.fact(f"{1 / interval:.0f} pings/s each, {size} bytes, "
                f"{rounds * interval:.0f} s", answers.text)
    report.fact("server while they are sent", str(busy))
    time.sleep(_SETTLE_SECONDS)
    after = crowd.server_memory()
    report.fact("server afterwards", str(after))
    for name, memory in (("idle", idle), ("sending", busy),
                         ("idle again", after)):
        grown = (memory.resident - empty.resident) / crowd.number
        report.fact(f"server for each client, {name}", f"{grown:.1f} kB")
    try:
        keeper, worker = map(str, crowd.client_memory())
    except PermissionError:
        keeper = worker = "not seen: needs root"
    report.fact("a keeper (median)", keeper)
    report.fact("a worker (median)", worker)


def answer(crowd: Crowd, report: Report, what: str) -> None:
    """Every tunnel must carry a ping."""
    answers = crowd.ping(3)
    report.fact(what, answers.text)
    report.demand(answers.interfaces == crowd.number,
                  f"{what}: no answer at {' '.join(answers.silent)}")


def restart(crowd: Crowd, report: Report, outage: float) -> None:
    """The server dies and comes back after `outage` seconds."""
    found = crowd.restart(outage, _BACK_SECONDS)
    promise = simulate(
        f"--devices={crowd.number}", f"--rounds={_ROUNDS}",
        f"--outages={found.outage:.3f}s", "--capacities=0", "--rules=ours")[0]
    print()
    for name, value in restart_report.facts(found, promise):
        report.fact(name, value)
    limit = restart_report.limit(promise)
    peak = restart_report.peak(found)
    report.demand(peak <= limit, f"{peak} attempts within 100 ms, more than"
                  f" {limit}")
    answer(crowd, report, "a ping through each tunnel again")
    report.parts += restart_report.plots(found, promise)


def run(options: argparse.Namespace) -> int:
    """Everything inside the enclosure."""
    enclosure.settle()
    report = Report()
    lab = Lab()
    lab.open()
    try:
        crowd = Crowd(lab, options.clients)
        carry(crowd, report)
        for index, outage in enumerate(options.outages):
            if index > 0:
                time.sleep(_STABLE_SECONDS)
            restart(crowd, report, outage)
        crowd.stop()
    except AssertionError as error:  # an event that did not come
        report.demand(False, str(error))
    finally:
        lab.close()
    title = f"{options.clients} clients at one server that restarts"
    options.html.write_text(restart_report.page(title, report.facts,
                                                report.parts))
    print(f"as a page with plots: {options.html}")
    return 1 if report.failures else 0


def command_line(arguments: Sequence[str]) -> argparse.Namespace:
    """Reads the command line; ends the program when it is wrong."""
    parser = argparse.ArgumentParser(prog="many_clients", allow_abbrev=False)
    parser.add_argument("--clients", type=int, default=_CLIENTS,
                        help=f"1 to {_MAX_CLIENTS} (%(default)s)")
    parser.add_argument("--outages", default=_OUTAGES, metavar="SECONDS,...",
                        help="how long the server is away (%(default)s)")
    parser.add_argument("--html", default=str(_PAGE), metavar="FILE",
                        help="where the page goes (%(default)s)")
    found = parser.parse_args(arguments)
    if not 1 <= found.clients <= _MAX_CLIENTS:
        parser.error(f"--clients={found.clients}")
    try:
        found.outages = [float(each) for each in found.outages.split(",")]
    except ValueError as error:
        parser.error(f"--outages: {error}")
    # `bazel run` starts programs in a folder of its own.
    folder = Path(os.environ.get("BUILD_WORKING_DIRECTORY", ".")).absolute()
    found.html = folder / found.html
    return found


def main() -> int:
    """Goes into the enclosure."""
    options = command_line(sys.argv[1:])
    if enclosure.is_inside():
        return run(options)
    try:
        enclosure.require_tools()
        enclosure.run_again(enclosure.way_in(needs_tun=True))
    except (enclosure.Refused, enclosure.ToolsMissing) as error:
        sys.exit(f"many_clients: {error}")


if __name__ == "__main__":
    sys.exit(main())
