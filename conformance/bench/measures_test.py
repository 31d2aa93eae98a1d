# SPDX-License-Identifier: Apache-2.0
"""Tests of how the measures read what other programs print."""

import json
import unittest

from conformance.bench.figures import LOST
from conformance.bench.measures import (BrokeDown, lateness, ping_command,
                                        ping_times, poured,
                                        thousands_a_second)
from conformance.lab.programs import Event, parse_event

_PING = """169.254.0.1 : [0], 64 bytes, 0.204 ms (0.204 avg, 0% loss)
169.254.0.1 : [1], timed out (0.204 avg, 50% loss)
169.254.0.1 : [2], 64 bytes, 43.0 ms (21.6 avg, 33% loss)

169.254.0.1 : xmt/rcv/%loss = 3/2/33%, min/avg/max = 0.204/21.6/43.0
"""


def event(line: str) -> Event:
    """The event of a line."""
    found = parse_event(line)
    assert found is not None
    return found


class PingTest(unittest.TestCase):
    """fping(8)."""

    def test_every_ping_has_a_time(self) -> None:
        """That of one without an answer is LOST."""
        self.assertEqual(ping_times(_PING), [0.204, 43.0, LOST])

    def test_no_answer_at_all_is_a_break_down(self) -> None:
        """And so is a program that was cut off."""
        for text in ("169.254.0.1 : xmt/rcv/%loss = 3/0/100%", "",
                     _PING.partition("\n\n")[0]):
            with self.subTest(text), self.assertRaises(BrokeDown):
                ping_times(text)

    def test_a_time_becomes_a_count(self) -> None:
        """At one ping in 5 ms."""
        self.assertEqual(ping_command("192.0.2.1", 3)[1:5],
                         ["-c", "600", "-p", "5"])


class TimerTest(unittest.TestCase):
    """cyclictest(8)."""

    def test_the_latest_counts(self) -> None:
        """It is told in microseconds."""
        self.assertEqual(lateness("T: 0 (   42) P: 0 I:5000 C:    800 Min:"
                                  "     30 Act:   65 Avg:   77 Max:    4038"),
                         4.038)

    def test_a_refusal_is_said(self) -> None:
        """As without the right to choose a scheduling policy."""
        with self.assertRaisesRegex(BrokeDown, "Unable to change"):
            lateness("Unable to change scheduling policy!")


class PourTest(unittest.TestCase):
    """iperf3 --json."""

    def test_what_was_received_counts(self) -> None:
        """Not what was sent."""
        end = {"sum_sent": {"bytes": 9, "bits_per_second": 9},
               "sum_received": {"bytes": 625_000_000,
                                "bits_per_second": 2.5e9}}
        self.assertEqual(poured(json.dumps({"end": end})),
                         (2500.0, 625_000_000))

    def test_what_went_wrong_is_said(self) -> None:
        """In each way that iperf3 has."""
        nothing = {"sum_received": {"bytes": 0, "bits_per_second": 0.0}}
        for name, text, reason in (
                ("an error", '{"end": {}, "error": "no route"}', "no route"),
                ("no byte", json.dumps({"end": nothing}), "nothing came"),
                ("no result", "{}", "nothing came"),
                ("no JSON", "iperf3: error - oh", "iperf3: error - oh")):
            with self.subTest(name), self.assertRaisesRegex(BrokeDown, reason):
                poured(text)


class FloodTest(unittest.TestCase):
    """udp_flood's events."""

    def test_a_rate_is_over_the_time_it_took(self) -> None:
        """But a burst within less than the flood's time is no rate."""
        for seconds, expected in (("2.000", 300.0), ("4.000", 150.0),
                                  ("0.010", 300.0), ("0.000", 300.0)):
            with self.subTest(seconds):
                counted = event("event=counted packets=600000"
                                f" seconds={seconds} dropped=0")
                self.assertEqual(thousands_a_second(counted, 2), expected)


if __name__ == "__main__":
    unittest.main()
