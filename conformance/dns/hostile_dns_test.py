# SPDX-License-Identifier: Apache-2.0
"""Tests of the hostile name server's bytes."""

import struct
import unittest

from conformance.dns import hostile_dns
from conformance.dns.hostile_dns import A, AAAA, BEHAVIOURS, Query, Ways


def query(behaviour: str, kind: int = A, over: str = "UDP",
          edns: bool = False) -> Query:
    """A query as the resolver sends it."""
    name = hostile_dns.wire(behaviour.encode() + b".hostile.example")
    data = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, int(edns)) + name
    data += struct.pack(">HH", kind, 1)
    if edns:
        data += bytes.fromhex("00002904d0000000000000")
    return Query(data, over)


class HostileDnsTest(unittest.TestCase):
    """Each behaviour, without a socket."""

    def sent(self, asked: Query) -> dict[str, list[bytes]]:
        """What leaves, by which way."""
        out: dict[str, list[bytes]] = {"here": [], "port": [], "address": []}
        BEHAVIOURS[asked.behaviour](asked, Ways(
            out["here"].append, out["port"].append, out["address"].append))
        return out

    def test_a_query_is_read(self) -> None:
        """Name, type and EDNS."""
        asked = query("good", AAAA, edns=True)
        self.assertEqual(asked.behaviour, "good")
        self.assertEqual(asked.kind, AAAA)
        self.assertTrue(asked.has_edns)
        self.assertEqual(asked.data[12:asked.end],
                         b"\4good\7hostile\7example\0\0\x1c\0\1")

    def test_the_right_answer(self) -> None:
        """Every byte of it."""
        (message,) = self.sent(query("good"))["here"]
        self.assertEqual(message.hex(), (
            "0007" "8580" "0001" "0001" "0000" "0000"
            "04676f6f6407686f7374696c65076578616d706c6500" "0001" "0001"
            "c00c" "0001" "0001" "0000012c" "0004" "c0000207"))

    def test_every_behaviour_can_be_asked_for(self) -> None:
        """For both types and by both ways, without a fault of its own."""
        for name in BEHAVIOURS:
            for kind in (A, AAAA):
                for over in ("UDP", "TCP"):
                    self.sent(query(name, kind, over, edns=True))

    def test_forged_answers_come_before_the_right_one(self) -> None:
        """And differ from it."""
        for name in ("wrong-id", "spoof", "wrong-name", "wrong-type",
                     "qr-clear", "cut", "changed-case"):
            *forged, right = self.sent(query(name))["here"]
            self.assertEqual(right, query(name).good())
            self.assertTrue(forged)
            self.assertNotIn(right, forged)

    def test_other_sources_are_used(self) -> None:
        """The forged answer leaves by another socket."""
        self.assertEqual(len(self.sent(query("other-port"))["port"]), 1)
        self.assertEqual(len(self.sent(query("other-address"))["address"]), 1)

    def test_lengths_lie_over_tcp_only(self) -> None:
        """By UDP all of them are truncated."""
        for name in BEHAVIOURS:
            if name.startswith("tcp"):
                (message,) = self.sent(query(name))["here"]
                self.assertEqual(message[2] & 0x02, 0x02, name)
        (full,) = self.sent(query("tcp-64k", over="TCP"))["here"]
        self.assertEqual(full[:2], b"\xff\xff")
        self.assertEqual(len(full), 2 + 65535)
        self.assertEqual(self.sent(query("tcp-silent", over="TCP"))["here"],
                         [])


if __name__ == "__main__":
    unittest.main()
