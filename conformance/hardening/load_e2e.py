# SPDX-License-Identifier: Apache-2.0
"""What a hostile OVOC sends, at full speed, and what the client makes of it.

Needs root: the memory of an undumpable process is looked at. Whatever comes,
the worker keeps within its memory, answers pings within a second and, when a
good server is there again, has its tunnel back by itself.
"""

import json
import signal
import sys
import time
from pathlib import Path

from conformance.hardening.process_view import ProcessView
from conformance.hardening.worker_case import WorkerCase
from conformance.lab import namespaces, services
from conformance.lab.e2e_case import main
from conformance.lab.lab import (FIRST_OVERLAY, HOST, INTERFACE, PASSWORD,
                                 USER, binary)
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import Event, Program

_FRAMES = 10_000_000
_PACKETS = 1_000_000
_WORST_MS = 1000
_MAX_RESIDENT_KB = 8 << 10   # of a static build's worker, at its peak
_MAX_GROWTH_KB = 1 << 10     # of any build's, by the load
_MAX_LOG_LINES = 40
_ENDLESS_BYTES = 1 << 40     # more than is sent before the client leaves
_TINY_RECORD_FRAMES = 50_000
_TICKETS = 1_000_000
_LONG_TICKETS = 10_000
_TLS_RECORDS = 300_000
_HEAD_SECONDS = 10           # auth::kUpgradeTimeout
_HANDSHAKE_SECONDS = 10      # kHandshakeTimeout in tunnel/attempt/connection.cc
_STOP_SECONDS = 6  # 4 for the Close, 5 until the keeper ends the worker
_BACK_SECONDS = 20


def received_packets() -> int:
    """How many packets came out of the tunnel on the device."""
    shown = namespaces.run(DEVICE, ["ip", "-json", "-statistics", "link",
                                    "show", "dev", INTERFACE])
    return int(json.loads(shown)[0]["stats64"]["rx"]["packets"])


class LoadCase(WorkerCase):
    """A client whose OVOC is hostile_peer.py."""

    _peak_at_start = 0  # VmHWM since the worker's birth, kB

    def start(self, load: str, count: int,
              **changes: object) -> tuple[Program, Program]:
        """A hostile OVOC and a client that asked it for a tunnel."""
        services.name_server(self.lab)
        pair = self.lab.authority.good()
        peer = self.lab.start("hostile_peer", CLOUD, [
            *self.peer_command(), CLOUD_ADDRESS, "443",
            str(pair.certificate), str(pair.key), load, str(count)])
        peer.wait_for("listening")
        client = self.lab.client(self.lab.settings(
            **{"WSTunReconnectSpread": 1, **changes}))
        return peer, client

    def peer_command(self) -> list[str]:
        """The hostile OVOC, without its arguments."""
        script = Path(__file__).with_name("hostile_peer.py")
        return [sys.executable, "-u", str(script)]

    def go(self, peer: Program, client: Program,
           timeout: float = 40) -> Event:
        """Has the load sent; checks memory; returns the peer's last event."""
        client.wait_for("tunnel_up")
        peer.wait_for("peer_up")
        worker = self.worker(client)
        before = self.begin(worker)
        peer.send(signal.SIGUSR1)
        peer.wait_for("begun")
        end = self.wait_for_end(peer, timeout)
        if worker.exists():
            self.assert_memory(worker, before)
        return end

    def begin(self, worker: ProcessView) -> int:
        """Takes note of memory before a load: kB."""
        self._peak_at_start = worker.kilobytes("VmHWM")
        worker.reset_peak()
        return worker.kilobytes("VmHWM")

    def wait_for_end(self, peer: Program, timeout: float) -> Event:
        """The event `done`, or `end` when the client left before."""
        self.wait_until("the end of the load", lambda: bool(
            peer.events("done") or peer.events("end")), timeout)
        end = [*peer.events("done"), *peer.events("end")][0]
        self.figure(end.text)
        return end

    def assert_memory(self, worker: ProcessView, before: int) -> None:
        """The worker's peak since the load began is within its limits."""
        peak = worker.kilobytes("VmHWM")
        is_static = not any(".so" in mapping.name for mapping in worker.maps())
        self.figure(f"peak {peak} kB, {peak - before} kB above the start"
                    f" (peak before {self._peak_at_start} kB),"
                    f" anonymous {worker.kilobytes('RssAnon')} kB"
                    f"{', static' if is_static else ''}")
        self.assertLessEqual(peak - before, _MAX_GROWTH_KB)
        if is_static:
            self.assertLessEqual(max(peak, self._peak_at_start),
                                 _MAX_RESIDENT_KB)

    def assert_recovers(self, peer: Program, client: Program) -> None:
        """With a good OVOC the tunnel comes back by itself; the log is short.
        """
        peer.kill()
        client.skip()  # the client may be back as soon as there is a server
        self.lab.server(self.lab.authority.good())
        client.wait_for("tunnel_up", _BACK_SECONDS)
        self.assert_tunnel_carries()
        self.assertEqual(client.events("worker_died"), [])
        self.assertLessEqual(len(client.lines()), _MAX_LOG_LINES)


