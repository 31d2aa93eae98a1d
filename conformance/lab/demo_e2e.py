# SPDX-License-Identifier: Apache-2.0
"""The demo as a whole: all of it happens, and nothing of it stays behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

_SCRIPT = Path(__file__).with_name("demo.py")
_STEPS = 13
_LIMIT_SECONDS = 60  # the promise is 30 s; slow machines shall not fail here
_REFUSED = "does not let the lab be made"


class DemoTest(unittest.TestCase):
    """Runs the demo as a person would."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._out = Path(folder.name) / "out"

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Starts the demo in a process group of its own."""
        with self._out.open("wb") as out:
            demo = subprocess.Popen(
                [sys.executable, str(_SCRIPT), *options], stdout=out,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True)
        self.addCleanup(demo.wait)
        self.addCleanup(demo.kill)
        return demo

    def shown(self) -> str:
        """What the demo printed so far; skips where it may not run."""
        text = self._out.read_text(errors="replace")
        if _REFUSED in text:
            print(f"{'*' * 72}\nSKIPPED, NOTHING WAS TESTED: {text}"
                  f"{'*' * 72}", file=sys.stderr)
            self.skipTest(text)
        return text

    def wait_for(self, demo: subprocess.Popen[bytes], text: str) -> None:
        """Waits until the demo has printed `text`."""
        deadline = time.monotonic() + _LIMIT_SECONDS
        while text not in self.shown():
            self.assertIsNone(demo.poll(), self.shown())
            self.assertLess(time.monotonic(), deadline, self.shown())
            time.sleep(0.05)

    def kept(self) -> tuple[subprocess.Popen[bytes], list[str]]:
        """Starts a demo that stays; returns the command that looks in."""
        demo = self.start("--keep")
        self.wait_for(demo, "tail -F")
        found = re.search(r"nsenter .* nsenter --net=/run/netns/device ", self.shown())
        assert found is not None
        return demo, found[0].split()

    def assert_gone(self, outside: int) -> None:
        """The lab's first process, and so all of the lab, is gone."""
        deadline = time.monotonic() + 5
        while os.path.exists(f"/proc/{outside}"):
            self.assertLess(time.monotonic(), deadline, "the lab lives on")
            time.sleep(0.02)

    def test_every_step_happens(self) -> None:
        """Exit code 0, each step in the summary, the time printed."""
        start = time.monotonic()
        code = self.start().wait(_LIMIT_SECONDS)
        shown = self.shown()
        self.assertEqual(code, 0, shown)
        self.assertIn(f"Summary: {_STEPS} of {_STEPS} steps", shown)
        self.assertNotIn("NOT DONE", shown)
        print(f"{shown}\n{time.monotonic() - start:.1f} s in all",
              file=sys.stderr)

    def test_keep_stays_until_ctrl_c_and_can_be_entered(self) -> None:
        """The printed command reaches the device, whose tunnel is up."""
        demo, enter = self.kept()
        done = subprocess.run([*enter, "ping", "-c", "1", "169.254.0.1"],
                              capture_output=True, text=True, timeout=20,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        os.killpg(demo.pid, signal.SIGINT)  # as the terminal does
        self.assertEqual(demo.wait(20), 0, self.shown())
        self.assert_gone(int(enter[2]))

    def test_nothing_is_left_however_it_is_ended(self) -> None:
        """Even when the demo is killed and can do nothing about it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                demo, enter = self.kept()
                demo.send_signal(number)
                demo.wait(5)
                self.assert_gone(int(enter[2]))

    def test_a_step_that_fails_is_exit_code_1_and_named(self) -> None:
        """Here OVOC is a program that ends at once."""
        with mock.patch.dict(os.environ, {"OVOC_SERVER": "/bin/false"}):
            code = self.start().wait(_LIMIT_SECONDS)
        shown = self.shown()
        self.assertEqual(code, 1, shown)
        self.assertIn("FAILED: OVOC started", shown)
        self.assertRegex(shown, r"NOT DONE +SNMP request answered")


if __name__ == "__main__":
    unittest.main()
