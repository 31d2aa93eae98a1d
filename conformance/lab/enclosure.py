# SPDX-License-Identifier: Apache-2.0
"""Runs the calling program again inside Linux namespaces of its own.

Everything the lab makes (processes, network namespaces, devices, files) lives
inside and vanishes when the program ends, in whatever way it ends: the kernel
kills the whole process namespace with its first process, and all files are on
a temporary file system that only that mount namespace knows.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

MARK = "OVOC_LAB_ENCLOSED"
USER_MARK = "OVOC_LAB_USER_NAMESPACE"  # set when there is no privilege outside
RUN = Path("/run")
SHARED_MEMORY = Path("/dev/shm")
FOLDER = RUN / "lab"

# Every program the lab starts, and the Debian package that holds it.
TOOLS = {
    "dnsmasq": "dnsmasq-base",
    "faketime": "faketime",
    "haproxy": "haproxy",
    "ip": "iproute2",
    "logger": "bsdutils",
    "nft": "nftables",
    "nginx": "nginx",
    "node": "nodejs",
    "openssl": "openssl",
    "ping": "iputils-ping",
    "rsyslogd": "rsyslog",
    "setpriv": "util-linux",
    "snmpd": "snmpd",
    "snmpget": "snmp",
    "squid": "squid",
    "ss": "iproute2",
    "tinyproxy": "tinyproxy-bin",
    "unbound": "unbound",
    "unshare": "util-linux",
}

# What must work inside; its complaint is the reason when it does not.
_PROBE = ("mount -t proc proc /proc && mount -t tmpfs tmpfs /run"
          " && mkdir /run/netns && ip netns add probe")
_TUN_PROBE = " && ip tuntap add dev probe mode tun"

# A file that a mount of the probe's brings along; nobody outside may see it.
_LEAK = RUN / "ovoc-lab-probe"


class Refused(Exception):
    """The kernel does not let this user make what the lab needs."""


class ToolsMissing(Exception):
    """A program that the lab starts is not installed."""


def is_inside() -> bool:
    """Whether this process already runs in the enclosure."""
    return os.environ.get(MARK) == "1"


def require_tools() -> None:
    """Puts the system folders on PATH; raises ToolsMissing with the remedy."""
    os.environ["PATH"] = (os.environ.get("PATH", "/usr/bin:/bin")
                          + ":/usr/local/sbin:/usr/sbin:/sbin")
    missing = sorted({package for tool, package in TOOLS.items()
                      if shutil.which(tool) is None})
    if missing:
        raise ToolsMissing("not installed: " + ", ".join(missing)
                           + "; remedy: apt-get install "
                           + " ".join(missing))


def way_in(needs_tun: bool) -> list[str]:
    """Returns the command prefix that encloses; raises Refused with why."""
    probe = f"{_PROBE} && touch {_LEAK}" + (_TUN_PROBE if needs_tun else "")
    complaints = []
    for way in _ways():
        done = subprocess.run([*way, "sh", "-c", probe], text=True,
                              capture_output=True, timeout=30, check=False)
        if _LEAK.exists():
            for folder in (RUN, "/proc"):
                subprocess.run(["umount", str(folder)], check=False)
            complaints.append("mounts made inside are seen outside")
        elif done.returncode == 0:
            return way
        else:
            complaints.append(done.stderr.strip()
                              or f"exit code {done.returncode}")
    complaint = "; ".join(complaints)
    if needs_tun and not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        complaint += ("; this user may not open /dev/net/tun (Debian gives"
                      " it mode 0666; remedy: chmod 666 /dev/net/tun)")
    raise Refused(complaint)


def _ways() -> list[list[str]]:
    """The command prefixes to try: as root as it is, or a user namespace."""
    plain = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--net",
             "--mount", "--pid", "--fork", "--kill-child"]
    user = [*plain, "--user", "--map-root-user"]
    # In a chroot / is no mount point, and its propagation cannot be changed.
    chroot = [*plain, "--propagation", "unchanged"]
    return [plain, chroot, user] if os.geteuid() == 0 else [user]


def run_again(way: Sequence[str]) -> NoReturn:
    """Runs this program's command line inside and ends with its exit code.

    Ctrl-C reaches the program inside by itself, so it is ignored here; any
    other request to end takes the whole enclosure away at once.
    """
    environment = {**os.environ, MARK: "1"}
    if "--user" in way:
        environment[USER_MARK] = "1"
    child = subprocess.Popen([*way, sys.executable, *sys.orig_argv[1:]],
                             env=environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: child.kill())
    code = child.wait()
    sys.exit(code if code >= 0 else 128 - code)


def settle() -> int:
    """Gives the enclosure its own /proc, /run, /dev/shm, resolv.conf and hosts.

    Returns the process id by which those outside know this process. Ends in
    order at SIGTERM, which the first process of a namespace else ignores.
    """
    outside = int(os.readlink("/proc/self"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    resolver_file = Path(os.path.realpath("/etc/resolv.conf"))
    hosts_file = Path(os.path.realpath("/etc/hosts"))
    _mount("-t", "proc", "proc", "/proc")
    _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(RUN))
    if SHARED_MEMORY.is_dir():  # a Squid that was killed leaves files there
        _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(SHARED_MEMORY))
    FOLDER.mkdir()
    (RUN / "netns").mkdir()
    _replace(resolver_file, "# the lab names its servers in the settings\n")
    _replace(hosts_file, "127.0.0.1 localhost\n")
    return outside


def _replace(path: Path, text: str) -> None:
    """Lays a file with `text` over `path`, for the enclosure only."""
    if RUN in path.parents:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    elif path.exists():
        cover = FOLDER / path.name
        cover.write_text(text)
        _mount("--bind", str(cover), str(path))


def _mount(*arguments: str) -> None:
    """Runs mount(8)."""
    subprocess.run(["mount", *arguments], check=True, timeout=10)