class TinyFramesTest(LoadCase):
    """Ten million frames of a byte or none, and pings between them."""

    def bear(self, load: str, count: int = _FRAMES) -> None:
        """Sends all of it; the tunnel stays up and every ping is answered."""
        peer, client = self.start(load, count)
        end = self.go(peer, client)
        self.assertEqual(end.name, "done")
        self.assertGreaterEqual(int(end["units"]), count)
        self.assertLessEqual(int(end["worst_ms"]), _WORST_MS)
        self.assertEqual(client.events("tunnel_down"), [])
        self.assert_recovers(peer, client)

    def test_empty_messages(self) -> None:
        """82 00, again and again."""
        self.bear("empty")

    def test_messages_of_one_byte(self) -> None:
        """No packet at all."""
        self.bear("one_byte")

    def test_frames_with_a_reserved_bit(self) -> None:
        """Another device can cause them: they are passed over."""
        self.bear("reserved_bit")

    def test_text_messages(self) -> None:
        """As AudioCodes' own server forwards them."""
        self.bear("text")

    def test_a_ping_flood(self) -> None:
        """Each is answered, or the last of those that came together."""
        self.bear("pings")

    def test_endless_fragments_of_one_message(self) -> None:
        """The message never ends; what is above its limit is not kept."""
        self.bear("fragments")

    def test_endless_empty_fragments(self) -> None:
        """A message that grows by nothing, ten million times."""
        self.bear("empty_fragments")

    def test_packets_with_every_malformed_header(self) -> None:
        """None of them reaches the device's interface."""
        peer, client = self.start("packets", _PACKETS)
        end = self.go(peer, client)
        self.assertEqual(end.name, "done")
        self.assertLessEqual(int(end["worst_ms"]), _WORST_MS)
        self.assertEqual(received_packets(), 0)
        self.assert_recovers(peer, client)


class EndlessTest(LoadCase):
    """What never ends, or never begins."""

    def leave(self, load: str) -> None:
        """Nothing of it is kept; a peer that answers no ping is left."""
        peer, client = self.start(load, _ENDLESS_BYTES, WSTunKeepAlive=1,
                                  WSTunDeadAfter=5)
        end = self.go(peer, client)
        self.assertEqual(end.name, "end")
        client.wait_for("tunnel_down", reason="dead_peer")
        self.assert_recovers(peer, client)

    def test_a_frame_of_2_to_the_63_minus_1_bytes(self) -> None:
        """The longest that RFC 6455 5.2 has."""
        self.leave("endless_frame")

    def test_a_frame_of_2_to_the_63_bytes(self) -> None:
        """Longer than that; OVOC forwards it from another device, too."""
        self.leave("top_bit_length")

    def test_pings_whose_pongs_nobody_reads(self) -> None:
        """What waits to be sent has its limit."""
        peer, client = self.start("unread_pings", 2_000_000,
                                  WSTunKeepAlive=1, WSTunDeadAfter=5)
        end = self.go(peer, client)
        self.figure(f"{end.text}; {client.events()[-1].text}")
        self.assert_recovers(peer, client)

    def test_a_head_that_comes_a_byte_a_second(self) -> None:
        """The head has ten seconds as a whole, not for each byte."""
        peer, client = self.start("slow_head", 1)
        peer.wait_for("asked")
        end = self.wait_for_end(peer, _HEAD_SECONDS + 5)
        self.assertGreaterEqual(float(end["seconds"]), _HEAD_SECONDS - 1)
        self.assertEqual(client.events("tunnel_up"), [])
        self.figure(client.wait_for("retry").text)
        self.assert_recovers(peer, client)

    def test_tls_records_of_one_byte(self) -> None:
        """150,000 of them, each a record for one byte of a frame."""
        peer, client = self.start("tiny_records", _TINY_RECORD_FRAMES)
        end = self.go(peer, client)
        self.assertEqual(end.name, "done")
        self.assertLessEqual(int(end["worst_ms"]), _WORST_MS)
        self.assertEqual(client.events("tunnel_down"), [])
        self.assert_recovers(peer, client)


