# SPDX-License-Identifier: Apache-2.0
"""For the tests: small shell scripts that stand in for fuzzers and Bazel."""

import tempfile
import unittest
from pathlib import Path


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> Path:
        """Writes a file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def script(self, name: str, text: str) -> Path:
        """Writes a shell script that can be run."""
        path = self.write(name, "#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path
