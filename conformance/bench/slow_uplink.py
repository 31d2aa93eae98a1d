# SPDX-License-Identifier: Apache-2.0
"""Pings while a file goes up a slow line, of our client and of its peers.

    bazel run -c opt //conformance/bench:slow_uplink -- [--rounds=N]

The device's own line is the narrow place, with a queue of 64 KiB, and the file
is one TCP connection that fills every queue it finds (cubic). How long SNMP or
a keep-alive waits behind it is what the tunnel has given away already.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Sequence

from conformance.bench import measures, tools
from conformance.bench.cable import CableLab
from conformance.bench.contestants import (CONTESTANTS, POUR_PORT, Contestant,
                                           Link)
from conformance.bench.figures import LOST, number, percentile
from conformance.bench.report import Table, table_text
from conformance.lab import enclosure, namespaces
from conformance.lab.namespaces import CLOUD, DEVICE, UPLINK
from conformance.lab.programs import NotSeen

_NAMES = ("ours", "openconnect", "openvpn")
_RATES = (2, 20)      # Mbit/s
_ROUNDS = 3
_PING_SECONDS = 4
_RUN_UP_SECONDS = 3   # until the file has filled all queues
_FILE_SECONDS = 60    # more than it is given
_PATIENCE_SECONDS = 15
_DIGITS = 1


def limit(rate: int) -> None:
    """Makes the device's line so many Mbit/s wide."""
    namespaces.run(DEVICE, [
        "tc", "qdisc", "replace", "dev", UPLINK, "root", "tbf", "rate",
        f"{rate}mbit", "burst", "8k", "limit", "64k"])


def pings(lab: CableLab, target: str) -> list[float]:
    """The times of pings in ms."""
    program = lab.start("fping", DEVICE,
                        measures.ping_command(target, _PING_SECONDS))
    program.wait(_PING_SECONDS + _PATIENCE_SECONDS)
    return measures.ping_times(program.log.read_text(errors="replace"))


def loaded(lab: CableLab, link: Link) -> list[float]:
    """The same beside a file that goes up."""
    server = lab.start("iperf3-server", CLOUD, [
        "iperf3", "--server", "--one-off", "--port", str(POUR_PORT)])
    namespaces.wait_for_tcp(CLOUD, POUR_PORT)
    client = lab.start("iperf3", DEVICE, [
        "iperf3", "--client", link.target, "--port", str(POUR_PORT),
        "--congestion", "cubic", "--time", str(_FILE_SECONDS)])
    time.sleep(_RUN_UP_SECONDS)
    times = pings(lab, link.target)
    if client.exit_code() is not None:
        raise measures.BrokeDown("iperf3 ended: "
                                 + client.log.read_text()[-200:])
    client.kill()
    server.kill()
    return times


def cells(times: Sequence[float]) -> tuple[float, float]:
    """Median and p99 of those that were answered."""
    answered = [each for each in times if each < LOST]
    return percentile(answered, 0.5), percentile(answered, 0.99)


def turn(lab: CableLab, contestant: Contestant) -> list[tuple[float, float]]:
    """One contestant at every rate: median and p99 idle, then loaded."""
    found = []
    for rate in _RATES:
        limit(rate)
        contestant.serve(lab)
        link = contestant.connect(lab)
        measures.check(link)
        found.append(cells(pings(lab, link.target)))
        found.append(cells(loaded(lab, link)))
        lab.stop_programs()
    return found


def run(rounds: int, lab: CableLab) -> Table:
    """All rounds, and what they come to."""
    contestants = [each for each in CONTESTANTS if each.name in _NAMES]
    found = [[turn(lab, each) for each in contestants] for _ in range(rounds)]
    head = ["ping p50 / p99 ms"]
    for rate in _RATES:
        head += [f"{rate} Mbit/s, idle", f"{rate} Mbit/s, a file goes up"]
    rows = []
    for index, contestant in enumerate(contestants):
        columns = zip(*(each[index] for each in found))
        rows.append([contestant.title, *(
            " / ".join(number(statistics.median(values), _DIGITS)
                       for values in zip(*column)) for column in columns)])
    return Table("Medians", head, rows)


def main() -> int:
    """Runs the rounds and prints the table."""
    parser = argparse.ArgumentParser(prog="slow_uplink", allow_abbrev=False)
    parser.add_argument("--rounds", type=int, choices=range(1, 21),
                        default=_ROUNDS, metavar="N",
                        help="how often each is measured (%(default)s)")
    rounds = parser.parse_args().rounds
    try:
        if not enclosure.is_inside():
            tools.require()
            enclosure.run_again(enclosure.way_in(needs_tun=True))
    except (enclosure.ToolsMissing, enclosure.Refused) as error:
        print(f"slow_uplink: {error}", file=sys.stderr)
        return 1
    enclosure.settle()
    lab = CableLab("slow_uplink")
    lab.open()
    try:
        print(table_text(run(rounds, lab)))
    except (measures.BrokeDown, NotSeen, RuntimeError) as error:
        print(f"slow_uplink: {error}", file=sys.stderr)
        return 1
    finally:
        lab.close()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
