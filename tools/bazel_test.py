# SPDX-License-Identifier: Apache-2.0
"""Tests of which packages tools/bazel installs for which command line.

A copy of it runs in a tree of its own, with stand-ins for the programs that
would change the machine. It knows Debian 12 only, and so does this test.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

_BAZEL = pathlib.Path(__file__).with_name("bazel")

# `sh` is what tools/bazel starts apt-get with, to guard the machine.
_PROGRAMS = {
    "apt-get": "true",
    "dpkg-query": 'sed "s/^/installed /" "$HOME/installed"',
    "sh": 'shift 3; echo "$@" >>"$HOME/asked"; '
          'printf "%s\\n" "$@" >>"$HOME/installed"',
    "sudo": '[ "$1" = -n ] && shift; exec "$@"',
    "real_bazel": 'echo "$@" >"$HOME/started"',
}


class PackagesTest(unittest.TestCase):
    """A machine that has what everybody needs, one package excepted."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.tree = self.home / "tree"
        for folder in ("tools", "third_party", "conformance/bench", "bin"):
            (self.tree / folder).mkdir(parents=True)
        shutil.copy(_BAZEL, self.tree / "tools/bazel")
        (self.tree / "third_party/sources.lock").touch()
        (self.tree / "tools/packages.txt").write_text("# all\n\nhere\nlacks\n")
        (self.tree / "tools/packages-peers.txt").write_text("# peers\nrival\n")
        (self.home / "installed").write_text("here\n")
        for name, text in _PROGRAMS.items():
            program = self.tree / "bin" / name
            program.write_text(f"#!/bin/bash\n{text}\n")
            program.chmod(0o755)

    def asked_for(self, *arguments: str, folder: str = "") -> list[str]:
        """The packages that one call installs, in a line an installation."""
        environment = {
            "HOME": str(self.home),
            "PATH": f"{self.tree / 'bin'}:{os.defpath}",
            "BAZEL_REAL": str(self.tree / "bin/real_bazel"),
        }
        subprocess.run([self.tree / "tools/bazel", *arguments],
                       env=environment, cwd=self.tree / folder, check=True,
                       stderr=subprocess.DEVNULL, timeout=60)
        asked = self.home / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    def test_another_target_needs_no_peers(self) -> None:
        """Among them all targets, and those whose names are near."""
        for word in ("//...", "//conformance/bench:peers_test", ":peers",
                     "//conformance/bench:all", "//tunnel:client"):
            self.assertEqual(self.asked_for("build", word), ["lacks"], word)

    def test_set_up_alone_needs_no_peers(self) -> None:
        """And does not start Bazel."""
        self.assertEqual(self.asked_for("--setup-only"), ["lacks"])
        self.assertFalse((self.home / "started").exists())

    def test_the_benchmark_of_the_peers_needs_them(self) -> None:
        """By its full name, behind options and before arguments."""
        asked = self.asked_for("run", "-c", "opt", "//conformance/bench:peers",
                               "--", "--rounds=1")
        self.assertEqual(asked, ["lacks rival"])
        self.assertEqual(
            (self.home / "started").read_text(),
            "run -c opt //conformance/bench:peers -- --rounds=1\n")

    def test_a_label_is_read_relative_to_the_folder(self) -> None:
        """As Bazel reads it."""
        for word, folder in ((":peers", "conformance/bench"),
                             ("peers", "conformance/bench"),
                             ("slow_uplink", "conformance/bench"),
                             ("//conformance/bench:slow_uplink", ""),
                             ("conformance/bench:peers", "")):
            with self.subTest(word):
                (self.home / "asked").unlink(missing_ok=True)
                (self.home / "installed").write_text("here\nlacks\n")
                self.assertEqual(self.asked_for("build", word, folder=folder),
                                 ["rival"])

    def test_what_is_there_is_not_installed_again(self) -> None:
        """No apt-get at all."""
        (self.home / "installed").write_text("here\nlacks\nrival\n")
        self.assertEqual(self.asked_for("build", "//conformance/bench:peers"),
                         [])


if __name__ == "__main__":
    unittest.main()
