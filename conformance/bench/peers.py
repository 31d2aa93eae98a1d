# SPDX-License-Identifier: Apache-2.0
"""Our client beside its peers, measured alike on the same two cores.

    bazel run -c opt //conformance/bench:peers -- [--rounds=N] [--seconds=N]
        [--only=NAME,...] [--html=FILE] [--quick]

Each round measures every contestant in turn, every second round in the
opposite order, in two network namespaces joined by a cable. Prints tables of
medians, spreads and ratios, and writes them with plots as one HTML page.
"""

import os
import sys
import time

from conformance.bench import facts, page, report, tools
from conformance.bench.cable import CableLab
from conformance.bench.bench_options import Options, parse
from conformance.bench.figures import Round
from conformance.bench.turn import Turn
from conformance.lab import enclosure

_CORES = 2  # that both ends and the load have to share


def say(text: str) -> None:
    """Tells how far the benchmark is."""
    print(text, file=sys.stderr, flush=True)


def run_rounds(options: Options, lab: CableLab) -> report.Results:
    """Measures; what is there when the user stops it counts."""
    rounds: dict[str, list[Round]] = {
        contestant.name: [] for contestant in options.contestants}
    ciphers: dict[str, str] = {}
    start = time.monotonic()
    try:
        for number in range(options.rounds):
            done = {}
            for contestant in options.contestants[::-1 if number % 2 else 1]:
                turn = Turn(lab, contestant, options.seconds, say)
                done[contestant.name] = turn.run()
                ciphers[contestant.name] = turn.cipher
                say(f"{time.monotonic() - start:4.0f} s, round {number + 1} of"
                    f" {options.rounds}: {contestant.name} is measured")
            for name, values in done.items():
                rounds[name].append(values)
    except KeyboardInterrupt:
        say("stopped; the rounds that are whole count")
    return report.Results(rounds, {
        contestant.name: contestant.title
        for contestant in options.contestants}, ciphers)


def main() -> int:
    """Runs the rounds; prints the tables; writes the page."""
    options = parse(sys.argv[1:], os.environ)
    try:
        if not enclosure.is_inside():
            tools.require()
            enclosure.run_again(enclosure.way_in(needs_tun=True))
    except (enclosure.ToolsMissing, enclosure.Refused) as error:
        say(f"peers: {error}")
        return 1
    enclosure.settle()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    lab = CableLab("peers")
    lab.open()
    try:
        results = run_rounds(options, lab)
    finally:
        lab.close()
    if not results.round_count:
        return 1
    about = facts.gather(results.round_count, options.seconds,
                         results.ciphers)
    print(report.text(results, about))
    options.html.write_text(page.html(results, about), "utf-8")
    print(f"as a page with plots: {options.html}")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
