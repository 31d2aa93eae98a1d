# SPDX-License-Identifier: Apache-2.0
"""Runs restart_simulation and reads what it found."""

import subprocess
from dataclasses import dataclass

from conformance.lab.lab import binary
from conformance.lab.programs import Event, parse_event


@dataclass(frozen=True)
class Simulated:
    """One rule against one server; counts are means of the rounds."""
    # pylint: disable=too-many-instance-attributes  # the fields of a line

    rule: str
    devices: int
    outage: float             # s
    logins_per_second: int    # 0: any number
    room: int
    bin_seconds: float
    attempts: list[float]     # in each bin since the loss
    logins: list[float]
    peaks: list[int]          # most attempts in a bin, of each round
    peak_second: int          # most attempts in a second, of all rounds
    turned_away: float
    given_up: float
    back: tuple[str, str, str]  # s since the return: 50 %, 99 %, all; or never

    def attempt_rate(self) -> list[tuple[float, float]]:
        """(time since the loss, attempts/s) of each bin."""
        return [(index * self.bin_seconds, count / self.bin_seconds)
                for index, count in enumerate(self.attempts)]

    def share_back(self) -> list[tuple[float, float]]:
        """(time since the loss, % of the devices that are back)."""
        total, points = 0.0, [(0.0, 0.0)]
        for index, count in enumerate(self.logins):
            total += count
            points.append(((index + 1) * self.bin_seconds,
                           100 * total / self.devices))
        return points


def simulate(*flags: str) -> list[Simulated]:
    """Runs it; its complaint is the RuntimeError's text when it fails."""
    command = [binary("conformance/crowd/restart_simulation",
                      "OVOC_RESTART_SIMULATION"), "--events", *flags]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    events = (parse_event(line) for line in done.stdout.splitlines())
    return [read(event) for event in events if event is not None]


def read(event: Event) -> Simulated:
    """Reads one line."""
    rounds = int(event["rounds"])

    def counts(name: str) -> list[int]:
        return [int(each) for each in event[name].split(",") if each]

    def mean(name: str) -> list[float]:
        return [each / rounds for each in counts(name)]
    return Simulated(
        rule=event["rule"], devices=int(event["devices"]),
        outage=int(event["outage_ms"]) / 1000,
        logins_per_second=int(event["logins_per_second"]),
        room=int(event["room"]), bin_seconds=int(event["bin_ms"]) / 1000,
        attempts=mean("attempts"), logins=mean("logins"),
        peaks=counts("peaks"), peak_second=int(event["peak_second"]),
        turned_away=mean("turned_away")[0], given_up=mean("given_up")[0],
        back=(event["back_50"], event["back_99"], event["back_100"]))
