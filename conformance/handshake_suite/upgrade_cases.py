# SPDX-License-Identifier: Apache-2.0
"""The fields of a 101: what RFC 6455 4.1 and the OVOC tunnel ask of them."""

from conformance.handshake_suite.answers import (
    ACCEPT, FIELDS, STATUS, SWAPPED_ACCEPT, WRONG_ACCEPT, Answer, accepted,
    head, refused)

_ACCEPT_NAME = b"Sec-WebSocket-Accept: "


def _once(field: str, count: int) -> tuple[str, ...]:
    """The words of the rule that a field must occur exactly once."""
    found = f"{count} of them" if count else "none"
    return (f"{field} must occur exactly once", f"found {found}")


def _twice(key: str) -> bytes:
    """The line of a field, two times."""
    return FIELDS[key] + b"\r\n" + FIELDS[key]


def _upgrade(name: str, value: bytes) -> Answer:
    return refused(f"Upgrade is {name}", head(upgrade=b"Upgrade: " + value),
                   "Upgrade must be the word websocket", "RFC 6455 4.1")


def _connection(name: str, value: bytes) -> Answer:
    return refused(f"Connection {name}",
                   head(connection=b"Connection: " + value),
                   "Connection must contain the token Upgrade", "RFC 6455 4.1")


def _accept(name: str, value: bytes) -> Answer:
    return refused(f"Accept {name}", head(accept=_ACCEPT_NAME + value),
                   "Sec-WebSocket-Accept must be the digest of our key",
                   "RFC 6455 4.1")


def _protocol(name: str, value: bytes) -> Answer:
    return refused(f"subprotocol {name}",
                   head(protocol=b"Sec-WebSocket-Protocol: " + value),
                   "Sec-WebSocket-Protocol must be the one offered",
                   "RFC 6455 4.1")


def _absent(name: str, line: bytes, section: str) -> Answer:
    field = line.split(b":")[0].decode()
    return refused(name, head(line), f"{field} must not be present", section)


_UPGRADE = [
    refused("no Upgrade", head(without="upgrade"), *_once("Upgrade", 0),
            "RFC 6455 4.1"),
    refused("Upgrade twice", head(upgrade=_twice("upgrade")),
            *_once("Upgrade", 2), "RFC 6455 4.1"),
    refused("Upgrade twice, the second at the end",
            head(b"upgrade: h2c"), *_once("Upgrade", 2), "RFC 6455 4.1"),
    _upgrade("a list", b"websocket, h2c"),
    _upgrade("a list with the word last", b"h2c, websocket"),
    _upgrade("a list with one element", b"websocket,"),
    _upgrade("another word", b"h2c"),
    _upgrade("a longer word", b"websockets"),
    _upgrade("a shorter word", b"websocke"),
    _upgrade("a word with a version", b"websocket/13"),
    _upgrade("in quotes", b"\"websocket\""),
    _upgrade("empty", b""),
    refused("no Connection", head(without="connection"),
            "Connection must be present", "no such field", "RFC 6455 4.1"),
    refused("Connection twice, neither with the token",
            head(b"Connection: close", connection=b"Connection: keep-alive"),
            "Connection must contain the token Upgrade",
            '"keep-alive, close"', "RFC 6455 4.1"),
    refused("Connection twice, one with blanks for a comma",
            head(b"Connection: a b"), "Connection must be a list of tokens",
            "RFC 9110 7.6.1"),
    _connection("without the token", b"keep-alive"),
    _connection("closes", b"close"),
    _connection("with a longer token", b"Upgrades"),
    _connection("with the token inside another", b"not-upgrade"),
    _connection("empty", b""),
    _connection("of commas", b",,"),
    refused("Connection with blanks for a comma",
            head(connection=b"Connection: keep-alive Upgrade"),
            "Connection must be a list of tokens", "RFC 9110 7.6.1"),
    refused("Connection in quotes",
            head(connection=b"Connection: \"Upgrade\""),
            "Connection must be a list of tokens", "RFC 9110 7.6.1"),
    refused("Connection with semicolons",
            head(connection=b"Connection: Upgrade; a=b"),
            "Connection must be a list of tokens", "RFC 9110 7.6.1"),
]

