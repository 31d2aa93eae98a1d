# SPDX-License-Identifier: Apache-2.0
"""The parts of the answer server that judge the client."""

import unittest

from conformance.handshake_suite.answer_server import filled, frames_of
from conformance.handshake_suite.answers import (
    ACCEPT, CLOSE_1000, SWAPPED_ACCEPT, WRONG_ACCEPT)

# RFC 6455 1.3: the key and its Accept.
_REQUEST = (b"GET / HTTP/1.1\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


class AnswerServerTest(unittest.TestCase):
    """Placeholders and frames."""

    def test_the_accept_is_that_of_the_key(self) -> None:
        """Right, with another first byte, and in the other case."""
        self.assertEqual(filled(b"a " + ACCEPT, _REQUEST),
                         b"a s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        self.assertEqual(filled(WRONG_ACCEPT, _REQUEST),
                         b"A3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        self.assertEqual(filled(SWAPPED_ACCEPT, _REQUEST),
                         b"S3PplmbItXAq9KygZZHzrBk+XoO=")

    def test_a_request_without_a_key_is_no_request(self) -> None:
        """There is nothing to answer."""
        with self.assertRaises(ValueError):
            filled(ACCEPT, b"GET / HTTP/1.1\r\n\r\n")

    def test_masked_frames_are_read(self) -> None:
        """A Pong and a Close 1000."""
        data = (b"\x8a\x82\x01\x02\x03\x04\x60\x60"
                b"\x88\x82\xff\xff\x00\x00\xfc\x17")
        self.assertEqual(list(frames_of(data)), [(10, b"ab"), CLOSE_1000])

    def test_other_frames_are_complained_of(self) -> None:
        """Unmasked, not final, cut short, long."""
        for data in (b"\x8a\x00", b"\x0a\x80abcd", b"\x8a\x82abcd1",
                     b"\x8a\x80abc", b"\x8a\xfe\x00\x80abcd"):
            with self.subTest(data), self.assertRaises(ValueError):
                list(frames_of(data))


if __name__ == "__main__":
    unittest.main()
