# SPDX-License-Identifier: Apache-2.0
"""Bit for bit the same from another folder, in another year.

Usage: reproducible_test.py CLIENT CPU. Builds the client once more from a
copy of the checkout in another folder, from nothing (no cache, an output base
of its own), with compilers that see a clock 400 days ahead in another time
zone, and compares it with CLIENT, which the running build has made.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CLOCK = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
_OTHER_TIME = {"LD_PRELOAD": _CLOCK, "FAKETIME": "+400d",
               "FAKETIME_NO_CACHE": "1", "TZ": "Pacific/Auckland"}


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def year(**environment: str) -> str:
    """The year as a program in this environment sees it."""
    return subprocess.run(["date", "+%Y"], check=True, text=True,
                          capture_output=True,
                          env={**os.environ, **environment}).stdout.strip()


class ReproducibleTest(unittest.TestCase):
    """Two builds of one source."""

    client = Path()
    cpu = ""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="another-folder."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.copy = self.folder / "copy"
        # Bazel takes the right to write from what it has made.
        self.addCleanup(subprocess.run,
                        ["chmod", "-R", "u+w", str(self.folder)], check=True)
        # A test has no home; the libraries' sources are kept there.
        self.environment = {"HOME": pwd.getpwuid(os.getuid()).pw_dir,
                            **os.environ}

    def bazel(self, *arguments: str) -> None:
        """Runs the copy's Bazel."""
        subprocess.run(
            ["tools/bazel", f"--output_base={self.folder / 'base'}",
             *arguments], cwd=self.copy, check=True, env=self.environment)

    def copy_checkout(self) -> None:
        """What git knows, and what it would."""
        names = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], cwd=ROOT, check=True,
            capture_output=True).stdout
        self.copy.mkdir()
        packed = subprocess.run(
            ["tar", "c", "--null", "--files-from=-"], cwd=ROOT, input=names,
            check=True, capture_output=True).stdout
        subprocess.run(["tar", "x"], cwd=self.copy, input=packed, check=True)

    def test_another_folder_and_year_make_the_same_client(self) -> None:
        """Nothing of the place and the time is in it."""
        self.assertNotEqual(year(**_OTHER_TIME), year(),
                            "the clock could not be changed")
        self.copy_checkout()
        name = f"client_{self.cpu}"
        self.addCleanup(self.bazel, "shutdown")
        self.bazel("build", "--color=no", "--curses=no", "--noshow_progress",
                   "--disk_cache=", f"//tunnel/release:{name}",
                   *(f"--action_env={key}={value}"
                     for key, value in _OTHER_TIME.items()))
        made = self.copy / "bazel-bin/tunnel/release" / name
        self.assertEqual(digest(made), digest(self.client))


if __name__ == "__main__":
    ReproducibleTest.client = Path(sys.argv[1])
    ReproducibleTest.cpu = sys.argv[2]
    unittest.main(argv=sys.argv[:1])
