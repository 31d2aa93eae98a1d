# SPDX-License-Identifier: Apache-2.0
"""Tests of programs.py; needs no namespaces."""

import signal
import tempfile
import unittest
from pathlib import Path

from conformance.lab.programs import NotSeen, Program, parse_event

_LINE = ('2026-11-23T02:00:00.123Z warning event=verified tls=TLSv1.3 ms=12 '
         'subject="CN=a \\"b\\" \\\\c" detail=""')


class ParseEventTest(unittest.TestCase):
    """One log line."""

    def test_reads_name_level_and_fields(self) -> None:
        """Quotes and backslashes are taken off."""
        event = parse_event(_LINE)
        assert event is not None
        self.assertEqual((event.name, event.level), ("verified", "warning"))
        self.assertEqual(event.fields, {
            "tls": "TLSv1.3", "ms": "12", "subject": 'CN=a "b" \\c',
            "detail": ""})
        self.assertEqual(event["absent"], "")

    def test_a_line_without_an_event_is_none(self) -> None:
        """Text of other programs."""
        for line in ("", "hello", "a=b", "a=b event=c", "event",
                     'GET /?event=x', '2026-11-23T02:00:00.123Z event=x'):
            with self.subTest(line):
                self.assertIsNone(parse_event(line))

    def test_a_line_of_the_worker_is_told_from_the_keepers(self) -> None:
        """By the mark in its one place, which a worker cannot leave out."""
        event = parse_event("2026-11-23T02:00:00.123Z info from=worker "
                            "event=start policy=certified")
        assert event is not None
        self.assertTrue(event.from_worker)
        self.assertEqual(event.name, "start")
        self.assertEqual(event.fields, {"policy": "certified"})
        keepers = parse_event(_LINE)
        assert keepers is not None
        self.assertFalse(keepers.from_worker)

    def test_a_line_of_an_event_alone_has_no_level(self) -> None:
        """The form of the lab's own small programs."""
        event = parse_event("event=done bytes=5")
        assert event is not None
        self.assertEqual((event.name, event.level), ("done", ""))
        self.assertEqual(event["bytes"], "5")


class ProgramTest(unittest.TestCase):
    """A running program."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._log = Path(folder.name) / "log"

    def start(self, script: str) -> Program:
        """Starts a shell script."""
        program = Program("script", ["sh", "-c", script], self._log)
        self.addCleanup(program.kill)
        return program

    def test_waits_go_on_where_the_last_one_stopped(self) -> None:
        """Two events of one name are two waits."""
        program = self.start("echo event=a n=1; echo event=a n=2; sleep 9")
        self.assertEqual(program.wait_for("a")["n"], "1")
        self.assertEqual(program.wait_for("a")["n"], "2")
        with self.assertRaises(NotSeen):
            program.wait_for("a", 0.05)

    def test_fields_choose_the_event(self) -> None:
        """Events with other values are passed over."""
        program = self.start("echo event=a n=1; echo event=a n=2; sleep 9")
        self.assertEqual(program.wait_for("a", n="2")["n"], "2")

    def test_an_early_end_is_told_with_the_log(self) -> None:
        """Nobody waits for a dead program."""
        program = self.start("echo oh dear; exit 3")
        with self.assertRaisesRegex(NotSeen, "ended with 3(.|\n)*oh dear"):
            program.wait_for("never", 60)

    def test_the_last_words_of_an_ended_program_are_seen(self) -> None:
        """The log is read once more after the end."""
        program = self.start("echo event=last")
        program.wait()
        self.assertEqual(program.wait_for("last").name, "last")

    def test_an_unfinished_line_is_not_read(self) -> None:
        """Only whole lines count."""
        program = self.start("printf event=half; sleep 9")
        with self.assertRaises(NotSeen):
            program.wait_for("half", 0.1)

    def test_skip_passes_over_what_is_there(self) -> None:
        """Waiting begins at what comes later."""
        program = self.start("echo event=a; sleep 9")
        program.wait_for_text("event=a")
        program.skip()
        with self.assertRaises(NotSeen):
            program.wait_for("a", 0.05)

    def test_stop_kills_what_does_not_listen(self) -> None:
        """SIGTERM first, SIGKILL after the timeout."""
        program = self.start(
            "trap '' TERM; echo ready; while :; do sleep 0.05; done")
        program.wait_for_text("ready")
        self.assertEqual(program.stop(0.2), -signal.SIGKILL)

    def test_stop_ends_a_stopped_program_too(self) -> None:
        """SIGCONT lets it take the SIGTERM."""
        program = self.start("echo ready; exec sleep 60")
        program.wait_for_text("ready")
        program.send(signal.SIGSTOP)
        self.assertEqual(program.stop(), -signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
