# SPDX-License-Identifier: Apache-2.0
"""What the tests of the hardened client share: its worker, by its log."""

import os
import time
from collections.abc import Callable

from conformance.hardening.process_view import ProcessView
from conformance.lab import enclosure
from conformance.lab.e2e_case import LabCase
from conformance.lab.programs import Event, Program

_POLL_SECONDS = 0.01


class WorkerCase(LabCase):
    """A lab whose clients are two processes each. Needs root."""

    def setUp(self) -> None:
        """Skips, loudly, where the enclosure is a user namespace."""
        if os.environ.get(enclosure.USER_MARK) == "1":
            self.skipTest("needs root: NOTHING of the sandbox was tested")
        super().setUp()

    def worker(self, client: Program) -> ProcessView:
        """The client's latest worker."""
        return ProcessView(int(client.events("worker")[-1]["pid"]))

    def next_worker(self, client: Program,
                    timeout: float = 20) -> ProcessView:
        """Waits for the next worker to be confined."""
        event: Event = client.wait_for("worker", timeout)
        return ProcessView(int(event["pid"]))

    def wait_until(self, what: str, holds: Callable[[], bool],
                   timeout: float = 5) -> None:
        """Waits until `holds`; fails after `timeout` seconds with `what`."""
        deadline = time.monotonic() + timeout
        while not holds():
            if time.monotonic() > deadline:
                self.fail(f"{timeout} s without: {what}")
            time.sleep(_POLL_SECONDS)
