# SPDX-License-Identifier: Apache-2.0
"""Runs echo_client, and the servers it is tried against."""

import json
import os
import selectors
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_HERE = Path(__file__).resolve().parent
_CLIENT = Path("conformance/websocket/echo_client")
_NODE_PATH = "/usr/share/nodejs"  # of Debian's packages
_START_SECONDS = 30
_RUN_SECONDS = 240

AGENT = "ovoc agent/1"
AGENT_IN_QUERY = "ovoc%20agent%2F1"


def client_path() -> Path:
    """The program, where `bazel test` put it or in the tree's bazel-bin."""
    for folder in (Path.cwd(), _ROOT / "bazel-bin"):
        if (folder / _CLIENT).is_file():
            return folder / _CLIENT
    raise FileNotFoundError(f"{_CLIENT}: build //conformance:echo_client")


def run_client(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs echo_client to its end with exactly these arguments."""
    return subprocess.run([str(client_path()), *arguments], text=True,
                          capture_output=True, timeout=_RUN_SECONDS,
                          check=False)


class PeerServer:
    """A WebSocket server of others that judges an echo.

    The program prints its port when it listens, then, for /updateReports, one
    line of JSON: {name of a case: "ok" or what was wrong}. It ends when its
    standard input is closed.
    """

    def __init__(self, command: Sequence[str], script: str,
                 *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*command, str(_HERE / script), *arguments], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "NODE_PATH": _NODE_PATH})
        self.port = int(self._line(_START_SECONDS))

    def report(self) -> dict[str, str]:
        """The verdicts; waits for them."""
        found: dict[str, str] = json.loads(self._line(_START_SECONDS))
        return found

    def _line(self, seconds: float) -> str:
        """The next line the program prints."""
        output = self._process.stdout
        assert output is not None
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            deadline = time.monotonic() + seconds
            if not selector.select(deadline - time.monotonic()):
                raise TimeoutError(f"no line within {seconds} s")
        line = output.readline()
        if not line:
            raise RuntimeError(f"ended with {self._process.wait()}")
        return line

    def close(self) -> None:
        """Asks the program to end, and makes it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