class TlsFloodTest(LoadCase):
    """TLS records without data, after the login and in its place."""

    def peer_command(self) -> list[str]:
        """What no TLS library sends."""
        return [binary("conformance/hardening/tls_flooder",
                       "OVOC_TLS_FLOODER")]

    def bear(self, flood: str, count: int) -> None:
        """All of it passes; the tunnel stays, each ping is answered."""
        peer, client = self.start(flood, count)
        end = self.go(peer, client)
        self.assertEqual(end.name, "done")
        self.assertGreater(int(end["pongs"]), 3)
        self.assertLessEqual(int(end["worst_ms"]), _WORST_MS)
        self.assertEqual(client.events("tunnel_down"), [])
        self.assert_recovers(peer, client)

    def refuse(self, flood: str, reason: str) -> None:
        """The connection fails at once, and the log says why."""
        peer, client = self.start(flood, _TLS_RECORDS)
        end = self.go(peer, client)
        self.assertEqual(end.name, "end")
        self.assertLess(float(end["seconds"]), 1)
        down = client.wait_for("tunnel_down")
        self.assertIn(reason, down["detail"])
        self.assert_recovers(peer, client)

    def test_tickets(self) -> None:
        """900 in a record; the last one is kept."""
        self.bear("tickets", _TICKETS)

    def test_long_tickets(self) -> None:
        """As long as BoringSSL takes them: 16 KB each."""
        self.bear("long_tickets", _LONG_TICKETS)

    def test_tickets_a_byte_a_record(self) -> None:
        """18 records for a ticket."""
        self.bear("tickets_in_pieces", _TLS_RECORDS // 18)

    def test_key_updates_with_tickets_between_them(self) -> None:
        """Each ticket begins BoringSSL's count of key updates anew."""
        self.bear("key_updates_and_tickets", _TLS_RECORDS)

    def test_key_updates_that_ask_for_ours(self) -> None:
        """RFC 8446 4.6.3: update_requested."""
        self.bear("asking_key_updates_and_tickets", _TLS_RECORDS)

    def test_empty_records_with_tickets_between_them(self) -> None:
        """Each ticket begins the count of empty records anew."""
        self.bear("empty_records_and_tickets", _TLS_RECORDS)

    def test_empty_records_and_warnings(self) -> None:
        """Each begins the count of the other anew."""
        self.bear("empty_records_and_warnings", _TLS_RECORDS)

    def test_empty_records_and_warnings_in_tls_1_2(self) -> None:
        """The same, with any warning."""
        self.bear("empty_records_and_warnings_1.2", _TLS_RECORDS)

    def test_key_updates_alone(self) -> None:
        """The 33rd in a row is refused."""
        self.refuse("key_updates", "TOO_MANY_KEY_UPDATES")

    def test_empty_records_alone(self) -> None:
        """The 33rd in a row is refused."""
        self.refuse("empty_records", "TOO_MANY_EMPTY_FRAGMENTS")

    def test_empty_records_alone_in_tls_1_2(self) -> None:
        """The 33rd in a row is refused."""
        self.refuse("empty_records_1.2", "TOO_MANY_EMPTY_FRAGMENTS")

    def test_warnings_alone(self) -> None:
        """The fifth in a row is refused."""
        self.refuse("warnings", "TOO_MANY_WARNING_ALERTS")

    def test_warnings_alone_in_tls_1_2(self) -> None:
        """The fifth in a row is refused."""
        self.refuse("warnings_1.2", "TOO_MANY_WARNING_ALERTS")

    def test_hello_requests_in_tls_1_2(self) -> None:
        """There is no renegotiation."""
        self.refuse("hello_requests_1.2", "NO_RENEGOTIATION")

    def test_an_ovoc_that_sends_tickets_and_nothing_else_is_left(self) -> None:
        """Its pings are sent meanwhile, and their silence is noticed."""
        peer, client = self.start("silent_tickets", _ENDLESS_BYTES,
                                  WSTunKeepAlive=1, WSTunDeadAfter=5)
        end = self.go(peer, client)
        self.assertEqual(end.name, "end")
        client.wait_for("tunnel_down", reason="dead_peer")
        self.assert_recovers(peer, client)

    def test_a_client_that_is_sent_tickets_stops_when_asked(self) -> None:
        """SIGTERM is followed in the middle of the flood."""
        peer, client = self.start("silent_tickets", _ENDLESS_BYTES)
        client.wait_for("tunnel_up")
        peer.wait_for("peer_up")
        peer.send(signal.SIGUSR1)
        peer.wait_for("begun")
        time.sleep(1)
        begun = time.monotonic()
        self.assertEqual(client.stop(_STOP_SECONDS), 0)
        self.figure(f"stopped in {time.monotonic() - begun:.1f} s")
        self.assertEqual(client.events("worker_died"), [])

    def test_a_handshake_of_empty_records_and_warnings(self) -> None:
        """Nobody needs a key for it; it has ten seconds as a whole."""
        peer, client = self.start("handshake", 1)
        peer.wait_for("asked")
        end = self.wait_for_end(peer, _HANDSHAKE_SECONDS + 5)
        self.assertGreaterEqual(float(end["seconds"]), _HANDSHAKE_SECONDS - 1)
        failed = client.wait_for("attempt_failed")
        self.assertIn("the TLS handshake took more than", failed["detail"])
        self.assert_recovers(peer, client)


class OtherDeviceTest(LoadCase):
    """OVOC is good; another device sends through it."""

    def flood(self, load: str, count: int, pause_ms: int,
              *server_options: str, **changes: object) -> None:
        """As fast as OVOC forwards; pings to it come back within a second."""
        server, client = self.tunnel(*server_options, **changes)
        worker = self.worker(client)
        device = self.lab.start("hostile_device", CLOUD, [
            sys.executable, "-u",
            str(Path(__file__).with_name("hostile_device.py")), CLOUD_ADDRESS,
            "443", HOST, USER, PASSWORD, load, str(count),
            str(pause_ms)])
        self.assertNotEqual(device.wait_for("peer_up")["overlay"],
                            FIRST_OVERLAY)
        before = self.begin(worker)
        times: list[float] = []
        while not device.events("done"):
            times += self.lab.ping(1)
        self.figure(f"{device.events('done')[0].text}; {len(times)} pings,"
                    f" worst {max(times, default=0):.1f} ms")
        self.assert_memory(worker, before)
        self.assertTrue(times, "no ping came back during the load")
        self.assertLessEqual(max(times), _WORST_MS)
        self.assertEqual(client.events("tunnel_down"), [])
        self.assertEqual(server.events("peer_down"), [])
        server.stop()
        self.figure("; ".join(event.text for event in
                              server.events("peer_down")))
        self.assert_recovers(device, client)

    def test_malformed_packets_and_heads_through_a_server_like_theirs(
            self) -> None:
        """It forwards the head of a frame as another device chose it."""
        # It writes a TLS record for each packet, 35,000 in a second at most.
        self.flood("heads", 100_000, 12, "--quirks=legacy", "--front=nginx",
                   WSTunPeerToPeer=1)

    def test_malformed_packets_through_a_strict_server(self) -> None:
        """With device-to-device traffic switched off, as by default."""
        self.flood("packets", 500_000, 2)


if __name__ == "__main__":
    main()
