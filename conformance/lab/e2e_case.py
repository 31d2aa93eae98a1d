# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: one lab for a class, a limit for a test."""

import json
import signal
import sys
import time
import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from conformance.lab import enclosure, namespaces, services
from conformance.lab.lab import OVOC, Lab
from conformance.lab.programs import NotSeen, Program

_BANNER = """
{line}
SKIPPED: this test needs Linux namespaces{tun} and may not make them here.
Nothing of it was tested. Reason: {reason}
{line}
"""


class LabCase(unittest.TestCase):
    """Opens a lab for the class; ends the programs after each test.

    A test that takes longer than LIMIT_SECONDS fails. The logs of all
    programs are shown when a test fails.
    """

    LIMIT_SECONDS: ClassVar[int] = 60
    lab: ClassVar[Lab]

    @classmethod
    def setUpClass(cls) -> None:
        """Builds the network."""
        cls.lab = Lab(cls.__name__)
        cls.lab.open()
        cls.addClassCleanup(cls.lab.close)

    def setUp(self) -> None:
        """Starts the clock and promises to end what the test starts."""
        def late(*_: object) -> None:
            raise TimeoutError(f"longer than {self.LIMIT_SECONDS} s")
        signal.signal(signal.SIGALRM, late)
        signal.alarm(self.LIMIT_SECONDS)
        self.addCleanup(self._finish)

    def _finish(self) -> None:
        """Ends the test's programs; shows their logs if it failed."""
        signal.alarm(0)
        programs = list(self.lab.programs)
        self.lab.stop_programs()
        namespaces.remember_connections()
        if self._failed():
            for program in programs:
                print(f"--- {program.name}\n{program.tail()}",
                      file=sys.stderr)

    def _failed(self) -> bool:
        """Whether this test has failed so far, a part of it included."""
        # Not outcome.success: that one begins anew for each clean-up.
        result = getattr(getattr(self, "_outcome", None), "result", None)
        if result is None:
            return False
        return any(self in (case, getattr(case, "test_case", None))
                   for case, _ in [*result.failures, *result.errors])

    def figure(self, text: str) -> None:
        """Prints a measured figure; nothing depends on it."""
        print(f"[{self._testMethodName}] {text}", file=sys.stderr, flush=True)

    def check(self, **changes: object) -> Program:
        """Runs `client --check` to its end."""
        program = self.lab.client(self.lab.settings(**changes), "--check")
        program.wait(40)
        return program

    def reported(self, program: Program, step: str) -> list[str]:
        """What a check reported of a step: the lines that begin with it."""
        return [line.removeprefix(step).strip() for line in program.lines()
                if line.startswith(step + " ")]

    def assert_exit(self, program: Program, *codes: int) -> None:
        """The program ended with one of these exit codes."""
        self.assertIn(program.exit_code(), codes, "\n" + program.tail())

    def wait_for_pongs(self, path: Path, count: int) -> None:
        """Waits until the status file tells of so many pongs."""
        deadline = time.monotonic() + 5 * count
        while True:
            status = json.loads(path.read_text())
            if status["counters"].get("pongs_received", 0) >= count:
                return
            if time.monotonic() > deadline:
                raise NotSeen(f"{count} pongs: {status}")
            time.sleep(0.1)

    def assert_tunnel_carries(self) -> None:
        """A ping goes through the tunnel and comes back."""
        self.assertTrue(self.lab.ping(), f"{OVOC} does not answer a ping")

    def tunnel(self, *server_options: str,
               client_options: Sequence[str] = (),
               **changes: object) -> tuple[Program, Program]:
        """Starts dnsmasq, OVOC and a client; waits until all is up."""
        services.name_server(self.lab)
        server = self.lab.server(self.lab.authority.good(), *server_options)
        client = self.lab.client(self.lab.settings(**changes),
                                 *client_options)
        client.wait_for("tunnel_up")
        return server, client


def main(needs_tun: bool = True) -> None:
    """Runs the tests of the calling module inside an enclosure."""
    if enclosure.is_inside():
        enclosure.settle()
        unittest.main(module="__main__", verbosity=2)
    try:
        enclosure.require_tools()
        way = enclosure.way_in(needs_tun)
    except enclosure.ToolsMissing as error:
        sys.exit(str(error))
    except enclosure.Refused as error:
        print(_BANNER.format(line="*" * 72, reason=error, tun=
                             " and a TUN device" if needs_tun else ""),
              file=sys.stderr)
        sys.exit(0)
    enclosure.run_again(way)
