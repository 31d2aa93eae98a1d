# SPDX-License-Identifier: Apache-2.0
"""One contestant's turn in a round: it is started, measured and ended."""

import subprocess
from collections.abc import Callable
from functools import partial

from conformance.bench import measures
from conformance.bench.cable import CableLab
from conformance.bench.contestants import Contestant, Link, Tunnel
from conformance.bench.figures import Outcome, Round, Value
from conformance.bench.measures import DOWN, UP, BrokeDown
from conformance.bench.process_cost import ResidentWatch, resident
from conformance.lab.programs import NotSeen

_STARTS = 3  # of the client, to see how long one takes
_IDLE_KEYS = ("ping_p50", "ping_p99", "ping_max", "resident_idle",
              "timer_max")

# How a program is found not to do its part; all else is our own bug.
_FAILURES = (BrokeDown, NotSeen, RuntimeError, TimeoutError,
             subprocess.SubprocessError)

_Loaded = Callable[[CableLab, Link, str, int], Round]


class Turn:
    """Measures one contestant once.

    One that breaks down in a measure has that in the measure's cells, and is
    started anew for the next.
    """

    def __init__(self, lab: CableLab, contestant: Contestant, seconds: int,
                 tell: Callable[[str], None]) -> None:
        """A transfer lasts `seconds`; `tell` is told of what breaks down."""
        self._lab = lab
        self._contestant = contestant
        self._seconds = seconds
        self._tell = tell
        self._serves = False
        self._link: Link | None = None
        self._most_resident = 0.0
        self._values: dict[str, Value] = {}
        self.cipher = ""

    def run(self) -> Round:
        """Takes all measures; nothing runs afterwards."""
        half = max(self._seconds // 2, 1)
        try:
            if isinstance(self._contestant, Tunnel):
                self._take(("start",), partial(self._starts,
                                               self._contestant))
            self._take(_IDLE_KEYS, self._idle)
            for way in (UP, DOWN):
                self._take((f"tcp_{way}", f"cpu_{way}", f"loaded_{way}"),
                           partial(self._loaded, measures.transfer, way,
                                   self._seconds))
            for way in (UP, DOWN):
                self._take((f"packets_{way}",), partial(
                    self._loaded, measures.flood, way, half))
                self._take((f"single_{way}",), partial(
                    self._loaded, measures.single_flood, way, half))
        finally:
            self._stop()
        if self._most_resident:
            self._values["resident_most"] = self._most_resident
        return self._values

    def _take(self, keys: tuple[str, ...], measure: Callable[[], Round],
              ) -> None:
        """One measure and what it comes to."""
        try:
            self._values.update(measure())
        except _FAILURES as error:
            self._tell(f"{self._contestant.name} broke down in {keys[0]}:"
                       f" {error}")
            self._values.update(dict.fromkeys(keys, Outcome.BROKE_DOWN))
            self._stop()

    def _starts(self, tunnel: Tunnel) -> Round:
        """How long a start takes."""
        self._serve()
        return measures.start_to_reply(self._lab, tunnel, _STARTS)

    def _idle(self) -> Round:
        """What there is to see without a load."""
        link = self._up()
        values = dict(measures.idle_ping(self._lab, link, self._seconds))
        if link.resident is not None:
            values["resident_idle"] = resident(link.resident)
        if link.client is None:
            values.update(measures.late_timer(self._lab, self._seconds))
        return values

    def _loaded(self, measure: _Loaded, way: str, seconds: int) -> Round:
        """A measure with a load; the client has to survive it."""
        link = self._up()
        with ResidentWatch(link.resident) as watch:
            try:
                values = measure(self._lab, link, way, seconds)
            finally:
                self._most_resident = max(self._most_resident, watch.most)
        measures.check(link)
        return values

    def _serve(self) -> None:
        """Starts the cloud's side, unless it runs."""
        if not self._serves:
            self._contestant.serve(self._lab)
            self._serves = True

    def _up(self) -> Link:
        """The contestant's link, which is started when there is none."""
        if self._link is None:
            self._serve()
            self._link = self._contestant.connect(self._lab)
            self.cipher = self._link.cipher
            measures.check(self._link)
        return self._link

    def _stop(self) -> None:
        """Ends everything."""
        self._lab.stop_programs()
        self._serves, self._link = False, None
