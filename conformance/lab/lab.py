# SPDX-License-Identifier: Apache-2.0
"""The lab: a device with the client, a router, a cloud with OVOC.

Lab holds the network, the certificates and every program it started. All of
it exists only inside the enclosure (enclosure.py).
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from conformance.lab import enclosure, namespaces
from conformance.lab.certificates import Authority, KeyPair
from conformance.lab.namespaces import CLOUD, DEVICE
from conformance.lab.programs import Program

HOST = "ovoc.example.net"
USER = "VPN"
PASSWORD = "no-default-42"  # OVOC's own default is announced as insecure
OVOC = "169.254.0.1"  # OVOC inside the tunnel
FIRST_OVERLAY = "169.254.0.2"
INTERFACE = "ovoc0"  # the client's TUN device
SERVER_INTERFACE = "ovoc"

_ROOT = Path(os.path.abspath(__file__)).parents[2]
_RTT = re.compile(r"time=([0-9.]+) ms")

Settings = dict[str, object]


def binary(path: str, variable: str) -> str:
    """Finds a program built from this repository.

    Looks at the environment variable first, then where `bazel run` and
    `bazel test` put it, then in the tree's bazel-bin.
    """
    places = [os.environ.get(variable), _ROOT / path,
              _ROOT / "bazel-bin" / path]
    for place in places:
        if place and os.access(place, os.X_OK) and Path(place).is_file():
            return os.path.abspath(place)
    raise FileNotFoundError(f"//{path} is not built (looked at {places[1:]},"
                            f" and {variable} names no program)")


class Lab:
    """The three namespaces and the programs in them."""

    def __init__(self, name: str = "lab") -> None:
        self.folder = enclosure.FOLDER / name
        self.folder.mkdir()
        addresses = [namespaces.CLOUD_ADDRESS, namespaces.CLOUD_ADDRESS_6]
        self.authority = Authority(self.folder / "pki", HOST, addresses)
        self.programs: list[Program] = []
        self._started = 0
        self._client = binary("tunnel/client", "OVOC_CLIENT")
        self._server = binary("conformance/ovoc_server/ovoc_server",
                              "OVOC_SERVER")

    def open(self) -> None:
        """Makes the network."""
        namespaces.build()

    def close(self) -> None:
        """Ends the programs and takes the network away."""
        self.stop_programs()
        namespaces.remove()

    def stop_programs(self) -> None:
        """Ends every program that still runs, the youngest first."""
        while self.programs:
            self.programs.pop().stop()

    def start(self, name: str, namespace: str, command: Sequence[str],
              environment: Mapping[str, str] | None = None) -> Program:
        """Starts a program in a namespace."""
        self._started += 1
        log = self.folder / f"{self._started:03}-{name}.log"
        program = Program(name, namespaces.inside(namespace, command), log,
                          environment)
        self.programs.append(program)
        return program

    def agent(self, module: str, namespace: str,
              *arguments: object) -> Program:
        """Starts an agent, a module of agents/, in a namespace."""
        return self.start(module, namespace, agent_command(module, *arguments))

    def server(self, pair: KeyPair | None = None, *options: str,
               listen: str = "", tun: str = SERVER_INTERFACE) -> Program:
        """Starts OVOC; with HTTPS when a certificate is given."""
        port = 443 if pair else 80
        command = [self._server,
                   f"--listen={listen or namespaces.CLOUD_ADDRESS}:{port}",
                   f"--username={USER}", f"--password={PASSWORD}",
                   "--path=tun", f"--tun={tun}"]
        if pair:
            command += [f"--tls_certificate={pair.certificate}",
                        f"--tls_private_key={pair.key}"]
        program = self.start("ovoc_server", CLOUD, [*command, *options])
        program.wait_for("listening")
        return program

    def settings(self, **changes: object) -> Path:
        """Writes a settings file for a new client; see write_settings."""
        self._started += 1
        path = self.folder / f"{self._started:03}-device.ini"
        self.write_settings(path, **changes)
        return path

    def write_settings(self, path: Path, **changes: object) -> None:
        """Writes settings; a change to None leaves the name out."""
        settings: Settings = {
            "WSTunServer": HOST,
            "WSTunPassword": PASSWORD,
            "TLSTrustedRoots": self.authority.trusted_roots,
            "DNSPriServerIP": namespaces.CLOUD_ADDRESS,
        }
        settings.update(changes)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(ini(settings))
        fresh.replace(path)

    def client(self, settings: Path, *options: str,
               environment: Mapping[str, str] | None = None) -> Program:
        """Starts the client on the device."""
        return self.start("client", DEVICE, self.client_command(
            settings, *options), environment)

    def client_command(self, settings: Path, *options: str) -> list[str]:
        """The client's command line."""
        # A user namespace of an unprivileged user's has no user but root.
        own_user = (["--worker_uid=0"] if enclosure.USER_MARK in os.environ
                    else [])
        return [self._client, f"--settings={settings}", *own_user, *options]

    def status_file(self) -> Path:
        """A new name for a client's status file."""
        self._started += 1
        return self.folder / f"{self._started:03}-status.json"

    def ping(self, count: int = 3, address: str = OVOC) -> list[float]:
        """Pings from the device; returns the times in ms that came back."""
        command = ["ping", "-n", "-c", str(count), "-i", "0.2", "-W", "1",
                   address]
        try:
            shown = namespaces.run(DEVICE, command)
        except RuntimeError:
            return []
        return [float(time) for time in _RTT.findall(shown)]


def ini(settings: Mapping[str, object]) -> str:
    """The settings in the form of a device's ini file."""
    lines = ["; written by the lab", "[OVOC]"]
    for name, value in settings.items():
        if isinstance(value, int):
            lines.append(f"{name} = {value}")
        elif value is not None:
            lines.append(f"{name} = '{value}'")
    return "\n".join(lines) + "\n"


def agent_command(module: str, *arguments: object) -> list[str]:
    """The command line of an agent, a module of agents/."""
    script = Path(__file__).with_name("agents") / f"{module}.py"
    return [sys.executable, "-u", str(script), *map(str, arguments)]
