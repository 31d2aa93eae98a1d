# SPDX-License-Identifier: Apache-2.0
"""docs/status.md describes the status file as the client writes it.

It is compared with outputs of StatusJson: a status in which everything is
known, one in which nothing is, one in which nothing is known of what there is,
and one with each counter.
"""

import json
import re
import subprocess
import sys
import unittest
from pathlib import Path
from typing import ClassVar

from tunnel.report.testing import key_reference

_SAMPLE, _REFERENCE = (Path(sys.argv.pop(1)) for _ in range(2))


class StatusReferenceTest(key_reference.KeyReferenceCase):
    """The keys, and the counters."""

    counted: ClassVar[dict[str, object]]
    maps = frozenset({"counters", "ends"})
    not_written = "never in a file"

    @classmethod
    def setUpClass(cls) -> None:
        """The document and the four outputs."""
        lines = subprocess.run([str(_SAMPLE.absolute())], check=True, timeout=60,
                               stdout=subprocess.PIPE).stdout.splitlines()
        cls.known, cls.unknown, cls.hollow, cls.counted = map(json.loads,
                                                              lines)
        cls.text = _REFERENCE.read_text()

    def test_each_counter_is_described(self) -> None:
        """Once, and none that there is not."""
        described = key_reference.part(self.text, "Counters")
        named = [name for line in described.splitlines()
                 if line.startswith("| `")
                 for name in re.findall(r"`([a-z0-9_]+)`", line.split("|")[1])]
        self.assertEqual(sorted(named), sorted(self.counted["counters"]))


if __name__ == "__main__":
    unittest.main()
