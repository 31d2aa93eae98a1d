# SPDX-License-Identifier: Apache-2.0
"""Runs fuzzers side by side, so many at a time, until done or told to stop."""

import signal
import time
from collections.abc import Callable, Sequence

from fuzz.runner.fuzzer import Fuzzer, Order, Outcome

_GLANCE_S = 0.2  # between two looks at the running fuzzers


class StopRequest:
    """Notes SIGINT and SIGTERM; each work step looks here when it may end."""

    def __init__(self) -> None:
        self.made = False

    def listen(self) -> None:
        """From now on the signals no longer end this program."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.made = True


def run(orders: Sequence[Order], jobs: int, stop: StopRequest,
        tell: Callable[[Outcome], None],
        start: Callable[[Order], Fuzzer] = Fuzzer) -> list[Outcome]:
    """Carries the orders out; tells of each as it ends.

    After a stop no order is begun and those that run are ended; what they
    found until then counts.
    """
    waiting = list(orders)
    running: list[Fuzzer] = []
    outcomes: list[Outcome] = []
    while running or (waiting and not stop.made):
        while waiting and len(running) < jobs and not stop.made:
            running.append(start(waiting.pop(0)))
        if stop.made:
            for fuzzer in running:
                fuzzer.end()
        for fuzzer in [one for one in running if not one.running()]:
            running.remove(fuzzer)
            outcomes.append(fuzzer.outcome())
            tell(outcomes[-1])
        if running:
            time.sleep(_GLANCE_S)
    return outcomes
