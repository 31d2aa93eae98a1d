# SPDX-License-Identifier: Apache-2.0
"""What the sandbox costs the data path: the client with it and without.

    bazel run -c opt //conformance/bench:sandbox_cost -- [--rounds=N]

Each round pours TCP up and down through a tunnel of each client, in turns, in
a lab of its own; what is said is the median of the rounds' ratios. Fails when
the sandboxed client has less than 95 % of the other's rate.
"""

import argparse
import os
import statistics
import sys
from pathlib import Path

from conformance.lab import enclosure, services
from conformance.lab.lab import FIRST_OVERLAY, OVOC, Lab, binary
from conformance.lab.namespaces import CLOUD, DEVICE

_SECONDS = 3
_PORT = 5201
_LEAST_RATIO = 0.95
_POUR = str(Path(__file__).with_name("pour.py"))


def rate(lab: Lab, receiver: tuple[str, str], sender: str) -> float:
    """Mbit/s from the namespace `sender` to the address of `receiver`."""
    namespace, address = receiver
    sink = lab.start("sink", namespace, [
        sys.executable, _POUR, "receive", address, str(_PORT), "0"])
    sink.wait_for("ready")
    source = lab.start("source", sender, [
        sys.executable, _POUR, "send", address, str(_PORT), str(_SECONDS)])
    poured = sink.wait_for("poured", _SECONDS + 20)
    source.stop()
    sink.stop()
    return int(poured["bytes"]) * 8e-6 / float(poured["seconds"])


def run(lab: Lab, client: str) -> tuple[float, float]:
    """Mbit/s up and down of one client."""
    services.name_server(lab)
    lab.server(lab.authority.good())
    program = lab.start("client", DEVICE, [
        client, *lab.client_command(lab.settings())[1:]])
    program.wait_for("tunnel_up")
    up = rate(lab, (CLOUD, OVOC), DEVICE)
    down = rate(lab, (DEVICE, FIRST_OVERLAY), CLOUD)
    lab.stop_programs()
    return up, down


def main() -> int:
    """Runs the rounds; prints the table."""
    parser = argparse.ArgumentParser(prog="sandbox_cost", allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not enclosure.is_inside():
        enclosure.require_tools()
        enclosure.run_again(enclosure.way_in(needs_tun=True))
    enclosure.settle()
    clients = {"sandboxed": binary("tunnel/client", "OVOC_CLIENT"),
               "unconfined": binary("tunnel/unconfined_client",
                                    "OVOC_UNCONFINED_CLIENT")}
    lab = Lab()
    lab.open()
    ratios: dict[str, list[float]] = {"up": [], "down": []}
    try:
        for number in range(options.rounds):
            order = list(clients) if number % 2 == 0 else list(clients)[::-1]
            rates = {name: run(lab, clients[name]) for name in order}
            for index, way in enumerate(ratios):
                with_it, without = (rates[name][index] for name in clients)
                ratios[way].append(with_it / without)
                print(f"round {number + 1} {way:<4} sandboxed {with_it:6.0f}"
                      f" unconfined {without:6.0f} Mbit/s"
                      f" ratio {with_it / without:.3f}", flush=True)
    finally:
        lab.close()
    medians = {way: statistics.median(values)
               for way, values in ratios.items()}
    for way, median in medians.items():
        print(f"median {way:<4} ratio {median:.3f}"
              f" ({min(ratios[way]):.3f} to {max(ratios[way]):.3f})")
    return 0 if min(medians.values()) >= _LEAST_RATIO else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
