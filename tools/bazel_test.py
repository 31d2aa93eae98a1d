# SPDX-License-Identifier: Apache-2.0
"""Tests of which packages tools/bazel installs for which command line, and of
where it takes the libraries' sources from.

A copy of it runs in a tree of its own, with stand-ins for the programs that
would change the machine. It knows Debian 12 only, and so does this test.
"""

import hashlib
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


_LISTS = {
    # As Debian 12 has them, by the suite's other name, and of another vendor.
    "debian.sources": """\
Types: deb
# one comment
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.invalid/security
Suites: bookworm-security
Components: main
""",
    "old.list": """\
# deb http://comment.invalid/debian bookworm main
deb [arch=amd64] http://old.invalid/debian oldstable main contrib
""",
    "vendor.list": "deb http://vendor.invalid/apt cloud-bookworm main\n",
}

# Keeps what it was told of its lists, and has the packages of $HOME/suites:
# SUITE/FILE is in that suite, and empty when the mirror has it no longer.
_APT_GET = r"""
for word in "$@"; do
  case $word in
    Dir::Etc::SourceParts=*) parts=${word#*=} ;;
  esac
done
cat "$parts"/* >>"$HOME/lists"
suite=$(cat "$parts"/* | sed -n 's/^Suites: //p' | head -1)
suite=${suite%% *}
echo "$suite ${*: -1}" >>"$HOME/calls"
case " $* " in
  *" update "*) [[ ! -e $HOME/offline ]] ;;
  *" --print-uris "*)
    cd "$HOME/suites/$suite" 2>/dev/null || exit 100
    for file in *; do
      echo "'http://mirror.invalid/$file' $file 1 SHA256:0"
    done ;;
  *" source "*)
    if [[ -e $HOME/dies ]]; then
      rm "$HOME/dies"
      echo half >library_2.orig.tar.xz
      kill -9 0
    fi
    for file in "$HOME/suites/$suite/"*; do
      [[ -s $file ]] || exit 100
      cp "$file" .
    done ;;
esac
"""


