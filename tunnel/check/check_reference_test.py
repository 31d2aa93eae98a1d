# SPDX-License-Identifier: Apache-2.0
"""docs/check.md describes `--check --json` as the client prints it.

It is compared with outputs of CheckReportJson: a report in which everything is
known, one in which nothing is, and one in which nothing is known of what there
is.
"""

import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

from tunnel.report.testing import key_reference

_SAMPLE, _REFERENCE = (Path(sys.argv.pop(1)) for _ in range(2))
_LISTED = re.compile(r"^\| `(\w+)` \| ", re.MULTILINE)


class CheckReferenceTest(key_reference.KeyReferenceCase):
    """The keys, the verdicts and the warnings."""

    @classmethod
    def setUpClass(cls) -> None:
        """The document and the three outputs."""
        lines = subprocess.run([str(_SAMPLE.absolute())], check=True,
                               timeout=60, stdout=subprocess.PIPE
                               ).stdout.splitlines()
        cls.known, cls.unknown, cls.hollow = (json.loads(line)
                                              for line in lines)
        cls.text = _REFERENCE.read_text()

    def test_no_key_of_a_server_is_left_out(self) -> None:
        """However little is known of it."""
        self.assertEqual(list(self.unknown["servers"][0]),
                         list(self.known["servers"][0]))

    def test_the_names_of_warnings_and_verdicts_are_those_of_the_code(
            self) -> None:
        """Those that the sources beside this test have."""
        folder = Path(__file__).parent
        for heading, file, pattern in (
                ("Verdicts", "findings/path_words.cc", r'return "(\w+)";'),
                ("Warnings", "findings/path_words.cc",
                 r'CheckWarning\{\s*"(\w+)"'),
                ("Warnings", "check.cc", r'Warn\("(\w+)"|Warn\(\s*"(\w+)"')):
            source = (folder / file).read_text()
            found = {name for match in re.finditer(pattern, source)
                     for name in match.groups() if name}
            with self.subTest(heading=heading, file=file):
                self.assertGreater(len(found), 1)
                self.assertEqual(
                    found - set(_LISTED.findall(
                        key_reference.part(self.text, heading))), set())


if __name__ == "__main__":
    unittest.main()
