# SPDX-License-Identifier: Apache-2.0
"""A name server that answers each UDP query truncated, and each TCP query.

Usage: truncating_dns.py ADDRESS ANSWER: listens on ADDRESS, port 53, and
answers A queries with the IPv4 address ANSWER. RFC 1035 4.1, 4.2.
"""

import selectors
import socket
import struct
import sys

_PORT = 53
_HEADER_BYTES = 12
_TYPE_A = 1
_FLAGS = 0x8580      # response, authoritative, recursion desired + available
_TRUNCATED = 0x0200  # RFC 1035 4.1.1, TC
_MAX_MESSAGE_BYTES = 65535
_TTL_SECONDS = 60


def question_end(query: bytes) -> int:
    """Where the first question of a query ends. ValueError when it doesn't."""
    at = _HEADER_BYTES
    while at < len(query) and query[at] != 0:
        at += 1 + query[at]
    if at + 5 > len(query):
        raise ValueError("the question is cut short")
    return at + 5


def reply(query: bytes, address: str, truncated: bool) -> bytes:
    """The answer to a query: truncated and empty, or with the address."""
    end = question_end(query)
    (kind,) = struct.unpack_from(">H", query, end - 4)
    answers = int(not truncated and kind == _TYPE_A)
    flags = _FLAGS | (_TRUNCATED if truncated else 0)
    message = query[:2] + struct.pack(">HHHHH", flags, 1, answers, 0, 0)
    message += query[_HEADER_BYTES:end]
    if answers:
        message += struct.pack(">HHHIH", 0xC00C, _TYPE_A, 1, _TTL_SECONDS, 4)
        message += socket.inet_aton(address)
    return message


def answer_udp(sock: socket.socket, address: str) -> None:
    """Answers one datagram."""
    query, peer = sock.recvfrom(_MAX_MESSAGE_BYTES)
    print("query over UDP", flush=True)
    sock.sendto(reply(query, address, True), peer)


def answer_tcp(listener: socket.socket, address: str) -> None:
    """Answers all queries of one connection."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as stream:
        connection.settimeout(2)
        while len(length := stream.read(2)) == 2:
            query = stream.read(struct.unpack(">H", length)[0])
            print("query over TCP", flush=True)
            message = reply(query, address, False)
            connection.sendall(struct.pack(">H", len(message)) + message)


def serve(local: str, address: str) -> None:
    """Answers until the process is ended."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((local, _PORT))
    tcp = socket.create_server((local, _PORT))
    selector = selectors.DefaultSelector()
    selector.register(udp, selectors.EVENT_READ, answer_udp)
    selector.register(tcp, selectors.EVENT_READ, answer_tcp)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            try:
                key.data(key.fileobj, address)
            except (OSError, ValueError) as error:
                print("dropped:", error, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
