# SPDX-License-Identifier: Apache-2.0
"""Holds the tree against design.md's arrows and the house style's numbers."""

import collections
import functools
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which folders a folder's code may include from; the libraries besides.
MAY_INCLUDE = {
    "frame": {"frame"},
    "auth": {"auth", "openssl"},
    "netif": {"netif"},
    "tunnel": {"frame", "auth", "netif", "tunnel", "openssl"},
    "conformance": {"frame", "auth", "netif", "tunnel", "conformance", "openssl"},
    "fuzz": {"frame", "auth", "netif", "tunnel", "conformance", "fuzz", "openssl"},
}

# Cores have no socket, descriptor, clock, random source, thread, flag,
# environment or log in them; edges may. Each folder with code in these holds one
# kind, and says in its README which: "**The folder's rule**: cores only" or
# "edges only".
HAVE_CORES = ("frame", "auth", "netif", "tunnel")

# Folders that nothing may turn into edges.
CORES = ("auth", "frame", "netif", "netif/dns", "tunnel/session", "tunnel/settings")

# Which folders a folder does not know, nor does anything that it includes.
STRANGERS = {
    "tunnel/session": ("tunnel/report", "tunnel/settings", "tunnel/transport"),
    "tunnel/settings": ("tunnel/report", "tunnel/session", "tunnel/transport"),
    "tunnel/transport": ("tunnel/report", "tunnel/session", "tunnel/settings"),
}

# Folders within a folder that the rest of it does not know, nor they the rest
# but for what is named here.
ROOMS_ALONE = {
    "netif/dns": {"netif/ip_address.h"},
}

NOT_IN_CORES = re.compile(
    r"^(sys/.*|net/.*|netinet/.*|linux/.*|unistd\.h|fcntl\.h|poll\.h|netdb\.h|"
    r"time\.h|ctime|chrono|thread|mutex|atomic|random|cstdio|stdio\.h|iostream|"
    r"fstream|filesystem|signal\.h|csignal|syslog\.h|pthread\.h|"
    r"absl/flags/.*|absl/random/.*|absl/synchronization/.*|absl/time/clock\.h|"
    r"openssl/(rand|ssl)\.h)$")

# What cores need of an edge: one type each, and nothing that it does.
ALLOWED_IN_CORES = {
    ("tunnel/check/findings/overlay_conflicts.h", "netif/linux/device_networks.h"),  # DeviceNetworks
    ("tunnel/keeper/messages/message.h", "netif/linux/unique_fd.h"),  # a socket beside a message
    ("tunnel/keeper/messages/message.h", "tunnel/sandbox/sandbox.h"),  # SandboxReport
    ("tunnel/transport/decisions/socket_maker.h", "netif/linux/unique_fd.h"),  # what is made
    ("tunnel/transport/decisions/socket_rule.h", "netif/linux/unique_fd.h"),  # likewise
}

# What each folder may have.
NOT_CONCEPTS = {"__init__.py"}

MAX_LINES = {".h": 150, ".cc": 350}
MAX_README_LINES = 40
MAX_README_COLUMNS = 120
# Says where each file comes from, and so has a line for each.
MAY_BE_LONG = ("testdata",)
RULE = re.compile(r"^\*\*The folder's rule\*\*: (cores|edges) only\b", re.MULTILINE)
FLOORS = re.compile(r"From the top:\s(.*?) and what\s+uses nothing of the tunnel\.", re.DOTALL)
NAME = re.compile(r"`([^`]+)`")
NO_NAMES = re.compile(r"(^|_)(util|utils|common|helper|helpers|misc)(_|$)")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]', re.MULTILINE)


def sources(*folders):
    for folder in folders:
        yield from sorted(p for p in (ROOT / folder).rglob("*")
                          if p.suffix in (".h", ".cc"))


def is_test(path):
    return (path.stem.endswith("_test") or "test" in path.stem.split("_")
            or path.parent.name == "testing"
            or path.stem.endswith("_trace") or path.stem.startswith("throwaway"))


@functools.cache
def includes(path):
    return INCLUDE.findall(path.read_text())


def place(path):
    """Where it lies, from the top of the tree."""
    return path.relative_to(ROOT).as_posix()


def is_in(name, folder):
    return name.startswith(folder + "/")


