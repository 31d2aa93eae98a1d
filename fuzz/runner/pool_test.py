# SPDX-License-Identifier: Apache-2.0
"""Tests of pool.py, with fuzzers that are none."""

import os
import signal
import unittest
from pathlib import Path

from fuzz.runner import pool
from fuzz.runner.engine_log import Progress
from fuzz.runner.fuzzer import Order, Outcome


class Fake:
    """A fuzzer that runs for some glances, or until it is told to end."""

    alive = 0
    most = 0

    def __init__(self, order: Order) -> None:
        self._order = order
        self._left = order.seconds
        Fake.alive += 1
        Fake.most = max(Fake.most, Fake.alive)

    def running(self) -> bool:
        """One glance."""
        self._left -= 1
        return self._left > 0

    def end(self) -> None:
        """Ends at the next glance."""
        self._left = 0

    def outcome(self) -> Outcome:
        """As if it had done something."""
        Fake.alive -= 1
        return Outcome(self._order, Progress(), 0.0, (), False)


def order(name: str, glances: int) -> Order:
    """An order for a fake."""
    return Order(name, Path("/x"), Path("/x"), None, Path("/x"), glances, 1)


class PoolTest(unittest.TestCase):
    """Several fuzzers."""

    def setUp(self) -> None:
        Fake.alive = Fake.most = 0

    def test_all_run_and_no_more_at_a_time_than_allowed(self) -> None:
        """In the order given."""
        told: list[str] = []
        outcomes = pool.run([order(name, 1) for name in "abcde"], 2,
                            pool.StopRequest(),
                            lambda one: told.append(one.order.name), Fake)
        self.assertEqual(told, list("abcde"))
        self.assertEqual((len(outcomes), Fake.most, Fake.alive), (5, 2, 0))

    def test_a_stop_ends_those_that_run_and_begins_no_more(self) -> None:
        """What ran counts."""
        stop = pool.StopRequest()

        def tell(outcome: Outcome) -> None:
            stop.made = stop.made or outcome.order.name == "a"

        outcomes = pool.run([order("a", 1), order("b", 10 ** 9),
                             order("c", 1)], 2, stop, tell, Fake)
        self.assertEqual([one.order.name for one in outcomes], ["a", "b"])

    def test_signals_are_stop_requests(self) -> None:
        """And do not end the program."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                self.addCleanup(signal.signal, number,
                                signal.getsignal(number))
                stop = pool.StopRequest()
                stop.listen()
                os.kill(os.getpid(), number)
                self.assertTrue(stop.made)


if __name__ == "__main__":
    unittest.main()
