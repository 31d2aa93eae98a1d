# SPDX-License-Identifier: Apache-2.0
"""Holds our DNS decoder to ldns and c-ares over messages others collected.

They are no part of the repository: ../shared/corpora/dns_seeds.tar.xz beside
it. Where the file is absent the test says so and is skipped.
"""

import collections
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEEDS = _ROOT.parent / "shared" / "corpora" / "dns_seeds.tar.xz"
_FOLDERS = ("bind9_message_parse", "cares_input", "gopacket", "pdns")

# Where our verdict and ldns' part, and why that is right.
_REVIEWED = {
    "cares_input/f6606f624be8c628328cea01d2cd07a9":
        "NAPTR with one byte of RDATA: nothing that a stub looks at",
    "bind9_message_parse/bind-systemtest-fb5d54dfc593.pkt":
        "NSAP-PTR with one byte of RDATA: likewise",
}

_ABSENT = """
{line}
SKIPPED: {path} is not there.
No message of others was tried.
{line}
"""


def _program(path: str) -> str:
    """A program built from this repository: beside the test, or in bazel-bin."""
    for place in (Path.cwd() / path, _ROOT / "bazel-bin" / path):
        if place.is_file():
            return str(place)
    raise FileNotFoundError(f"//{path} is not built")


@unittest.skipUnless(_SEEDS.is_file(), f"{_SEEDS} is not there")
class DnsSeedsTest(unittest.TestCase):
    """Every message of the collections that are whole messages."""

    @classmethod
    def setUpClass(cls) -> None:
        """Unpacks the messages."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.names = []
        with tarfile.open(_SEEDS) as archive:
            for member in archive:
                parts = member.name.split("/")
                if (not member.isfile() or len(parts) != 2
                        or parts[0] not in _FOLDERS):
                    continue
                (cls.folder / parts[0]).mkdir(exist_ok=True)
                data = archive.extractfile(member).read()
                (cls.folder / parts[0] / parts[1]).write_bytes(data)
                cls.names.append(member.name)

    def _lines(self, program: str) -> dict[str, str]:
        """What a program prints for each file."""
        done = subprocess.run([_program(program), *self.names],
                              cwd=self.folder, text=True, check=True,
                              capture_output=True, timeout=60)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(self.names))
        return dict(zip(self.names, lines))

    def test_every_difference_is_explained(self) -> None:
        """No class is missing; those to ldns' verdict were looked at."""
        found = self._lines("conformance/dns/compare_decoders")
        counts = collections.Counter()
        parted = set()
        for name, line in found.items():
            self.assertNotIn("Unexplained", line, name)
            ldns, ipv4, ipv6 = line.split()
            counts.update([f"ldns {ldns}", f"c-ares A {ipv4}",
                           f"c-ares AAAA {ipv6}"])
            if ldns != "None":
                parted.add(name)
        print(f"{len(found)} messages", *sorted(counts.items()), sep="\n  ",
              file=sys.stderr)
        self.assertGreater(len(found), 300)
        self.assertEqual(parted, set(_REVIEWED))

    def test_every_message_has_a_verdict(self) -> None:
        """`ok`, or `malformed: ` and a rule with its RFC."""
        for name, line in self._lines("conformance/dns/dns_decode").items():
            self.assertRegex(line, r"^(ok|malformed: .*\(RFC \d+ .*\).*)$", name)


if __name__ == "__main__":
    if not _SEEDS.is_file():
        print(_ABSENT.format(line="*" * 72, path=_SEEDS), file=sys.stderr)
    unittest.main()
