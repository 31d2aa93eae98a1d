# SPDX-License-Identifier: Apache-2.0
"""A name server that answers each UDP query with SERVFAIL.

Usage: failing_dns.py ADDRESS: listens on ADDRESS, port 53. RFC 1035 4.1.
"""

import socket
import struct
import sys

_PORT = 53
_HEADER_BYTES = 12
_FLAGS = 0x8182  # response, recursion desired and available, SERVFAIL
_MAX_MESSAGE_BYTES = 65535


def reply(query: bytes) -> bytes:
    """The answer: the question alone. ValueError when there is none."""
    end = query.index(0, _HEADER_BYTES) + 5  # the root's zero, type and class
    return (query[:2] + struct.pack(">HHHHH", _FLAGS, 1, 0, 0, 0) +
            query[_HEADER_BYTES:end])


def main() -> None:
    """Answers until it is ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((sys.argv[1], _PORT))
        print("ready", flush=True)
        while True:
            query, peer = sock.recvfrom(_MAX_MESSAGE_BYTES)
            sock.sendto(reply(query), peer)


if __name__ == "__main__":
    main()
