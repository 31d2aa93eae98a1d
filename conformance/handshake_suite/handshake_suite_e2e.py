# SPDX-License-Identifier: Apache-2.0
"""Plays every answer of the suite against `client --check`.

Each case is one server on a free loopback port and one run of the client. A
refusal must have the right exit code and name the broken rule, and the client
must not send a byte after it.
"""

import base64
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from conformance.handshake_suite import (
    header_line_cases, status_code_cases, status_line_cases, timing_cases,
    upgrade_cases)
from conformance.handshake_suite.answer_server import AnswerServer, Seen
from conformance.handshake_suite.answers import DONE, Answer

_AT_ONCE = 4
_LIMIT_SECONDS = 60
_ECHOES = 3  # that the check sends when none is answered
_OURS, _OVOCS = bytes([169, 254, 0, 2]), bytes([169, 254, 0, 1])
_PASSWORD = "no-default-42"
_SETTINGS = """[OVOC]
WSTunServer = '127.0.0.1'
WSTunServerPort = {port}
WSTunPassword = '{password}'
WSTunSecured = 0
"""
_ROOT = Path(os.path.abspath(__file__)).parents[2]


def client_program() -> str:
    """The client: of OVOC_CLIENT, of the test's files, or of bazel-bin."""
    places = [os.environ.get("OVOC_CLIENT"), _ROOT / "tunnel/client",
              _ROOT / "bazel-bin/tunnel/client"]
    for place in places:
        if place and Path(place).is_file():
            return str(place)
    raise FileNotFoundError(f"//tunnel:client is not built: {places}")


@dataclass
class Outcome:
    """What a case came to."""

    answer: Answer
    exit_code: int
    output: str
    seen: Seen


def play(answer: Answer) -> Outcome:
    """Runs one case."""
    server = AnswerServer(answer)
    serving = threading.Thread(target=server.serve)
    serving.start()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "device.ini"
        settings.touch(mode=0o600)
        settings.write_text(_SETTINGS.format(port=server.port,
                                             password=_PASSWORD))
        done = subprocess.run(
            [client_program(), f"--settings={settings}", "--check"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=_LIMIT_SECONDS, check=False)
    serving.join()
    return Outcome(answer, done.returncode, done.stdout, server.seen)


def mistakes(outcome: Outcome) -> list[str]:
    """What is not as the case wants it."""
    answer, seen = outcome.answer, outcome.seen
    found = []
    if outcome.exit_code != answer.exit_code:
        found.append(f"exit code {outcome.exit_code}, not {answer.exit_code}")
    last = (outcome.output.splitlines() or [""])[-1]
    found += [f"the last line does not say {words!r}: {last}"
              for words in answer.words if words not in last]
    if ("logged in" in outcome.output) != (
            answer.exit_code == DONE or bool(answer.frames)):
        found.append("logged in, or not, against what is expected")
    frames = [frame for frame in seen.frames if not is_echo_request(frame)]
    if answer.exit_code == DONE and len(seen.frames) - len(frames) != _ECHOES:
        found.append(f"{len(seen.frames) - len(frames)} echo requests")
    if tuple(frames) != answer.frames or seen.complaint:
        found.append(f"the client sent {seen.frames} {seen.complaint}, not"
                     f" {list(answer.frames)}")
    if seen.connections != 1:
        found.append(f"{seen.connections} connections")
    secrets = [_PASSWORD, base64.b64encode(
        f"VPN:{_PASSWORD}".encode()).decode()]
    if any(secret in outcome.output for secret in secrets):
        found.append("the credentials are in the output")
    return found


def is_echo_request(frame: tuple[int, bytes]) -> bool:
    """Whether it carries an ICMP echo request from our address to OVOC's."""
    opcode, packet = frame
    return (opcode == 2 and packet[:1] == b"\x45" and packet[9] == 1
            and packet[12:21] == _OURS + _OVOCS + b"\x08")


class HandshakeSuite(unittest.TestCase):
    """One test for each table."""

    def play_all(self, cases: Sequence[Answer], at_once: int = _AT_ONCE
                 ) -> None:
        """Plays the cases, a few at a time; reports each by its name."""
        names = [case.name for case in cases]
        self.assertEqual(sorted(set(names)), sorted(names))
        with ThreadPoolExecutor(at_once) as pool:
            for outcome in pool.map(play, cases):
                with self.subTest(outcome.answer.name):
                    self.assertEqual(mistakes(outcome), [])
        print(f"[{self._testMethodName}] {len(cases)} cases",
              file=sys.stderr)

    def test_status_lines(self) -> None:
        """Any first line but an exact `HTTP/1.1 101` is refused."""
        self.play_all(status_line_cases.CASES)

    def test_status_codes(self) -> None:
        """Any other status is refused, a 101 after an interim one too."""
        self.play_all(status_code_cases.CASES)

    def test_header_lines(self) -> None:
        """Grammar, forbidden bytes, sizes, cut heads."""
        self.play_all(header_line_cases.CASES)

    def test_upgrade_fields(self) -> None:
        """What RFC 6455 4.1 and the tunnel ask of the fields."""
        self.play_all(upgrade_cases.CASES)

    def test_slow_heads_end_after_ten_seconds(self) -> None:
        """Silence, half heads and drip-fed ones."""
        self.play_all(timing_cases.SLOW_CASES, len(timing_cases.SLOW_CASES))

    def test_frames_in_the_segment_of_the_101_are_kept(self) -> None:
        """They are the first frames of the tunnel."""
        self.play_all(timing_cases.CASES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