_ACCEPTS = [
    refused("no Accept", head(without="accept"),
            *_once("Sec-WebSocket-Accept", 0), "RFC 6455 4.1"),
    refused("Accept twice, equal", head(accept=_twice("accept")),
            *_once("Sec-WebSocket-Accept", 2), "RFC 6455 4.1"),
    refused("Accept twice, the second wrong",
            head(_ACCEPT_NAME + WRONG_ACCEPT),
            *_once("Sec-WebSocket-Accept", 2), "RFC 6455 4.1"),
    refused("Accept twice, the first wrong",
            head(FIELDS["accept"], accept=_ACCEPT_NAME + WRONG_ACCEPT),
            *_once("Sec-WebSocket-Accept", 2), "RFC 6455 4.1"),
    _accept("one byte off", WRONG_ACCEPT),
    _accept("in the other case", SWAPPED_ACCEPT),
    _accept("with junk behind", ACCEPT + b"x"),
    _accept("with padding behind", ACCEPT + b"="),
    _accept("with junk before", b"x" + ACCEPT),
    _accept("twice in one line", ACCEPT + b"," + ACCEPT),
    _accept("in quotes", b"\"" + ACCEPT + b"\""),
    _accept("of another key", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    _accept("empty", b""),
]

_NEGOTIATED = [
    _protocol("nobody asked for", b"chat"),
    _protocol("in another case", b"OVOC.audiocodes.com"),
    _protocol("twice in one line",
              b"ovoc.audiocodes.com, ovoc.audiocodes.com"),
    _protocol("with a second in one line", b"ovoc.audiocodes.com, chat"),
    _protocol("with junk behind", b"ovoc.audiocodes.com2"),
    _protocol("empty", b""),
    refused("a second subprotocol, equal",
            head(protocol=_twice("protocol")),
            "Sec-WebSocket-Protocol must occur at most once",
            "RFC 6455 11.3.4"),
    refused("a second subprotocol, another",
            head(b"Sec-WebSocket-Protocol: chat"),
            "Sec-WebSocket-Protocol must occur at most once",
            "RFC 6455 11.3.4"),
    _absent("an extension", b"Sec-WebSocket-Extensions: permessage-deflate",
            "RFC 6455 4.1"),
    _absent("an extension nobody knows", b"Sec-WebSocket-Extensions: x-y",
            "RFC 6455 4.1"),
    _absent("an empty extension", b"Sec-WebSocket-Extensions:",
            "RFC 6455 4.1"),
]

_BODIES = [
    _absent("Content-Length", b"Content-Length: 5", "RFC 9110 8.6"),
    _absent("Content-Length 0", b"Content-Length: 0", "RFC 9110 8.6"),
    _absent("Content-Length without a number", b"Content-Length:",
            "RFC 9110 8.6"),
    _absent("Transfer-Encoding", b"Transfer-Encoding: chunked",
            "RFC 9112 6.1"),
    _absent("Transfer-Encoding identity", b"Transfer-Encoding: identity",
            "RFC 9112 6.1"),
]


def _ip(name: str, value: bytes, *words: str) -> Answer:
    return refused(f"overlay address {name}",
                   head(ip=b"X-Audc-OverlayIP: " + value), *words)


def _prefix(name: str, value: bytes) -> Answer:
    return refused(f"overlay prefix {name}",
                   head(prefix=b"X-Audc-OverlayPrefix: " + value),
                   "X-Audc-OverlayPrefix must be a decimal number 16 to 30")


_QUAD = ("X-Audc-OverlayIP must be four decimal numbers", "RFC 3986 3.2.2")
_RANGE = "the address must lie inside the configured overlay range"
_UNICAST = ("the address must be unicast", "RFC 1122 3.2.1.3")

_OVERLAY = [
    refused("no overlay address", head(without="ip"),
            *_once("X-Audc-OverlayIP", 0)),
    refused("overlay address twice", head(ip=_twice("ip")),
            *_once("X-Audc-OverlayIP", 2)),
    refused("no overlay prefix", head(without="prefix"),
            *_once("X-Audc-OverlayPrefix", 0)),
    refused("overlay prefix twice", head(prefix=_twice("prefix")),
            *_once("X-Audc-OverlayPrefix", 2)),
    refused("neither overlay field", head(without="ip", prefix=b"X-Odd: 1"),
            *_once("X-Audc-OverlayIP", 0)),
    _ip("empty", b"", *_QUAD),
    _ip("with a prefix", b"169.254.0.2/18", *_QUAD),
    _ip("of three numbers", b"169.254.2", *_QUAD),
    _ip("of five numbers", b"169.254.0.2.1", *_QUAD),
    _ip("with 256", b"169.254.0.256", *_QUAD),
    _ip("with a leading zero", b"169.254.0.02", *_QUAD),
    _ip("in hexadecimal", b"0xa9fe0002", *_QUAD),
    _ip("of IPv6", b"fe80::2", *_QUAD),
    _ip("of another range", b"192.168.1.2", _RANGE, "169.254.0.0/18"),
    _ip("just above the range", b"169.255.0.2", _RANGE),
    _ip("just above the default range", b"169.254.64.1", _RANGE),
    _ip("of the clouds' metadata", b"169.254.169.254", "169.254.169.0/24",
        "metadata"),
    _ip("of a cloud's name server", b"169.254.169.253", "169.254.169.0/24"),
    _ip("multicast", b"224.0.0.1", *_UNICAST),
    _ip("loopback", b"127.0.0.2", *_UNICAST),
    _ip("nothing", b"0.0.0.0", *_UNICAST),
    _ip("broadcast", b"255.255.255.255", *_UNICAST),
    _ip("OVOC's own", b"169.254.0.1", "the address must not be OVOC's own"),
    _ip("the network's", b"169.254.0.0", "the network address"),
    _ip("the broadcast's", b"169.254.63.255", "the broadcast address"),
    _prefix("15", b"15"),
    _prefix("31", b"31"),
    _prefix("32", b"32"),
    _prefix("0", b"0"),
    _prefix("negative", b"-18"),
    _prefix("with a sign", b"+18"),
    _prefix("with a leading zero", b"018"),
    _prefix("in hexadecimal", b"0x12"),
    _prefix("huge", b"4294967314"),
    _prefix("as a mask", b"255.255.192.0"),
    _prefix("empty", b""),
    accepted("overlay prefix 16",
             head(prefix=b"X-Audc-OverlayPrefix: 16")),
    accepted("overlay prefix 30",
             head(prefix=b"X-Audc-OverlayPrefix: 30")),
]

_RIGHT = [
    accepted("as AudioCodes' server says it", head()),
    accepted("no subprotocol", head(without="protocol")),
    accepted("header names in lower case, as behind HAProxy",
             b"\r\n".join([STATUS, *(
                 line.partition(b":")[0].lower() + b":"
                 + line.partition(b":")[2] for line in FIELDS.values())])
             + b"\r\n\r\n"),
    accepted("header names in upper case",
             b"\r\n".join([STATUS, *(
                 line.partition(b":")[0].upper() + b":"
                 + line.partition(b":")[2] for line in FIELDS.values())])
             + b"\r\n\r\n"),
    accepted("headers in the other order",
             b"\r\n".join([STATUS, *reversed(FIELDS.values())])
             + b"\r\n\r\n"),
    accepted("as nginx says it",
             head(status=STATUS + b"\r\nServer: nginx/1.22.1"
                  b"\r\nDate: Tue, 24 Nov 2026 10:00:00 GMT",
                  connection=b"Connection: upgrade")),
    accepted("Upgrade in another case", head(upgrade=b"Upgrade: WebSocket")),
    accepted("Connection with another option",
             head(connection=b"Connection: keep-alive, Upgrade")),
    accepted("Connection with empty elements",
             head(connection=b"Connection: ,UPGRADE , ,")),
    accepted("Connection twice", head(connection=_twice("connection"))),
    accepted("Connection twice, one without the token, as behind nginx with "
             "add_header Connection", head(b"Connection: keep-alive")),
    accepted("Connection three times, the token last",
             head(b"connection: Upgrade",
                  connection=b"Connection:\r\nConnection: close")),
    accepted("a version nobody asked about",
             head(b"Sec-WebSocket-Version: 13")),
]

CASES = [*_UPGRADE, *_ACCEPTS, *_NEGOTIATED, *_BODIES, *_OVERLAY, *_RIGHT]
