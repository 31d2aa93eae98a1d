# SPDX-License-Identifier: Apache-2.0
"""Tests of truncating_dns.py; needs no namespaces."""

import unittest

from conformance.lab.agents.truncating_dns import question_end, reply

_QUESTION = (b"\x04ovoc\x07example\x03net\x00"  # QNAME
             b"\x00\x01"                        # QTYPE A
             b"\x00\x01")                       # QCLASS IN
_QUERY = (b"\x12\x34"                           # ID
          b"\x01\x00"                           # RD
          b"\x00\x01\x00\x00\x00\x00\x00\x01"   # 1 question, EDNS
          + _QUESTION
          + b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00")  # not echoed


class ReplyTest(unittest.TestCase):
    """RFC 1035 4.1, byte by byte."""

    def test_over_udp_it_is_truncated_and_empty(self) -> None:
        """TC is set, the question echoed."""
        self.assertEqual(
            reply(_QUERY, "198.51.100.10", True),
            b"\x12\x34\x87\x80\x00\x01\x00\x00\x00\x00\x00\x00" + _QUESTION)

    def test_over_tcp_it_holds_the_address(self) -> None:
        """One A record, its name a pointer to the question."""
        self.assertEqual(
            reply(_QUERY, "198.51.100.10", False),
            b"\x12\x34\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00" + _QUESTION
            + b"\xc0\x0c\x00\x01\x00\x01"                # name, A, IN
            + b"\x00\x00\x00\x3c\x00\x04\xc6\x33\x64\x0a")  # TTL, address

    def test_another_type_has_no_record(self) -> None:
        """AAAA: no data."""
        query = _QUERY.replace(b"\x00\x01\x00\x01\x00\x00\x29",
                               b"\x00\x1c\x00\x01\x00\x00\x29")
        self.assertEqual(reply(query, "198.51.100.10", False)[4:12],
                         b"\x00\x01\x00\x00\x00\x00\x00\x00")

    def test_every_cut_of_the_question_is_an_error(self) -> None:
        """No cut query is taken for a whole one."""
        whole = question_end(_QUERY)
        self.assertEqual(whole, 12 + len(_QUESTION))
        for length in range(whole):
            with self.subTest(length), self.assertRaises(ValueError):
                question_end(_QUERY[:length])


if __name__ == "__main__":
    unittest.main()
