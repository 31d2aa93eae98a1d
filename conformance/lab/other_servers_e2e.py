# SPDX-License-Identifier: Apache-2.0
"""The client against WebSocket servers of others, playing OVOC, end to end."""

import signal
from pathlib import Path

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import PASSWORD, USER, agent_command
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import Program

_LOGIN = 7
_NODE_MODULES = {"NODE_PATH": "/usr/share/nodejs"}  # where Debian has them
_PING, _BINARY = "9", "2"  # opcodes, RFC 6455 5.2


class Peer:
    """What holds against either library; each has a class of its own below."""

    def command(self) -> list[str]:
        """The server's command line, but for its arguments."""
        raise NotImplementedError

    def setUp(self) -> None:
        super().setUp()
        services.name_server(self.lab)
        pair = self.lab.authority.good()
        self.server = self.lab.start("peer", CLOUD, [
            *self.command(), CLOUD_ADDRESS, "443", str(pair.certificate),
            str(pair.key), USER, PASSWORD], _NODE_MODULES)
        self.server.wait_for("listening")

    def echo(self, count: int, size: int = 56) -> None:
        """Pings OVOC; every echo must come back."""
        shown = namespaces.run(DEVICE, [
            "ping", "-n", "-c", str(count), "-i", "0.2", "-W", "2", "-s",
            str(size), "169.254.0.1"])
        self.assertIn(f" {count} received", shown)

    def client(self, **changes: object) -> Program:
        """Starts a client and waits until both ends are up."""
        client = self.lab.client(self.lab.settings(**changes))
        client.wait_for("tunnel_up")
        up = self.server.wait_for("peer_up")
        self.assertEqual(up["subprotocol"], "ovoc.audiocodes.com")
        return client

    def test_fragments_with_a_ping_between_are_one_packet(self) -> None:
        """Each echo is answered, each ping by a pong with its payload."""
        self.client()
        self.echo(2)
        for number in ("0", "1"):
            self.server.wait_for("pong", number=number)
        self.assertEqual(self.server.events("error"), [])

    def test_1001_with_a_reason_ends_and_the_client_comes_back(self) -> None:
        """Also with packets of the full size; the second tunnel stays."""
        client = self.client(WSTunReconnectSpread=1)
        self.echo(3, 1472)
        down = client.wait_for("tunnel_down", 5)
        self.assertEqual(down["reason"], "closed_by_peer")
        self.assertIn("1001", down["detail"])
        self.server.wait_for("peer_down", code="1001", answered="3")
        client.wait_for("tunnel_up", 10)
        self.server.wait_for("peer_up")
        self.echo(4)
        self.assertEqual(len(client.events("tunnel_down")), 1)

    def test_the_client_pings_and_says_goodbye_with_1000(self) -> None:
        """The libraries refuse any frame of a client without a mask."""
        client = self.client(WSTunKeepAlive=1)
        for _ in range(2):
            ping = self.server.wait_for("frame", 5, opcode=_PING)
            self.assertEqual(ping["bytes"], "0")
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(5), 0)
        self.server.wait_for("peer_down", code="1000")
        self.assertEqual(self.server.events("error"), [])

    def test_a_wrong_password_is_the_librarys_401(self) -> None:
        """Exit code 7."""
        client = self.check(WSTunPassword="Joshua-5")
        self.assert_exit(client, _LOGIN)
        self.assertEqual(self.server.events("peer_up"), [])


class PythonWebsocketsTest(Peer, LabCase):
    """Python's `websockets`."""

    def command(self) -> list[str]:
        """The module beside this one."""
        return agent_command("python_ovoc")


class NodeWsTest(Peer, LabCase):
    """Node's `ws`."""

    def command(self) -> list[str]:
        """The script beside this module."""
        agents = Path(__file__).with_name("agents")
        return ["node", str(agents / "node_ovoc.js")]


class HastyTest(LabCase):
    """Frames in the segment of the 101."""

    def test_they_are_kept(self) -> None:
        """The ping is answered, and the packet by the device's kernel."""
        services.name_server(self.lab)
        peer = self.lab.agent("hasty_ovoc", CLOUD, CLOUD_ADDRESS, 80)
        peer.wait_for("listening")
        client = self.lab.client(self.lab.settings(WSTunSecured=0))
        client.wait_for("tunnel_up")
        peer.wait_for("frame", opcode="10", payload="hasty")
        reply = peer.wait_for("frame", opcode=_BINARY, icmp_type="0")
        self.assertEqual(reply["masked"], "1")


if __name__ == "__main__":
    main()
