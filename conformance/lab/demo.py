# SPDX-License-Identifier: Apache-2.0
"""The demonstration: a device's traffic carried to OVOC, step by step.

Usage: demo [--keep]. Ends with 0 only if every step happened. With --keep
the lab stays until Ctrl-C, with commands to look around in it.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from conformance.lab import enclosure, namespaces, services
from conformance.lab.lab import HOST, INTERFACE, OVOC, Lab
from conformance.lab.namespaces import CLOUD, DEVICE, ROUTER
from conformance.lab.programs import Event, Program

_FILE = "firmware.cmp"
_FILE_MIB = 64
_DEVICE_NAME = "sbc-in-the-lab"
_RECONNECT_SECONDS = 15
_TITLE_COLUMNS = 26


class Narrator:
    """Says what happens, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def say(self, title: str, detail: str = "") -> None:
        """Prints one line."""
        print(f"[{self.seconds():6.2f} s] {title:<{_TITLE_COLUMNS}} {detail}",
              flush=True)


class Demo:
    """The steps; each returns what it saw or raises."""

    def __init__(self, narrator: Narrator) -> None:
        self._say = narrator.say
        self._lab = Lab()
        self._server: Program | None = None
        self._client: Program | None = None
        self._overlay = ""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """All steps in order, with their titles."""
        return [
            ("network built", self.build),
            ("OVOC started", self.start_server),
            ("client started", self.start_client),
            ("name resolved", self.resolved),
            ("certificate verified", self.verified),
            ("logged in", self.logged_in),
            ("overlay address", self.overlay),
            ("ping of OVOC", self.ping),
            ("file downloaded", self.download),
            ("syslog line arrived", self.syslog),
            ("SNMP request answered", self.snmp),
            ("loss of OVOC noticed", self.kill_server),
            ("tunnel came back", self.come_back),
        ]

    def build(self) -> str:
        """Namespaces, cables, router, name server."""
        self._lab.open()
        services.name_server(self._lab)
        return (f"device {namespaces.DEVICE_ADDRESS} | NAT router | cloud "
                f"{namespaces.CLOUD_ADDRESS}, dnsmasq knows {HOST}")

    def start_server(self) -> str:
        """OVOC with a certificate of the throw-away CA."""
        self._server = self._lab.server(self._lab.authority.good())
        return "HTTPS, certificate of a CA made just now"

    def start_client(self) -> str:
        """The client on the device, behind the router."""
        self._client = self._lab.client(self._lab.settings(
            WSTunReconnectSpread=1))
        started = self._wait("start")
        return f"version {started['version']}, process {self._client.pid}"

    def resolved(self) -> str:
        """By the real dnsmasq."""
        event = self._wait("resolved")
        return f"{HOST} is {event['addresses']} ({event['ms']} ms)"

    def verified(self) -> str:
        """Against the throw-away CA."""
        event = self._wait("verified")
        return (f"{event['subject']} by {event['issuer']}, until "
                f"{event['not_after']}, {event['tls']} ({event['ms']} ms)")

    def logged_in(self) -> str:
        """The upgrade was accepted."""
        return f"user VPN ({self._wait('logged_in')['ms']} ms)"

    def overlay(self) -> str:
        """The address OVOC gave, on the device's interface."""
        event = self._wait("tunnel_up")
        found = namespaces.overlay_addresses(INTERFACE)
        if found != [event["overlay"]]:
            raise RuntimeError(f"{INTERFACE} has {found}")
        self._overlay = event["overlay"].partition("/")[0]
        return f"{event['overlay']} on {event['interface']}"

    def ping(self) -> str:
        """Five echo requests through the tunnel."""
        times = self._lab.ping(5)
        if len(times) != 5:
            raise RuntimeError(f"{len(times)} of 5 came back from {OVOC}")
        return f"{OVOC}: " + ", ".join(f"{each:.2f}" for each in times) + " ms"

    def download(self) -> str:
        """A file of random bytes by HTTP, compared by its hash."""
        folder = self._lab.folder / "files"
        folder.mkdir()
        content = os.urandom(_FILE_MIB * 2**20)
        (folder / _FILE).write_bytes(content)
        services.web_server(self._lab, folder)
        agent = self._lab.agent("download", DEVICE, OVOC, f"/{_FILE}")
        for percent in range(20, 101, 20):
            agent.wait_for("progress", 20, percent=str(percent))
            self._say("  downloading", f"{percent:3} % of {_FILE_MIB} MiB")
        done = agent.wait_for("downloaded")
        if done["sha256"] != hashlib.sha256(content).hexdigest():
            raise RuntimeError("the hash of what came differs")
        rate = _FILE_MIB / float(done["seconds"])
        return (f"{_FILE_MIB} MiB in {float(done['seconds']):.2f} s = "
                f"{rate:.0f} MiB/s, SHA-256 equal")

    def syslog(self) -> str:
        """From the device's logger to OVOC's rsyslogd."""
        syslog = services.Syslog(self._lab)
        text = f"alarm {os.getpid()}-{time.monotonic_ns()}: hello OVOC"
        services.send_syslog(text)
        deadline = time.monotonic() + 5
        while not (line := syslog.received(text)):
            if time.monotonic() > deadline:
                raise RuntimeError("rsyslogd got nothing within 5 s")
            time.sleep(0.02)
        return f"from {line.split()[0]}: {text}"

    def snmp(self) -> str:
        """From OVOC's snmpget, port 1161, to the device's snmpd."""
        agent = services.snmp_agent(self._lab, _DEVICE_NAME)
        answer = services.snmp_get(self._lab, self._overlay)
        if answer != _DEVICE_NAME:
            raise RuntimeError(f"sysName is {answer!r}")
        asked = agent.wait_for_text("Connection from", 5)
        return f"sysName {answer}; snmpd: {asked}"

    def kill_server(self) -> str:
        """OVOC dies without a word."""
        assert self._server is not None
        self._server.kill()
        down = self._wait("tunnel_down")
        retry = self._wait("retry")
        return f"{down['reason']}, next try in {retry['delay_ms']} ms"

    def come_back(self) -> str:
        """OVOC is started again; the client finds it by itself."""
        start = time.monotonic()
        self._server = self._lab.server(self._lab.authority.good())
        up = self._wait("tunnel_up", _RECONNECT_SECONDS)
        seconds = time.monotonic() - start
        times = self._lab.ping(1)
        if not times:
            raise RuntimeError(f"{OVOC} does not answer a ping")
        return (f"{up['overlay']}, {seconds:.1f} s after OVOC; ping "
                f"{times[0]:.2f} ms")

    def _wait(self, name: str, timeout: float = 10) -> Event:
        """Waits for the client's next event of that name."""
        assert self._client is not None
        return self._client.wait_for(name, timeout)

    def close(self) -> None:
        """Ends all programs; the enclosure takes the rest away."""
        self._lab.stop_programs()


