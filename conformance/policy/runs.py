# SPDX-License-Identifier: Apache-2.0
"""The client of both policies, and the servers it is run against."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.lab.certificates import Authority, KeyPair
from conformance.lab.programs import Program

COMPAT = "compat"
CERTIFIED = "certified"
POLICIES = (COMPAT, CERTIFIED)

HOST = "127.0.0.1"
PASSWORD = "correct horse battery"

EXIT_DONE = 0
EXIT_SETTINGS = 3
EXIT_CONNECTION = 5
EXIT_CERTIFICATE = 6
EXIT_PROTOCOL = 9
EXIT_INTERFACE = 10

_CLIENTS = {COMPAT: "tunnel/client", CERTIFIED: "tunnel/certified_client"}
_LIMIT_SECONDS = 60
_ROOT = Path(os.path.abspath(__file__)).parents[2]


@dataclass(frozen=True)
class Ran:
    """A client that has ended."""

    exit_code: int
    output: str

    @property
    def last_line(self) -> str:
        """Where the client says why it failed, and what to do."""
        return (self.output.splitlines() or [""])[-1]


def _program(path: str) -> str:
    """A program of the test's files."""
    if not (_ROOT / path).is_file():
        raise FileNotFoundError(f"{path} is not among the test's files")
    return str(_ROOT / path)


class Runs:
    """A folder with certificates; clients and servers started in it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.authority = Authority(self.folder / "ca", "ovoc.example", [HOST])
        self._servers: list[Program] = []

    def close(self) -> None:
        """Ends the servers and removes the folder."""
        self.stop_servers()
        self._folder.cleanup()

    def stop_servers(self) -> None:
        """Ends the servers."""
        while self._servers:
            self._servers.pop().kill()

    def settings(self, port: int, lines: str = "") -> Path:
        """A settings file for a server on the loopback; `lines` come last and
        take the place of ours of the same name."""
        ours = {"WSTunServer": HOST, "WSTunServerPort": str(port),
                "TLSTrustedRoots": str(self.authority.trusted_roots),
                "WSTunPassword": f"'{PASSWORD}'"}
        given = {line.split("=")[0].strip() for line in lines.splitlines()}
        if "WSTunPasswordFile" in given:
            given.add("WSTunPassword")
        path = self.folder / "device.ini"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} = {value}\n"
                                for name, value in ours.items()
                                if name not in given) + lines)
        return path

    def client(self, policy: str, *arguments: str,
               environment: Mapping[str, str] | None = None) -> Ran:
        """Runs the client of a policy until it ends."""
        done = subprocess.run(
            [_program(_CLIENTS[policy]), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, timeout=_LIMIT_SECONDS, check=False,
            env={**os.environ, **(environment or {})})
        return Ran(done.returncode, done.stdout)

    def check(self, policy: str, port: int, lines: str = "",
              environment: Mapping[str, str] | None = None) -> Ran:
        """One login."""
        return self.client(policy, f"--settings={self.settings(port, lines)}",
                           "--check", environment=environment)

    def ovoc_server(self, pair: KeyPair | None) -> int:
        """Starts the stand-in, with TLS when it has a pair; its port."""
        command = [_program("conformance/ovoc_server/ovoc_server"),
                   f"--listen={HOST}:0", f"--password={PASSWORD}"]
        if pair is not None:
            command += [f"--tls_certificate={pair.certificate}",
                        f"--tls_private_key={pair.key}"]
        server = self._start("ovoc_server", command)
        return int(server.wait_for("listening")["address"].split(":")[-1])

    def openssl_server(self, pair: KeyPair, *options: str
                       ) -> tuple[int, Program]:
        """Starts `openssl s_server`, which tells each TLS message it sees and
        answers any request with a page; its port and itself."""
        server = self._start("s_server", [
            "openssl", "s_server", "-accept", f"{HOST}:0", "-www", "-msg",
            "-cert", str(pair.certificate), "-key", str(pair.key), *options])
        line = server.wait_for_text("ACCEPT")
        return int(line.split(":")[-1]), server

    def _start(self, name: str, command: list[str]) -> Program:
        """Starts a server with a log of its own."""
        log = self.folder / f"{name}-{len(self._servers)}.log"
        program = Program(name, command, log)
        self._servers.append(program)
        return program
