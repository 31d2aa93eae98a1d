# SPDX-License-Identifier: Apache-2.0
"""Header lines that break the grammar, and odd ones that do not."""

from conformance.handshake_suite.answers import (
    ACCEPT, FIELDS, MAX_HEAD_BYTES, MAX_HEADER_LINES, STATUS, accepted, head,
    refused)

_CONTROL = ("control bytes are not allowed", "RFC 9110 5.5")
_BARE_LF = ("a line must end in CR LF", "RFC 9112 2.2", "a bare LF")
_BARE_CR = ("CR must be followed by LF", "RFC 9112 2.2")
_COLON = ("a header line must have a colon", "RFC 9112 5")
_TOKEN = ("a header name must be a token", "RFC 9110 5.1")
_BEFORE_COLON = ("white space must not come before the colon", "RFC 9112 5.1")
_FOLD = ("a line must not begin with white space", "folding: 5.2")
_CUT = ("the connection was closed before the empty line", "RFC 9112 8")

# Bytes of a name that are no tchar (RFC 9110 5.6.2), without controls.
_NO_TOKEN_CHARS = b' "(),/;<=>?@[\\]{}\x80\xe4\xff'
_CONTROLS = [byte for byte in range(0x20) if byte not in b"\t\r\n"] + [0x7f]


def _padded(size: int) -> bytes:
    """A right head of exactly `size` bytes."""
    bare = len(_known_size(head(b"X-Pad: ")))
    return head(b"X-Pad: " + b"a" * (size - bare))


def _known_size(data: bytes) -> bytes:
    """`data` with an Accept value's 28 characters in place of ACCEPT."""
    return data.replace(ACCEPT, b"x" * 28)


def _lines(count: int) -> bytes:
    """A right head of `count` header lines."""
    return head(*(b"X-%d: y" % i for i in range(count - len(FIELDS))))


_GRAMMAR = [
    refused("space before the colon", head(b"X-Odd : 1"), *_BEFORE_COLON),
    refused("tab before the colon", head(b"X-Odd\t: 1"), *_BEFORE_COLON),
    refused("space before the colon of Upgrade",
            head(upgrade=b"Upgrade : websocket"), *_BEFORE_COLON),
    refused("space before the colon of Content-Length",
            head(b"Content-Length : 5"), *_BEFORE_COLON),
    refused("folded with a space", head(b"X-Odd: a", b" b"), *_FOLD),
    refused("folded with a tab", head(b"X-Odd: a", b"\tb"), *_FOLD),
    refused("Upgrade folded", head(upgrade=b"Upgrade:\r\n websocket"), *_FOLD),
    refused("a fold before the first header line",
            head(status=STATUS + b"\r\n X-Odd: 1"), *_FOLD),
    refused("a line of one space", head(b" "), *_FOLD),
    refused("no colon", head(b"X-Odd"), *_COLON),
    refused("no colon but a space", head(b"X-Odd 1"), *_COLON),
    refused("a second status line", head(STATUS), *_COLON),
    refused("empty name", head(b": 1"), "a header name must not be empty",
            "RFC 9112 5"),
    refused("a colon alone", head(b":"), "a header name must not be empty",
            "RFC 9112 5"),
    *(refused(f"name with 0x{byte:02x}", head(b"X%cY: 1" % byte), *_TOKEN)
      for byte in _NO_TOKEN_CHARS),
    refused("name in quotes", head(b"\"Upgrade\": websocket"), *_TOKEN),
]

