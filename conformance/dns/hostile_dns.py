# SPDX-License-Identifier: Apache-2.0
"""A name server that does one thing wrong, as the name asked for says.

Usage: hostile_dns.py ADDRESS[,OTHER] ...: listens on port 53 of each ADDRESS,
UDP and TCP; OTHER is an address to answer from that was not asked. `BEHAVIOUR.hostile.example` names a function of BEHAVIOURS; each query
is printed as `query BEHAVIOUR TYPE over UDP|TCP`. RFC 1035 4.1, 4.2.
"""

import selectors
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass

PORT = 53
DOMAIN = b"hostile.example"
GOOD = "192.0.2.7"      # the address of every right answer
EVIL = "192.0.2.66"     # what a forged answer says
GOOD_6 = "2001:db8::7"
A, NS, CNAME, SOA, AAAA, OPT = 1, 2, 5, 6, 28, 41
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)
_ASKED = b"\xc0\x0c"     # a pointer to the name in the question
_MAX = 65535
_GUESSES = 200         # more may not fit a socket's buffer


def wire(name: bytes) -> bytes:
    """A name on the wire, uncompressed."""
    labels = [label for label in name.split(b".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner: bytes, kind: int, data: bytes, ttl: int = 300) -> bytes:
    """One record of class IN; the owner is on the wire already."""
    return owner + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


@dataclass(frozen=True)
class Query:
    """A query, as it came, and how it came."""

    data: bytes
    over: str  # UDP or TCP

    @property
    def end(self) -> int:
        """Where the question ends."""
        at = 12
        while self.data[at] != 0:
            at += 1 + self.data[at]
        return at + 5

    @property
    def labels(self) -> list[bytes]:
        """The labels of the name that is asked for."""
        at, labels = 12, []
        while size := self.data[at]:
            labels.append(self.data[at + 1:at + 1 + size])
            at += 1 + size
        return labels

    @property
    def behaviour(self) -> str:
        """The first label in front of DOMAIN."""
        return self.labels[-3].decode()

    @property
    def kind(self) -> int:
        """The type asked for."""
        return struct.unpack_from(">H", self.data, self.end - 4)[0]

    @property
    def has_edns(self) -> bool:
        """Whether an OPT record is offered."""
        return self.data[11] > 0

    # What varies in answers has a name; the rest is as it should be.
    def answer(self, *records: bytes, rcode: int = NOERROR,
               flags: int = 0x8580, flip_id: int = 0,
               question: bytes | None = None, count: int | None = None,
               authority: tuple[bytes, ...] = (),
               additional: tuple[bytes, ...] = ()) -> bytes:
        """An answer with these records."""
        (number,) = struct.unpack_from(">H", self.data)
        if question is None:
            question = self.data[12:self.end]
        head = struct.pack(
            ">HHHHHH", number ^ flip_id, flags | rcode, 1,
            len(records) if count is None else count, len(authority),
            len(additional))
        return head + question + b"".join(records + authority + additional)

    def address(self, owner: bytes = b"", last: str = GOOD,
                ttl: int = 300) -> bytes:
        """A record of the type asked for; by default of the name asked for."""
        owner = owner or _ASKED
        if self.kind == AAAA:
            six = GOOD_6 if last == GOOD else "2001:db8::66"
            return record(owner, AAAA, socket.inet_pton(socket.AF_INET6, six),
                          ttl)
        return record(owner, A, socket.inet_aton(last), ttl)

    def good(self, **changes: object) -> bytes:
        """The right answer."""
        return self.answer(self.address(), **changes)

    def evil(self, **changes: object) -> bytes:
        """An answer with an address that must not be believed."""
        return self.answer(self.address(last=EVIL), **changes)


Send = Callable[[bytes], None]


@dataclass(frozen=True)
class Ways:
    """How answers may leave: as they should, or by a socket not asked."""

    here: Send
    other_port: Send
    other_address: Send


def _chain(query: Query, links: int, end: bytes) -> list[bytes]:
    """CNAMEs n0 -> n1 -> …, the first of the name asked for."""
    names = [b"n%d.%s" % (i, DOMAIN) for i in range(links)]
    owners = [_ASKED, *map(wire, names[:-1])]
    targets = [*map(wire, names[:-1]), end]
    return [record(owner, CNAME, target, 60)
            for owner, target in zip(owners, targets)]


def _chained(query: Query, links: int) -> bytes:
    """A chain of so many CNAMEs with an address at its end."""
    end = wire(b"end." + DOMAIN)
    return query.answer(*_chain(query, links, end), query.address(end))


def _step(query: Query, limit: int) -> bytes:
    """One CNAME an answer: to the next number in front of the name."""
    number = int(query.labels[0][1:]) if len(query.labels) == 4 else 0
    if number == limit:
        return query.good()
    behaviour = query.behaviour.encode()
    target = wire(b"n%d.%s.%s" % (number + 1, behaviour, DOMAIN))
    return query.answer(record(_ASKED, CNAME, target))


def _wrong_question(query: Query, **what: object) -> bytes:
    """An evil answer to a question that was not asked."""
    name = what.get("name", b".".join(query.labels))
    question = wire(name) + struct.pack(">HH", what.get("kind", query.kind),
                                        what.get("dns_class", 1))
    return query.evil(question=question)


def _spoof(query: Query, ways: Ways) -> None:
    """Many wrong ids, as one who guesses, and then the right answer."""
    for flip in range(1, _GUESSES + 1):
        ways.here(query.evil(flip_id=flip))
    ways.here(query.good())


def _then_good(forged: Callable[[Query], bytes]) -> "Behaviour":
    """A forged answer first, and then the right one."""
    def behave(query: Query, ways: Ways) -> None:
        ways.here(forged(query))
        ways.here(query.good())
    return behave


def _only(reply: Callable[[Query], bytes]) -> "Behaviour":
    """This answer and no other."""
    return lambda query, ways: ways.here(reply(query))


def _truncated_then(reply: Callable[[Query], bytes | None],
                    framed: bool = True) -> "Behaviour":
    """Truncated by UDP; `reply` by TCP, None for silence.

    With framed=False the reply has its length, or what claims to be, itself.
    """
    def behave(query: Query, ways: Ways) -> None:
        if query.over == "UDP":
            ways.here(query.answer(flags=0x8780))
            return
        message = reply(query)
        if message is not None:
            ways.here(struct.pack(">H", len(message)) + message if framed
                      else message)
    return behave


def _without_edns(rcode: int) -> "Behaviour":
    """An error for a query with EDNS, the right answer for one without."""
    return _only(lambda query: query.answer(rcode=rcode) if query.has_edns
                 else query.good())


def _other(way: str) -> "Behaviour":
    """Evil from where nothing was asked, then the right answer."""
    def behave(query: Query, ways: Ways) -> None:
        getattr(ways, way)(query.evil())
        ways.here(query.good())
    return behave


def _many(query: Query) -> bytes:
    """4000 addresses; the good one first. No record for AAAA."""
    if query.kind == AAAA:
        return query.answer()
    rest = (record(_ASKED, A,
                   struct.pack(">I", 0x0A000000 + i)) for i in range(3999))
    return query.answer(query.address(), *rest)


def _full(query: Query) -> bytes:
    """Exactly 65,535 bytes: an address and one record of filler."""
    start = query.good(count=2)
    filler = _MAX - len(start) - 12
    return start + record(_ASKED, 65280, bytes(filler))


def _loop(query: Query) -> bytes:
    """a -> b -> a."""
    (there, here) = (wire(b"b." + DOMAIN), _ASKED)
    return query.answer(record(here, CNAME, there), record(there, CNAME, here))


_SOA = record(wire(DOMAIN), SOA, b"\0\0" + bytes(20))
_DELEGATION = record(wire(DOMAIN), NS, wire(b"ns." + DOMAIN))
_FOREIGN = wire(b"bank.example")

Behaviour = Callable[[Query, Ways], None]

BEHAVIOURS: dict[str, Behaviour] = {
    "good": _only(Query.good),
    "silence": lambda query, ways: None,
    # Answers that do not belong to the question, before the one that does.
    "wrong-id": _then_good(lambda query: query.evil(flip_id=0x8000)),
    "spoof": _spoof,
    "wrong-name": _then_good(
        lambda query: _wrong_question(query, name=b"bank.example")),
    "wrong-type": _then_good(lambda query: _wrong_question(query, kind=16)),
    "wrong-class": _then_good(
        lambda query: _wrong_question(query, dns_class=3)),
    "changed-case": _then_good(lambda query: _wrong_question(
        query, name=b".".join(query.labels).swapcase())),
    "no-question": _then_good(
        lambda query: query.data[:2] + bytes.fromhex("85800000000100000000")
        + query.address(wire(b".".join(query.labels)), EVIL)),
    "qr-clear": _then_good(lambda query: query.evil(flags=0x0580)),
    "opcode": _then_good(lambda query: query.evil(flags=0x9580)),
    "other-port": _other("other_port"),
    "other-address": _other("other_address"),
    "empty": _then_good(lambda query: b""),
    "echo": _then_good(lambda query: query.data),
    # Malformed, before the right answer; and nothing else.
    "half-header": _then_good(lambda query: query.data[:6]),
    "forward-pointer": _then_good(
        lambda query: query.answer(query.address(b"\xc0\xff", EVIL),
                                   additional=(bytes(255),))),
    "pointer-loop": _then_good(lambda query: query.answer(
        query.address(struct.pack(">H", 0xC000 | query.end), EVIL))),
    "short-address": _then_good(
        lambda query: query.answer(record(_ASKED, query.kind, b"123"))),
    "cut": _then_good(lambda query: query.evil()[:-1]),
    "10000-records": _then_good(lambda query: query.evil(count=10000)),
    "only-malformed": _only(lambda query: query.evil(count=2)),
    "only-wrong-id": _only(lambda query: query.evil(flip_id=1)),
    "only-forward-pointer": _only(
        lambda query: query.answer(query.address(b"\xc0\xff", EVIL))),
    # By TCP.
    "tcp": _truncated_then(Query.good),
    "tcp-bytewise": _truncated_then(Query.good),
    "tcp-64k": _truncated_then(_full),
    "tcp-4000": _truncated_then(_many),
    "tcp-garbage": _truncated_then(lambda query: b"\xff" * 100),
    "tcp-silent": _truncated_then(lambda query: None),
    "tcp-closes": _truncated_then(lambda query: b"", framed=False),
    "tcp-long-length": _truncated_then(
        lambda query: b"\xff\xff" + query.good(), framed=False),
    "tcp-short-length": _truncated_then(
        lambda query: b"\x00\x10" + query.good(), framed=False),
    "tcp-zero-length": _truncated_then(lambda query: b""),
    "tcp-wrong-id": _truncated_then(lambda query: query.evil(flip_id=1)),
    "tcp-truncated": _truncated_then(
        lambda query: query.answer(flags=0x8780)),
    # Chains and foreign records.
    "cname-loop": _only(_loop),
    "cname-self": _only(lambda query: query.answer(
        record(_ASKED, CNAME, _ASKED))),
    "cname-8": _only(lambda query: _chained(query, 8)),
    "cname-9": _only(lambda query: _chained(query, 9)),
    "step-8": _only(lambda query: _step(query, 8)),
    "step-9": _only(lambda query: _step(query, 9)),
    "foreign": _only(lambda query: query.answer(
        query.address(_FOREIGN, EVIL), query.address(),
        additional=(query.address(_FOREIGN, EVIL),))),
    "only-foreign": _only(
        lambda query: query.answer(query.address(_FOREIGN, EVIL))),
    "foreign-cname": _only(lambda query: query.answer(
        record(_FOREIGN, CNAME, wire(b"evil.example")),
        query.address(wire(b"evil.example"), EVIL), query.address())),
    "in-authority": _only(lambda query: query.answer(
        authority=(query.address(last=EVIL), _SOA))),
    # Lifetimes.
    "ttl-0": _only(lambda query: query.answer(query.address(ttl=0))),
    "ttl-2147483647": _only(
        lambda query: query.answer(query.address(ttl=0x7FFFFFFF))),
    "ttl-2147483648": _only(
        lambda query: query.answer(query.address(ttl=0x80000000))),
    "ttl-4294967295": _only(
        lambda query: query.answer(query.address(ttl=0xFFFFFFFF))),
    # Codes.
    "formerr-edns": _without_edns(FORMERR),
    "notimp-edns": _without_edns(NOTIMP),
    "formerr": _only(lambda query: query.answer(rcode=FORMERR)),
    "servfail": _only(lambda query: query.answer(rcode=SERVFAIL)),
    "notimp": _only(lambda query: query.answer(rcode=NOTIMP)),
    "refused": _only(lambda query: query.answer(rcode=REFUSED)),
    "rcode-11": _only(lambda query: query.answer(rcode=11)),
    "nxdomain": _only(
        lambda query: query.answer(rcode=NXDOMAIN, authority=(_SOA,))),
    "no-data": _only(lambda query: query.answer(authority=(_SOA,))),
    "referral": _only(lambda query: query.answer(
        flags=0x8180, authority=(_DELEGATION,))),
    "unusable": _only(lambda query: query.answer(record(
        _ASKED, query.kind, bytes(16 if query.kind == AAAA else 4)))),
}


class Server:
    """The sockets of one address."""

    def __init__(self, address: str, other: str) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.udp = self._bound(family, address, PORT)
        self._other_port = self._bound(family, address, 0)
        self._other_address = (self._bound(family, other, PORT) if other
                               else self._other_port)
        self.tcp = socket.create_server((address, PORT), family=family)

    @staticmethod
    def _bound(family: int, address: str, port: int) -> socket.socket:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        return sock

    def on_datagram(self) -> None:
        """Answers one datagram."""
        data, peer = self.udp.recvfrom(_MAX)

        def via(sock: socket.socket) -> Send:
            def send(message: bytes) -> None:
                sock.sendto(message, peer)
            return send
        _behave(Query(data, "UDP"), Ways(
            via(self.udp), via(self._other_port), via(self._other_address)))

    def on_connection(self) -> socket.socket | None:
        """Answers one query; the connection when it is to stay open."""
        connection, _ = self.tcp.accept()
        connection.settimeout(2)
        stream = connection.makefile("rb")
        length = stream.read(2)
        query = Query(stream.read(struct.unpack(">H", length)[0]), "TCP")

        def send(message: bytes) -> None:
            if query.behaviour == "tcp-bytewise":
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY,
                                      1)
                for i in range(len(message)):
                    connection.sendall(message[i:i + 1])
            else:
                connection.sendall(message)
        _behave(query, Ways(send, send, send))
        if query.behaviour in ("tcp-silent", "tcp-long-length"):
            return connection
        connection.close()
        return None


def _behave(query: Query, ways: Ways) -> None:
    """Does what the name asked for says."""
    print("query", query.behaviour, query.kind, "over", query.over,
          flush=True)
    BEHAVIOURS[query.behaviour](query, ways)


def serve(addresses: list[str]) -> None:
    """Answers until the process is ended."""
    selector = selectors.DefaultSelector()
    kept = []  # connections that are never answered
    for pair in addresses:
        address, _, other = pair.partition(",")
        server = Server(address, other)
        selector.register(server.udp, selectors.EVENT_READ,
                          server.on_datagram)
        selector.register(server.tcp, selectors.EVENT_READ,
                          server.on_connection)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            try:
                kept.append(key.data())
            except (OSError, LookupError, ValueError, struct.error) as error:
                print("dropped:", repr(error), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1:])