def play(demo: Demo, narrator: Narrator) -> bool:
    """Goes through the steps up to the first that fails; sums up."""
    steps = demo.steps()
    done: list[str] = []
    for title, step in steps:
        try:
            detail = step()
        except (AssertionError, OSError, RuntimeError,
                subprocess.SubprocessError) as error:
            narrator.say(f"FAILED: {title}", str(error))
            break
        narrator.say(title, detail)
        done.append(title)
    print(f"\nSummary: {len(done)} of {len(steps)} steps in "
          f"{narrator.seconds():.1f} s")
    for title, _ in steps:
        print("  " + ("ok      " if title in done else "NOT DONE") + " "
              + title)
    return len(done) == len(steps)


def keep(outside: int) -> None:
    """Waits for Ctrl-C, having said how to look around."""
    enter = f"nsenter --target {outside} --mount --pid --net --root"
    if os.environ.get(enclosure.USER_MARK):
        enter += " --user --preserve-credentials"
    print("\nThe lab stays until Ctrl-C. From another terminal of the same "
          "user:")
    for namespace in (DEVICE, ROUTER, CLOUD):
        print(f"  {enter} nsenter --net=/run/netns/{namespace} bash")
    print(f"  {enter} tail -F {enclosure.FOLDER}/lab/*-client.log",
          flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("\nCtrl-C: the lab ends")


def run(keep_running: bool) -> int:
    """Plays the demo inside the enclosure and returns the exit code."""
    outside = enclosure.settle()
    narrator = Narrator()
    demo = Demo(narrator)
    try:
        complete = play(demo, narrator)
        if keep_running:
            keep(outside)
    finally:
        demo.close()
    return 0 if complete else 1


def main() -> int:
    """Reads the command line and goes inside."""
    parser = argparse.ArgumentParser(prog=Path(sys.argv[0]).stem,
                                     description=__doc__)
    parser.add_argument("--keep", action="store_true",
                        help="leave the lab running until Ctrl-C")
    arguments = parser.parse_args()
    try:
        if enclosure.is_inside():
            return run(arguments.keep)
        enclosure.require_tools()
        enclosure.run_again(enclosure.way_in(needs_tun=True))
    except KeyboardInterrupt:
        return 130
    except FileNotFoundError as error:
        sys.exit(f"demo: {error}")
    except enclosure.ToolsMissing as error:
        sys.exit(f"demo: {error}")
    except enclosure.Refused as error:
        sys.exit(f"demo: this machine does not let the lab be made: {error}")


if __name__ == "__main__":
    sys.exit(main())