_BYTES = [
    *(refused(f"control 0x{byte:02x} in a name", head(b"X%cY: 1" % byte),
              *_CONTROL) for byte in _CONTROLS),
    *(refused(f"control 0x{byte:02x} in a value", head(b"X-Odd: a%cb" % byte),
              *_CONTROL) for byte in _CONTROLS),
    refused("NUL in the status line",
            head(status=b"HTTP/1.1 101 Switching\0Protocols"), *_CONTROL),
    refused("NUL in Upgrade", head(upgrade=b"Upgrade: websocket\0"),
            *_CONTROL),
    refused("NUL behind the Accept",
            head(accept=b"Sec-WebSocket-Accept: " + ACCEPT + b"\0"),
            *_CONTROL),
    refused("bare CR in a value", head(b"X-Odd: a\rb"), *_BARE_CR),
    refused("bare CR in a name", head(b"X-\rOdd: 1"), *_BARE_CR),
    refused("bare CR as a line end", head(b"X-Odd: a\rX-Two: b"), *_BARE_CR),
    refused("bare CR in the status line",
            head(status=b"HTTP/1.1 101 Switching\rProtocols"), *_BARE_CR),
    refused("two CR before the LF", head(b"X-Odd: a\r"), *_BARE_CR),
    refused("CR CR in place of the empty line",
            head().removesuffix(b"\r\n\r\n") + b"\r\r", *_BARE_CR),
    refused("bare LF after the status line",
            head().replace(b"\r\n", b"\n", 1), *_BARE_LF),
    refused("bare LF after a header line", head(b"X-Odd: a\nX-Two: b"),
            *_BARE_LF),
    refused("bare LF everywhere", head().replace(b"\r\n", b"\n"), *_BARE_LF),
    refused("bare LF in place of the empty line",
            head().removesuffix(b"\r\n") + b"\n", *_BARE_LF),
    refused("LF CR as a line end", head(b"X-Odd: a\n\rX-Two: b"), *_BARE_LF),
]

_CUT_SHORT = [
    refused("nothing at all", b"",
            "closed the connection without an answer", hangs_up=True),
    *(refused(f"cut after {size} bytes", head()[:size], *_CUT,
              f"{size} bytes", hangs_up=True)
      for size in (1, 4, 9, 12, 13, 32, 33, 34, 40, 53, 60, 90)),
    refused("cut before the last LF", head()[:-1], *_CUT, hangs_up=True),
    refused("cut before the empty line", head()[:-2], *_CUT, hangs_up=True),
    refused("cut inside the last line end", head()[:-3], *_CUT,
            hangs_up=True),
    refused("cut before the last line's end", head()[:-4], *_CUT,
            hangs_up=True),
]

_SIZES = [
    accepted(f"a head of {MAX_HEAD_BYTES} bytes", _padded(MAX_HEAD_BYTES)),
    refused(f"a head of {MAX_HEAD_BYTES + 1} bytes",
            _padded(MAX_HEAD_BYTES + 1), "the head may have at most 16384",
            "our limit"),
    refused("a value that never ends", head(b"X-Odd: " + b"a" * 200_000),
            "the head may have at most 16384", "our limit"),
    refused("a reason that never ends",
            head(status=STATUS + b"s" * 200_000),
            "the head may have at most 16384", "our limit"),
    refused("a name that never ends", head(b"a" * 200_000),
            "the head may have at most 16384", "our limit"),
    accepted(f"{MAX_HEADER_LINES} header lines", _lines(MAX_HEADER_LINES)),
    refused(f"{MAX_HEADER_LINES + 1} header lines",
            _lines(MAX_HEADER_LINES + 1), "at most 64 header lines",
            "our limit"),
    refused("3000 header lines", _lines(3000), "at most 64 header lines",
            "our limit"),
]

_ODD_BUT_RIGHT = [
    accepted("no white space after the colons",
             head().replace(b": ", b":")),
    accepted("tabs and spaces around the values",
             head().replace(b": ", b":\t  ").replace(b"\r\nC", b" \t\r\nC")),
    accepted("an unknown header without a value", head(b"X-Odd:")),
    accepted("an unknown header twice", head(b"X-Odd: 1", b"X-Odd: 2")),
    accepted("an unknown header with a tab inside", head(b"X-Odd: a\tb")),
    accepted("an unknown header with bytes above 0x7f",
             head(b"X-Odd: \x80\xe4\xff")),
    accepted("every character that a name may have",
             head(b"!#$%&'*+-.^_`|~09azAZ: 1")),
    accepted("colons in a value", head(b"X-Odd: a:b::c")),
    accepted("no reason", head(status=b"HTTP/1.1 101 ")),
    accepted("another reason", head(status=b"HTTP/1.1 101 \xfcber!")),
    accepted("Server, Date and a cookie",
             head(b"Server: nginx/1.22.1",
                  b"Date: Tue, 24 Nov 2026 10:00:00 GMT",
                  b"Set-Cookie: a=b")),
]

CASES = [*_GRAMMAR, *_BYTES, *_CUT_SHORT, *_SIZES, *_ODD_BUT_RIGHT]
