# SPDX-License-Identifier: Apache-2.0
"""Fifty real clients at one server that dies and comes back.

Nothing here depends on how fast the machine is: what is held against the
policy are the waits that the clients drew, not when the scheduler let them go.
"""

from conformance.crowd.crowd import Crowd, Restart, quantile, shown
from conformance.crowd.spread import busiest, chance_limit
from conformance.lab.e2e_case import LabCase, main

_CLIENTS = 50
_OUTAGE_SECONDS = 2  # some draw a second and a third wait
_START_SECONDS = 40
_BACK_SECONDS = 60
_WINDOW_SECONDS = 0.1
# ReconnectPolicy draws the first wait from (0, WSTunReconnectSpread], which is
# 10 s by default, and each other at least from (0, 1 s]: so a window of 100 ms
# holds a wait with a probability of at most a hundredth, and of a tenth. One
# false alarm in 10^9 runs.
_SPREAD_SECONDS = 10.0
_MOST_AT_FIRST = chance_limit(_CLIENTS, _WINDOW_SECONDS / _SPREAD_SECONDS,
                              1e-9)
_MOST_IN_A_WINDOW = chance_limit(_CLIENTS, _WINDOW_SECONDS / 1.0, 1e-9)
_LOG_SECONDS = 0.002  # two times that are cut to milliseconds


class ManyClientsTest(LabCase):
    """One crowd, one restart."""

    LIMIT_SECONDS = 150

    def test_all_come_back_and_not_in_step(self) -> None:
        """All up, all answer, all wait as they drew, all back, all answer."""
        crowd = Crowd(self.lab, _CLIENTS)
        empty = crowd.server_memory()
        self.figure(f"{_CLIENTS} up in {crowd.start(_START_SECONDS):.1f} s")
        grown = crowd.server_memory().resident - empty.resident
        self.figure(f"{grown / _CLIENTS:.1f} kB of the server's for each")
        self.assert_addresses_differ(crowd)
        self.assert_all_answer(crowd)
        found = crowd.restart(_OUTAGE_SECONDS, _BACK_SECONDS)
        self.report(found)
        self.assert_waits(found)
        self.assertGreaterEqual(len(found.attempts), _CLIENTS)
        self.assertLessEqual(len(found.attempts), sum(
            len(loss.waits) for loss in found.losses))
        self.assert_all_answer(crowd)
        crowd.stop()

    def assert_addresses_differ(self, crowd: Crowd) -> None:
        """Each client has an overlay address of its own."""
        addresses = {client.events("tunnel_up")[-1]["overlay"]
                     for client in crowd.clients}
        self.assertEqual(len(addresses), _CLIENTS)

    def assert_all_answer(self, crowd: Crowd) -> None:
        """A ping comes back through every tunnel."""
        answers = crowd.ping(3)
        self.figure(answers.text)
        self.assertEqual(answers.silent, [])
        self.assertEqual(answers.interfaces, _CLIENTS)

    def assert_waits(self, found: Restart) -> None:
        """The waits of each round are spread, and none was cut short."""
        rounds = max(len(loss.waits) for loss in found.losses)
        for number in range(rounds):
            drawn = [loss.waits[number].drawn for loss in found.losses
                     if number < len(loss.waits)]
            most = busiest(drawn, _WINDOW_SECONDS)
            self.figure(f"wait {number + 1}: {len(drawn)} clients drew"
                        f" {shown(drawn)} s, {most} in one window")
            self.assertLessEqual(max(drawn, default=0), max(
                _SPREAD_SECONDS, 2.0 ** number))
            self.assertLessEqual(most, _MOST_IN_A_WINDOW if number
                                 else _MOST_AT_FIRST)
        for loss in found.losses:
            for wait in loss.waits:
                self.assertGreaterEqual(wait.apart + _LOG_SECONDS, wait.drawn)

    def report(self, found: Restart) -> None:
        """Prints what depends on the machine."""
        back = found.back_after()
        self.figure(f"away {found.outage:.2f} s; most attempts in 100 ms"
                    f" {busiest(found.attempts, _WINDOW_SECONDS)}, all"
                    f" {len(found.attempts)}; 50 % / 99 % / all back after "
                    + " / ".join(f"{quantile(back, share):.2f}"
                                 for share in (.5, .99, 1)) + " s")


if __name__ == "__main__":
    main()