@functools.cache
def holds_cores(folder):
    found = RULE.search((folder / "README.md").read_text())
    if not found:
        raise AssertionError(f"{folder}/README.md: says neither \"cores only\" nor \"edges only\"")
    return found.group(1) == "cores"


def is_core(path):
    return not is_test(path) and holds_cores(path.parent)


@functools.cache
def ours(name):
    """The file of ours that an include names, or None."""
    path = ROOT / name
    return path if "/" in name and path.is_file() else None


def all_includes(path):
    """What it includes, by way of our own headers too: {place: who includes it}."""
    found, waiting = {}, [path]
    while waiting:
        by = waiting.pop()
        for name in includes(by):
            if name not in found:
                found[name] = place(by)
                if ours(name):
                    waiting.append(ours(name))
    return found


def floors(text):
    """The rooms of tunnel/README.md that are above the lowest floor: {name: floor}."""
    found = FLOORS.search(text)
    if not found:
        raise AssertionError("tunnel/README.md does not name the floors from the top")
    stack = [NAME.findall(part) for part in found.group(1).split("|")]
    return {room.rstrip("/"): floor for floor, rooms in enumerate(reversed(stack)) for room in rooms}


def readmes():
    """Of all folders that have targets."""
    for build in sorted(ROOT.rglob("BUILD.bazel")):
        if build.parent != ROOT and not place(build).startswith("bazel-"):
            yield build.parent / "README.md"


def tunnel_room(name):
    return name.split("/")[1].removesuffix(".h").removesuffix(".cc")


# Tested by a test of another name: from outside, or with what they are for.
TESTED_ELSEWHERE = {
    "netif/linux/linux_interface_inspector.cc",  # link_watch_test
    "netif/linux/rtnetlink_exchange.cc",  # linux_interface_config_test
    "netif/linux/rtnetlink_request.cc",  # rtnetlink_message_test
    "tunnel/keeper/worker.cc",  # conformance/hardening
    "tunnel/run_keeper.cc",  # conformance/hardening, conformance/lab
    "tunnel/sandbox/unconfined.cc",  # gives up nothing
}


