# SPDX-License-Identifier: Apache-2.0
"""Tests of the packets of first_reply.py."""

import unittest

from conformance.bench.first_reply import checksum, is_reply, request

_IP_HEADER = bytes([0x45]) + bytes(19)  # version 4, five words
_REPLY = bytes([
    0, 0,        # echo reply, code 0
    0, 0,        # checksum, which the kernel has looked at
    0x12, 0x34,  # identifier
    0, 1,        # sequence number
])


class EchoTest(unittest.TestCase):
    """ICMP echo, RFC 792."""

    def test_the_checksum_is_that_of_rfc_1071(self) -> None:
        """The example in its section 3 sums up to ddf2."""
        self.assertEqual(checksum(bytes.fromhex("0001f203f4f5f6f7")),
                         ~0xddf2 & 0xffff)

    def test_a_request_with_its_checksum_sums_up_to_nothing(self) -> None:
        """As the receiver checks it."""
        for identifier in (0, 1, 0xf7fe, 0xffff):
            with self.subTest(identifier):
                self.assertEqual(checksum(request(identifier)), 0)
                self.assertEqual(request(identifier)[0], 8)

    def test_only_a_reply_to_us_is_taken(self) -> None:
        """A raw socket gets everybody's."""
        for name, packet, expected in (
                ("ours", _IP_HEADER + _REPLY, True),
                ("another's", _IP_HEADER + _REPLY[:4] + b"\x12\x35\0\1",
                 False),
                ("a request", _IP_HEADER + b"\x08" + _REPLY[1:], False),
                ("cut off", _IP_HEADER + _REPLY[:7], False),
                ("empty", b"", False)):
            with self.subTest(name):
                self.assertEqual(is_reply(packet, 0x1234), expected)


if __name__ == "__main__":
    unittest.main()
