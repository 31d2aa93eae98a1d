# SPDX-License-Identifier: Apache-2.0
"""Answers with another status than 101, interim ones among them."""

from conformance.handshake_suite.answers import (
    LOGIN, NO_FREE_ADDRESS, PROTOCOL, Answer, head, plain, refused)

_CONTINUE = plain(b"HTTP/1.1 100 Continue")
_INTERIM = ("the first status must be 101 or final", "RFC 6455 4.1",
            "RFC 9110 10.1.1")


def _status(code: int, reason: str, exit_code: int = PROTOCOL, *,
            version: str = "HTTP/1.1", lines: tuple[bytes, ...] = (),
            body: bytes = b"") -> Answer:
    line = f"{version} {code} {reason}".encode()
    return refused(f"{version} {code} {reason}", plain(line, *lines,
                                                       body=body),
                   f"HTTP {code} {reason}", exit_code=exit_code)


_LOCATION = b"Location: http://127.0.0.1:1/elsewhere"

CASES = [
    _status(401, "Unauthorized", LOGIN,
            lines=(b"WWW-Authenticate: Basic realm=\"OVOC\"",)),
    _status(401, "No", LOGIN, version="HTTP/1.0"),
    _status(409, "Conflict", NO_FREE_ADDRESS),
    _status(409, "Too Many Peers", NO_FREE_ADDRESS, version="HTTP/1.0"),
    _status(409, "Too Many Peers behind nginx", NO_FREE_ADDRESS,
            lines=(b"Transfer-Encoding: chunked",), body=b"0\r\n\r\n"),
    *(_status(code, reason, lines=(_LOCATION,)) for code, reason in [
        (300, "Multiple Choices"), (301, "Moved Permanently"),
        (302, "Found"), (303, "See Other"), (307, "Temporary Redirect"),
        (308, "Permanent Redirect")]),
    *(_status(code, reason) for code, reason in [
        (200, "OK"), (204, "No Content"), (299, "Odd"), (304, "Not Modified"),
        (400, "Bad Request"), (402, "Payment Required"), (403, "Forbidden"),
        (404, "Not Found"), (405, "Method Not Allowed"),
        (407, "Proxy Authentication Required"), (408, "Request Timeout"),
        (413, "Content Too Large"), (426, "Upgrade Required"),
        (429, "Too Many Requests"), (431, "Request Header Fields Too Large"),
        (500, "Internal Server Error"), (502, "Bad Gateway"),
        (503, "Service Unavailable"), (504, "Gateway Timeout"),
        (599, "Odd")]),
    _status(502, "Bad Gateway with a body",
            lines=(b"Content-Length: 5",), body=b"sorry"),
    refused("a 200 with every field of a 101",
            head(status=b"HTTP/1.1 200 OK"), "HTTP 200 OK"),
    refused("a 401 without a reason", plain(b"HTTP/1.1 401 "), "HTTP 401",
            exit_code=LOGIN),
    refused("a 401 with a broken header line",
            plain(b"HTTP/1.1 401 Unauthorized", b"X Odd: 1"),
            "a header name must be a token", "RFC 9110 5.1"),
    refused("a 401 that is cut short", b"HTTP/1.1 401 Unauthorized\r\n",
            "the connection was closed before the empty line", "RFC 9112 8",
            hangs_up=True),
    refused("a reason with bytes above 0x7f, shown without them",
            plain(b"HTTP/1.1 404 \xe4\x1b".replace(b"\x1b", b"\x9b")),
            "HTTP 404 ??"),
    refused("100 alone", _CONTINUE, *_INTERIM, "100 Continue"),
    refused("101 after a 100", _CONTINUE + head(), *_INTERIM, "100 Continue"),
    refused("101 after a 100 in HTTP/1.0",
            _CONTINUE.replace(b"1.1", b"1.0") + head(), *_INTERIM),
    refused("101 after a 102", plain(b"HTTP/1.1 102 Processing") + head(),
            *_INTERIM, "102 Processing"),
    refused("101 after a 103", plain(b"HTTP/1.1 103 Early Hints",
                                     b"Link: </a>") + head(),
            *_INTERIM, "103 Early Hints"),
    refused("199", plain(b"HTTP/1.1 199 Odd"), *_INTERIM, "199 Odd"),
    refused("401 after a 100",
            _CONTINUE + plain(b"HTTP/1.1 401 Unauthorized"), *_INTERIM),
    refused("101 after a 200", plain(b"HTTP/1.1 200 OK",
                                     b"Content-Length: 0") + head(),
            "HTTP 200 OK"),
]
