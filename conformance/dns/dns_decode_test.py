# SPDX-License-Identifier: Apache-2.0
"""Tests of the dns_decode program: files in, verdicts and exit codes out."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_PATH = "conformance/dns/dns_decode"
_ROOT = Path(os.path.abspath(__file__)).parents[2]
_OK = bytes.fromhex("0007858000010000000000000161000001" "0001")


def _program() -> str:
    """The program: beside the test, or in bazel-bin."""
    for place in (Path.cwd() / _PATH, _ROOT / "bazel-bin" / _PATH):
        if place.is_file():
            return str(place)
    raise FileNotFoundError(f"//{_PATH} is not built")


class DnsDecodeTest(unittest.TestCase):
    """Runs the program in a folder of its own."""

    def setUp(self) -> None:
        """Writes the files."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, data in (("ok", _OK), ("cut", _OK[:-1]), ("empty", b""),
                           ("longest", _OK.ljust(65535, b"\0")),
                           ("too-long", _OK.ljust(65536, b"\0")),
                           ("-dash", _OK)):
            (self.folder / name).write_bytes(data)

    def run_with(self, *arguments: str,
                 stdin: bytes = b"") -> tuple[int, list[str], str]:
        """Exit code, lines of stdout, stderr."""
        done = subprocess.run([_program(), *arguments], cwd=self.folder,
                              input=stdin, capture_output=True, timeout=30,
                              check=False)
        return (done.returncode, done.stdout.decode().splitlines(),
                done.stderr.decode())

    def test_one_file_is_one_word_or_one_reason(self) -> None:
        """And exit code 0 either way."""
        self.assertEqual(self.run_with("ok"), (0, ["ok"], ""))
        self.assertEqual(self.run_with("cut"), (0, [
            "malformed: the message ends inside a question "
            "(RFC 1035 4.1.2)"], ""))

    def test_files_are_judged_in_order(self) -> None:
        """A line for each."""
        code, lines, _ = self.run_with("ok", "empty", "longest", "too-long")
        self.assertEqual(code, 0)
        self.assertEqual([line.partition(":")[0] for line in lines],
                         ["ok", "malformed", "ok", "malformed"])
        self.assertIn("longer than 65535 bytes", lines[3])

    def test_a_dash_is_the_standard_input(self) -> None:
        """And a name that begins with one comes behind --."""
        self.assertEqual(self.run_with("-", stdin=_OK), (0, ["ok"], ""))
        self.assertEqual(self.run_with("--", "-dash"), (0, ["ok"], ""))

    def test_what_cannot_be_read_is_named(self) -> None:
        """Exit code 2, behind the verdicts of what came before."""
        for name, why in (("absent", "No such file"),
                          (str(self.folder), "Is a directory")):
            code, lines, complaint = self.run_with("ok", name, "cut")
            self.assertEqual((code, lines), (2, ["ok"]))
            self.assertIn(name, complaint)
            self.assertIn(why, complaint)

    def test_a_wrong_command_line_is_refused(self) -> None:
        """Exit code 2 and what was found."""
        code, lines, complaint = self.run_with()
        self.assertEqual((code, lines), (2, []))
        self.assertIn("no file", complaint)
        code, _, complaint = self.run_with("--verbose", "ok")
        self.assertEqual(code, 2)
        self.assertIn("'--verbose'", complaint)

    def test_help_says_what_the_exit_codes_mean(self) -> None:
        """On stdout."""
        code, lines, _ = self.run_with("--help")
        self.assertEqual(code, 0)
        self.assertIn("Exit codes:", "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
