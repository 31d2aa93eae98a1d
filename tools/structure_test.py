# SPDX-License-Identifier: Apache-2.0
"""Holds the tree against design.md's arrows and the house style's numbers."""

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

# The thin edges: all else in frame, auth, netif and tunnel is a core, which
# has no socket, descriptor, clock, random source, thread, flag, environment
# or log in it.
EDGES = {
    "netif": {
        "link_watch", "linux_interface_config", "linux_tun_device", "network_namespace",
        "rtnetlink_cursor", "rtnetlink_exchange", "rtnetlink_message", "rtnetlink_request", "socket_address", "unique_fd", "vrf",
        "fake_tun_device",
    },
    "tunnel": {
        "allowed_calls", "attempt", "capabilities", "channel", "check", "client", "connection",
        "direct_socket_maker", "dns_client", "empty_root", "event_loop", "file_root", "filter_violation", "fresh_start", "identity",
        "keeper", "keeper_link", "landlock", "line_output", "log", "machine_addresses", "memory_secrecy", "read_file", "reporter", "sd_notify", "secure_random", "settings_file",
        "resource_limits", "run_check", "sandbox", "signals", "signing_key",
        "status_file", "status_publisher", "system_call_filter", "told_run", "tcp_connector", "tls_client", "tls_profile", "transport", "record_buffer",
        "tunnel_client", "tunnel_config", "tunnel_device", "unconfined", "worker", "worker_descriptors", "worker_end", "worker_id",
        "worker_process",
    },
}

# tunnel/'s rooms, the lowest floor first: a room, which is a folder or a concept
# beside the folders, includes only from floors below its own.
TUNNEL_FLOORS = [
    {"sandbox", "event_loop", "exit_code", "flush_output", "insecure_surroundings", "library_version", "log_level",
     "reconnect_policy", "secure_random", "version"},
    {"session", "settings", "transport", "signals"},
    {"connection", "progress", "tunnel_device", "check_advice", "machine_addresses"},
    {"attempt"},
    {"tunnel_config"},
    {"check", "settings_change"},
    {"report"},
    {"tunnel_client", "command_line"},
    {"keeper", "told_run"},
    {"run_check"},
    {"client"},
]

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

# A type that a core needs of a header that has more in it, and why.
ALLOWED_IN_CORES = {
    ("tunnel/report/sd_notify.h", "sys/types.h"),
}

MAX_LINES = {".h": 150, ".cc": 350}
MAX_README_LINES = 40
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


def includes(path):
    return INCLUDE.findall(path.read_text())


def is_core(path):
    folder = path.relative_to(ROOT).parts[0]
    return not is_test(path) and path.stem not in EDGES.get(folder, set())


def tunnel_room(name):
    return name.split("/")[1].removesuffix(".h").removesuffix(".cc")


# Tested by a test of another name: from outside, or with what they are for.
TESTED_ELSEWHERE = {
    "netif/linux_interface_inspector.cc",    # link_watch_test
    "netif/rtnetlink_exchange.cc",           # linux_interface_config_test
    "netif/rtnetlink_request.cc",            # rtnetlink_message_test
    "tunnel/keeper/worker.cc",               # conformance/hardening
    "tunnel/run_check.cc",                   # conformance/hardening, conformance/policy
    "tunnel/sandbox/filter_violation.cc",    # sandbox_test
    "tunnel/sandbox/system_call_filter.cc",  # sandbox_test
    "tunnel/sandbox/unconfined.cc",          # gives up nothing
}


class StructureTest(unittest.TestCase):

    def test_folders_include_only_what_they_may_depend_on(self):
        ours = set(MAY_INCLUDE) | {"openssl"}
        for path in sources(*MAY_INCLUDE):
            folder = path.relative_to(ROOT).parts[0]
            for name in includes(path):
                first = name.split("/")[0]
                if "/" in name and first in ours:
                    self.assertIn(first, MAY_INCLUDE[folder], f"{path} includes {name}")

    def test_rooms_of_the_tunnel_include_only_from_floors_below(self):
        floor = {room: i for i, rooms in enumerate(TUNNEL_FLOORS) for room in rooms}
        for path in sources("tunnel"):
            if is_test(path):
                continue
            room = tunnel_room(str(path.relative_to(ROOT)))
            self.assertIn(room, floor, f"{path} is in no room of TUNNEL_FLOORS")
            for name in includes(path):
                if name.startswith("tunnel/") and tunnel_room(name) != room:
                    self.assertLess(floor[tunnel_room(name)], floor[room], f"{path} includes {name}")

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

    def test_cores_have_no_io_in_them(self):
        for path in filter(is_core, sources("frame", "auth", "netif", "tunnel")):
            for name in includes(path):
                if (str(path.relative_to(ROOT)), name) not in ALLOWED_IN_CORES:
                    self.assertNotRegex(name, NOT_IN_CORES, str(path))

    def test_files_keep_to_their_length(self):
        for path in sources(*MAY_INCLUDE):
            if not is_test(path):
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, MAX_LINES[path.suffix], str(path))
        for folder in MAY_INCLUDE:
            for path in (ROOT / folder).rglob("README.md"):
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, MAX_README_LINES, str(path))

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
        # The code's folders, and those within them that have targets.
        for folder in ("frame", "auth", "netif", "tunnel", "conformance"):
            for build in (ROOT / folder).rglob("BUILD.bazel"):
                self.assertTrue((build.parent / "README.md").is_file(), str(build))


if __name__ == "__main__":
    unittest.main()
