# SPDX-License-Identifier: Apache-2.0
"""`client --status` beside a real run: what people, scripts and programs see."""

import json
import os
import pty
import subprocess
from pathlib import Path

from conformance.lab import services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.namespaces import DEVICE
from conformance.lab.programs import Program

_UP, _NOT_UP, _STALE, _NO_FILE = 0, 13, 14, 15


class ShownStatusTest(LabCase):
    """The status file of one client, looked at by others."""

    def command(self, path: Path, *options: str) -> list[str]:
        """Shows the status file."""
        client = self.lab.client_command(path)[0]
        return [client, f"--status={path}", *options]

    def look(self, path: Path, *options: str) -> Program:
        """Begins to look at the status file."""
        return self.lab.start("status", DEVICE, self.command(path, *options))

    def shown(self, path: Path, code: int, *options: str) -> list[str]:
        """What is shown, with this exit code."""
        looked = self.look(path, *options)
        self.assertEqual(looked.wait(), code, looked.tail())
        return looked.lines()

    def run_client(self, path: Path) -> Program:
        """Starts a client that keeps its status there."""
        return self.lab.client(self.lab.settings(), f"--status_file={path}")

    def test_a_script_waits_for_the_tunnel(self) -> None:
        """From before the client is started, until it is up."""
        services.name_server(self.lab)
        path = self.lab.status_file()
        (error,) = self.shown(path, _NO_FILE)
        self.assertIn("No such file or directory; start the client", error)
        waits = self.look(path, "--wait_up=40")
        self.run_client(path).wait_for("attempt_failed")
        self.shown(path, _NOT_UP)
        late = self.shown(path, _NOT_UP, "--wait_up=1")
        self.assertEqual(late[-1], "client: --wait_up: the tunnel was not up "
                         "within 1 s")
        self.assertIsNone(waits.exit_code(), waits.tail())
        self.lab.server(self.lab.authority.good())
        self.assertEqual(waits.wait(40), _UP, waits.tail())

    def test_a_tunnel_that_is_up_is_shown_in_each_form(self) -> None:
        """To people, to programs, and to Prometheus."""
        path = self.lab.status_file()
        self.tunnel(client_options=[f"--status_file={path}"])
        lines = self.shown(path, _UP)
        self.assertRegex(lines[0], r"^tunnel +up for \d+ s$")
        shown = "\n".join(lines)
        for line in (r"^address +169\.254\.0\.2/32$", r"^interface +ovoc0$",
                     r"^server +ovoc\.example\.net, 198\.51\.100\.10:\d+$",
                     r"^TLS +TLSv1\.3, TLS_", r"^certificate +CN=Lab good",
                     r"^ +expires in \d+ days?", r"^ +SHA-256 [0-9a-f]{64}$",
                     r"^received +\d+ packets, ", r"^sent +\d+ packets, "):
            self.assertRegex(shown, f"(?m){line}")
        self.assertNotIn("\x1b", shown)
        (text,) = self.shown(path, _UP, "--json")
        self.assertEqual(json.loads(text)["state"], "up")
        metrics = self.shown(path, _UP, "--prometheus")
        self.assertIn(f'ovoc_tunnel_up{{file="{path}"}} 1', metrics)
        self.assertIn(f'ovoc_tunnel_state{{file="{path}",state="up"}} 1',
                      metrics)
        self.assertEqual(metrics[-1], "# EOF")

    def test_an_issuer_that_ends_before_the_server_is_shown(self) -> None:
        """To people, to programs, and to Prometheus."""
        pair, root = self.lab.authority.below_expiring_root(10)
        services.name_server(self.lab)
        self.lab.server(pair)
        path = self.lab.status_file()
        client = self.lab.client(self.lab.settings(TLSTrustedRoots=root),
                                 f"--status_file={path}")
        client.wait_for("tunnel_up")
        shown = "\n".join(self.shown(path, _UP))
        self.assertRegex(shown, r"(?m)^ +an issuer's certificate expires in "
                         r"10 days, at ")
        told = json.loads(path.read_text())["certificate"]
        self.assertLess(told["chain_not_after"], told["not_after"])
        metrics = "\n".join(self.shown(path, _UP, "--prometheus"))
        for name in ("certificate_expiry", "certificate_chain_expiry"):
            self.assertIn(f"\novoc_tunnel_{name}_time_seconds{{", metrics)

    def test_a_lost_tunnel_and_a_client_that_ended(self) -> None:
        """Both are fresh, and neither is a success."""
        path = self.lab.status_file()
        server, client = self.tunnel(client_options=[f"--status_file={path}"])
        server.kill()
        client.wait_for("attempt_failed", timeout=20)
        lines = self.shown(path, _NOT_UP)
        self.assertTrue([line for line in lines if line.startswith("reason ")],
                        lines)
        self.assertEqual(client.stop(), 0)
        self.assertRegex(self.shown(path, _NOT_UP)[0], r"^tunnel +down: the "
                         r"client ended with exit code 0 \(done\)$")

    def test_a_client_that_was_killed_is_no_tunnel(self) -> None:
        """Its file still says that the tunnel is up."""
        path = self.lab.status_file()
        _, client = self.tunnel(client_options=[f"--status_file={path}"])
        client.kill()
        self.assertEqual(json.loads(path.read_text())["state"], "up")
        lines = self.shown(path, _STALE)
        self.assertRegex(lines[0], r"^tunnel +unknown$")
        self.assertRegex(lines[1], r"^stale +no process \d+ runs")
        self.assertIn(f'ovoc_tunnel_up{{file="{path}"}} 0',
                      self.shown(path, _STALE, "--prometheus"))

    def test_colours_are_for_a_terminal(self) -> None:
        """That wants them."""
        path = self.lab.status_file()
        self.tunnel(client_options=[f"--status_file={path}"])
        self.assertIn(b"\x1b[32mup for ", self.on_terminal(path, TERM="xterm"))
        for variables in ({"TERM": "xterm", "NO_COLOR": "1"},
                          {"TERM": "dumb"}):
            seen = self.on_terminal(path, **variables)
            self.assertIn(b"up for ", seen)
            self.assertNotIn(b"\x1b", seen)

    def on_terminal(self, path: Path, **variables: str) -> bytes:
        """All that a terminal gets."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(self.command(path), stdout=theirs,
                              env=variables) as client:
            os.close(theirs)
            seen = b""
            try:
                while piece := os.read(ours, 4096):
                    seen += piece
            except OSError:
                pass  # EIO: the client has ended
            os.close(ours)
            self.assertEqual(client.wait(20), _UP)
        return seen


if __name__ == "__main__":
    main()
