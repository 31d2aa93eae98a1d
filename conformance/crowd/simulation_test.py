# SPDX-License-Identifier: Apache-2.0
"""Tests of the simulation as a program, and of what is read of it."""

import unittest

from conformance.crowd.simulation import simulate

_DEVICES = 1000


class SimulationTest(unittest.TestCase):
    """Rules without dice have outcomes that can be told before."""

    def test_each_server_is_played_with_each_rule(self) -> None:
        """In the order of the flags, the rules of a server together."""
        found = simulate("--devices=10", "--outages=0s,2s",
                         "--capacities=0,100", "--rules=ours,fixed:1s")
        self.assertEqual(
            [(each.outage, each.logins_per_second, each.rule)
             for each in found],
            [(outage, capacity, rule) for outage in (0, 2)
             for capacity in (0, 100) for rule in ("ours", "fixed:1s")])

    def test_counts_are_means_of_the_rounds(self) -> None:
        """At 5 s the server is away, from 10 s on each login takes 2 ms."""
        found = simulate(f"--devices={_DEVICES}", "--rounds=3",
                         "--outages=7s", "--capacities=500",
                         "--rules=fixed:5s", "--room=600")[0]
        self.assertEqual(found.devices, _DEVICES)
        self.assertEqual(found.room, 600)
        # 400 find no room at 10 s and come again at 15 s.
        rates = dict(found.attempt_rate())
        self.assertEqual({time: rate for time, rate in rates.items() if rate},
                         {5.0: 10000.0, 10.0: 10000.0, 15.0: 4000.0})
        self.assertEqual(found.turned_away, 400)
        self.assertEqual(found.given_up, 0)
        self.assertEqual(found.peaks, [_DEVICES] * 3)
        self.assertEqual(found.peak_second, _DEVICES)
        # The 500th is back at 11.0 s, the 990th at 15.78, the last at 15.8.
        self.assertEqual(found.back, ("4.0", "8.8", "8.8"))
        self.assertAlmostEqual(found.share_back()[-1][1], 100)

    def test_the_policy_begins_within_its_spread(self) -> None:
        """All of its attempts, if the server is there, over ten seconds."""
        found, before = simulate(
            f"--devices={_DEVICES}", "--outages=0s", "--capacities=0",
            "--rules=ours,policy:1s:60s")
        for each in (found, before):
            self.assertEqual(sum(each.attempts), _DEVICES)
        self.assertEqual(before.peak_second, _DEVICES)
        self.assertLess(found.peak_second, _DEVICES / 5)

    def test_a_flag_that_is_wrong_is_named(self) -> None:
        """As is a rule that nobody knows."""
        for flag in ("--rules=theirs", "--outages=9", "--capacities=-1",
                     "--outages=2h", "--devices=0"):
            with self.subTest(flag=flag):
                with self.assertRaisesRegex(RuntimeError, "give|1 or more"):
                    simulate(flag)


if __name__ == "__main__":
    unittest.main()