class StructureTest(unittest.TestCase):

    def test_folders_include_only_what_they_may_depend_on(self):
        folders = set(MAY_INCLUDE) | {"openssl"}
        for path in sources(*MAY_INCLUDE):
            folder = path.relative_to(ROOT).parts[0]
            for name in includes(path):
                first = name.split("/")[0]
                if "/" in name and first in folders:
                    self.assertIn(first, MAY_INCLUDE[folder], f"{path} includes {name}")

    def test_rooms_of_the_tunnel_include_only_from_floors_below(self):
        # Rooms that the README does not name are on the lowest floor.
        floor = collections.defaultdict(int, floors((ROOT / "tunnel/README.md").read_text()))
        self.assertGreater(floor["client"], floor["session"])
        rooms = {tunnel_room(place(path)) for path in sources("tunnel") if not is_test(path)}
        self.assertEqual(set(floor) - rooms, set(), "there is no such room")
        for path in sources("tunnel"):
            if is_test(path):
                continue
            room = tunnel_room(place(path))
            for name in includes(path):
                if is_in(name, "tunnel") and tunnel_room(name) != room:
                    self.assertLess(floor[tunnel_room(name)], floor[room], f"{path} includes {name}")

    def test_nothing_of_the_client_knows_the_programs_for_people(self):
        for path in sources("frame", "auth", "netif", "tunnel"):
            if not is_in(place(path), "tunnel/manage"):
                for name in includes(path):
                    self.assertFalse(is_in(name, "tunnel/manage"), f"{path} includes {name}")

    def test_a_concept_has_a_name_that_no_other_folder_uses(self):
        folders = {}
        for folder in MAY_INCLUDE:
            for path in (ROOT / folder).rglob("*"):
                if path.suffix in (".h", ".cc", ".py") and path.name not in NOT_CONCEPTS:
                    folders.setdefault(path.stem, set()).add(str(path.parent.relative_to(ROOT)))
        for name, found in folders.items():
            if not name.endswith("_test"):
                self.assertEqual(len(found), 1, f"{name} is in {sorted(found)}")

    def test_rooms_that_stand_alone_do(self):
        for room, known in ROOMS_ALONE.items():
            top = room.split("/")[0]
            for path in sources(top):
                inside = str(path.relative_to(ROOT)).startswith(room + "/")
                for name in includes(path):
                    if inside and name.startswith(top + "/") and not name.startswith(room + "/"):
                        self.assertIn(name, known, f"{path} includes {name}")
                    if not inside and not is_test(path):
                        self.assertFalse(name.startswith(room + "/"), f"{path} includes {name}")

    def test_the_folders_that_are_to_be_cores_are(self):
        for folder in CORES:
            self.assertTrue(holds_cores(ROOT / folder), folder)

    def test_no_two_folders_include_each_other(self):
        includers = collections.defaultdict(set)
        for path in sources(*HAVE_CORES):
            for name in [] if is_test(path) else includes(path):
                if ours(name) and ours(name).parent != path.parent:
                    includers[place(ours(name).parent)].add(place(path.parent))
        for folder, by in list(includers.items()):
            self.assertEqual({other for other in by if folder in includers[other]}, set(),
                             f"and {folder} include each other")

    def test_cores_have_no_io_in_them(self):
        for path in filter(is_core, sources(*HAVE_CORES)):
            for name in includes(path):
                self.assertNotRegex(name, NOT_IN_CORES, str(path))

    def test_cores_include_no_edge(self):
        for path in filter(is_core, sources(*HAVE_CORES)):
            for name in includes(path):
                if ours(name) and (place(path), name) not in ALLOWED_IN_CORES:
                    self.assertTrue(is_core(ours(name)), f"{path} includes {name}, which is no core")

    def test_no_core_knows_the_report(self):
        for path in filter(is_core, sources(*HAVE_CORES)):
            if not is_in(place(path), "tunnel/report"):
                for name in includes(path):
                    self.assertFalse(is_in(name, "tunnel/report"), f"{path} includes {name}")

    def test_the_session_has_no_sockets(self):
        for path in sources("tunnel/session"):
            if not is_test(path):
                for name, by in all_includes(path).items():
                    self.assertNotRegex(name, NOT_IN_CORES, f"{path}, by {by}")

    def test_folders_do_not_know_their_strangers(self):
        for folder, strangers in STRANGERS.items():
            for path in sources(folder):
                if not is_test(path):
                    for name, by in all_includes(path).items():
                        for stranger in strangers:
                            self.assertFalse(is_in(name, stranger), f"{path}: {by} includes {name}")

    def test_files_keep_to_their_length(self):
        for path in sources(*MAY_INCLUDE):
            if not is_test(path):
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, MAX_LINES[path.suffix], str(path))

    def test_every_folder_with_targets_has_a_readme_that_is_soon_read(self):
        for path in readmes():
            self.assertTrue(path.is_file(), f"there is no {path}")
            if not place(path).startswith(MAY_BE_LONG):
                lines = path.read_text().splitlines()
                self.assertLessEqual(len(lines), MAX_README_LINES, str(path))
                for number, line in enumerate(lines, 1):
                    self.assertLessEqual(len(line), MAX_README_COLUMNS, f"{path}:{number}")

    def test_no_file_is_a_drawer_for_odds_and_ends(self):
        for path in sources(*MAY_INCLUDE):
            self.assertNotRegex(path.stem, NO_NAMES, str(path))

    def test_every_library_of_ours_has_a_test(self):
        for path in sources(*MAY_INCLUDE):
            text = path.read_text()
            # A fuzzer is a test; fuzz/targets_test.py says what belongs to one.
            is_program = "int main(" in text or "LLVMFuzzerTestOneInput(" in text
            is_tested = is_program or str(path.relative_to(ROOT)) in TESTED_ELSEWHERE
            if path.suffix == ".cc" and not is_test(path) and not is_tested:
                tests = list(path.parent.glob(path.stem + "*_test.cc"))
                self.assertTrue(tests, f"{path} has no {path.stem}_test.cc")

    def test_every_folder_says_what_it_is(self):
        for folder in [*MAY_INCLUDE, "testdata", "tools", "third_party"]:
            if (ROOT / folder).is_dir():
                self.assertTrue((ROOT / folder / "README.md").is_file(), folder)


if __name__ == "__main__":
    unittest.main()