class SourcesTest(unittest.TestCase):
    """A machine that lacks one library, of which the lock file has a tarball
    of version 2 and a source package of version 1."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.tree = self.home / "tree"
        for folder in ("tools", "third_party", "bin", "apt"):
            (self.tree / folder).mkdir(parents=True)
        shutil.copy(_BAZEL, self.tree / "tools/bazel")
        for name in ("packages.txt", "packages-peers.txt"):
            (self.tree / "tools" / name).touch()
        for name, text in _LISTS.items():
            (self.tree / "apt" / name).write_text(text)
        parts = self.tree / "apt"
        for name, text in {
            "apt-get": _APT_GET,
            "apt-config": f"echo \"parts='{parts}/' list='/nowhere'\"",
            "dpkg-query": "true",
            "dpkg-source": 'mkdir "${@: -1}"; touch "${@: -1}/1"',
            "real_bazel": 'echo "$OVOC_TUNNEL_SOURCES" >"$HOME/started"',
        }.items():
            program = self.tree / "bin" / name
            program.write_text(f"#!/bin/bash\n{text}\n")
            program.chmod(0o755)
        self.tarball = self.make_tarball()
        description = b"of version 1"
        self.offer("bookworm", {"library_1.dsc": description})
        (self.tree / "third_party/sources.lock").write_text(
            "# comment\n\n"
            "original repository library 2\n"
            f"{hashlib.sha256(self.tarball).hexdigest()} "
            "library_2.orig.tar.xz\n\n"
            "source repository library 1\n"
            f"{hashlib.sha256(description).hexdigest()} library_1.dsc\n")
        self.sources = self.home / ".cache/ovoc-tunnel/sources"

    def make_tarball(self) -> bytes:
        """Version 2: one file in a folder of upstream's own name."""
        (self.home / "upstream-2").mkdir()
        (self.home / "upstream-2/2").touch()
        subprocess.run(["tar", "-cJf", "tarball", "upstream-2"],
                       cwd=self.home, check=True)
        return (self.home / "tarball").read_bytes()

    def offer(self, suite: str, files: dict[str, bytes]) -> None:
        """Puts files into a suite of the mirror."""
        folder = self.home / "suites" / suite
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)

    def run_bazel(self, argument: str = "build") -> tuple[int, str]:
        """One call: its exit code and what it said."""
        ran = subprocess.run(
            [self.tree / "tools/bazel", argument], cwd=self.tree, check=False,
            env={"HOME": str(self.home),
                 "PATH": f"{self.tree / 'bin'}:{os.defpath}",
                 "BAZEL_REAL": str(self.tree / "bin/real_bazel")},
            stderr=subprocess.PIPE, text=True, timeout=60,
            start_new_session=True)  # which a test kills
        return ran.returncode, ran.stderr

    def expect_only(self, version: int, chosen: str) -> None:
        """One version is unpacked and whole, Bazel was told, and nothing of
        the download is left."""
        unpacked = self.sources / f"library_{version}"
        self.assertTrue((unpacked / str(version)).exists())
        other = self.sources / f"library_{3 - version}"
        self.assertFalse(other.exists())
        self.assertFalse(pathlib.Path(f"{other}.sum").exists())
        self.assertEqual((self.home / "started").read_text().split(), [chosen])
        self.assertEqual(list(self.sources.parent.glob("download.*")), [])

    def suites_asked(self) -> list[str]:
        """The suites whose lists were fetched, in order."""
        return [line.split()[0] for line
                in (self.home / "calls").read_text().splitlines()
                if line.endswith(" update")]

    def test_the_tarball_comes_from_the_first_suite_that_has_it(self) -> None:
        """Here the machine's own has an older one and backports none."""
        self.offer("trixie", {"library_2.orig.tar.xz": self.tarball})
        self.offer("sid", {"library_2.orig.tar.xz": b"not this"})
        code, said = self.run_bazel()
        self.assertEqual(code, 0, said)
        self.expect_only(2, "library_2")
        self.assertEqual(self.suites_asked(),
                         ["bookworm", "bookworm-backports", "trixie"])

    def test_the_lists_are_the_machines_own(self) -> None:
        """With deb-src for deb; of the other suites only what the machine has
        of its own suite, by whichever name."""
        self.run_bazel()
        lists = (self.home / "lists").read_text()
        self.assertNotRegex(lists, r"(?m)^(Types: deb$|deb )")
        self.assertIn("deb-src http://vendor.invalid/apt cloud-bookworm", lists)
        for suite in ("bookworm-backports", "trixie", "sid"):
            self.assertIn(f"Suites: {suite}\nComponents: main\nSigned-By",
                          lists)
            self.assertIn("deb-src [arch=amd64] http://old.invalid/debian "
                          f"{suite} main contrib\n", lists)
        self.assertNotRegex(lists, "vendor.invalid/apt (trixie|sid)")
        self.assertEqual(lists.count("mirror.invalid/security"),
                         lists.count("Suites: bookworm-security"))

    def test_without_the_tarball_the_next_line_is_built_and_said(self) -> None:
        """Listed in one suite, but gone from the mirror."""
        self.offer("sid", {"library_2.orig.tar.xz": b""})
        code, said = self.run_bazel()
        self.assertEqual(code, 0, said)
        self.expect_only(1, "library_1")
        self.assertEqual(
            said.count("has library 2: 1 is built in its place"), 1)

    def test_what_was_absent_is_looked_for_again_when_asked(self) -> None:
        """By --setup-only; any other call keeps to what was found."""
        self.run_bazel()
        self.offer("sid", {"library_2.orig.tar.xz": self.tarball})
        calls = (self.home / "calls").read_text()
        self.assertEqual(self.run_bazel(), (0, ""))
        self.assertEqual((self.home / "calls").read_text(), calls)
        code, said = self.run_bazel("--setup-only")
        self.assertEqual(code, 0, said)
        self.assertTrue((self.sources / "library_2/2").exists())
        self.run_bazel()
        self.assertEqual((self.home / "started").read_text().split(),
                         ["library_2"])

    def test_an_older_version_that_is_there_does_not_hide_a_newer(self) -> None:
        """As on a machine that was set up before the lock file had it."""
        self.run_bazel()
        (self.sources / "library_2.absent").unlink()
        self.offer("bookworm-backports",
                   {"library_2.orig.tar.xz": self.tarball})
        code, said = self.run_bazel()
        self.assertEqual(code, 0, said)
        self.assertTrue((self.sources / "library_1/1").exists())
        self.assertEqual((self.home / "started").read_text().split(),
                         ["library_2"])

    def test_another_lock_file_looks_again(self) -> None:
        """The note that a version is absent is of one hash."""
        self.run_bazel()
        lock = self.tree / "third_party/sources.lock"
        lock.write_text(lock.read_text().replace(
            hashlib.sha256(self.tarball).hexdigest(), "0" * 64))
        self.assertIn("has library 2: 1 is built", self.run_bazel()[1])

    def test_a_tarball_with_another_hash_is_refused(self) -> None:
        """Nothing is unpacked, and no older version built in its place."""
        self.offer("trixie", {"library_2.orig.tar.xz": self.tarball + b"!"})
        code, said = self.run_bazel()
        self.assertEqual(code, 1)
        self.assertIn("do not build from it", said)
        self.assertFalse((self.home / "started").exists())
        self.assertEqual(list(self.sources.parent.glob("download.*")), [])
        self.assertEqual(list(self.sources.iterdir()), [])

    def test_a_download_that_was_killed_leaves_nothing(self) -> None:
        """The next call begins anew."""
        self.offer("trixie", {"library_2.orig.tar.xz": self.tarball})
        (self.home / "dies").touch()
        self.assertNotEqual(self.run_bazel()[0], 0)
        self.assertEqual(self.run_bazel()[0], 0)
        self.expect_only(2, "library_2")

    def test_without_a_network_nothing_is_said_to_be_absent(self) -> None:
        """It fails, and the next call finds the tarball."""
        self.offer("trixie", {"library_2.orig.tar.xz": self.tarball})
        (self.home / "offline").touch()
        code, said = self.run_bazel()
        self.assertEqual(code, 1)
        self.assertIn("is the network up?", said)
        (self.home / "offline").unlink()
        self.assertEqual(self.run_bazel()[0], 0)
        self.expect_only(2, "library_2")


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
