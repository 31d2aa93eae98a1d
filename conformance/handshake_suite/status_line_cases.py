# SPDX-License-Identifier: Apache-2.0
"""First lines that are not exactly `HTTP/1.1 101`."""

from conformance.handshake_suite.answers import Answer, head, refused

_VERSION = "the status line must begin with \"HTTP/1.1 \""
_CODE = "the status code must be three digits, 100 to 599, and one space"
_LINE = "RFC 9112 2.3, 4"
_CUT = ("the connection was closed before the empty line", "RFC 9112 8")


def _status(name: str, status: bytes, rule: str, section: str) -> Answer:
    return refused(name, head(status=status), "line 1:", rule, section)


CASES = [
    *(_status(name, status, _VERSION, _LINE) for name, status in [
        ("HTTP/2", b"HTTP/2 101 Switching Protocols"),
        ("HTTP/2.0", b"HTTP/2.0 101 Switching Protocols"),
        ("HTTP/1.2", b"HTTP/1.2 101 Switching Protocols"),
        ("HTTP/1.10", b"HTTP/1.10 101 Switching Protocols"),
        ("HTTP/1.01", b"HTTP/1.01 101 Switching Protocols"),
        ("HTTP/01.1", b"HTTP/01.1 101 Switching Protocols"),
        ("HTTP/11", b"HTTP/11 101 Switching Protocols"),
        ("HTTP/1", b"HTTP/1 101 Switching Protocols"),
        ("HTTP/1.", b"HTTP/1. 101 Switching Protocols"),
        ("HTTP/1,1", b"HTTP/1,1 101 Switching Protocols"),
        ("HTTP/0.9", b"HTTP/0.9 101 Switching Protocols"),
        ("lower-case http", b"http/1.1 101 Switching Protocols"),
        ("mixed-case Http", b"Http/1.1 101 Switching Protocols"),
        ("another protocol", b"ICY/1.1 101 Switching Protocols"),
        ("HTTPS", b"HTTPS/1.1 101 Switching Protocols"),
        ("no protocol", b"101 Switching Protocols"),
        ("space before HTTP", b" HTTP/1.1 101 Switching Protocols"),
        ("tab before HTTP", b"\tHTTP/1.1 101 Switching Protocols"),
        ("space inside", b"HTTP /1.1 101 Switching Protocols"),
        ("byte order mark", b"\xef\xbb\xbfHTTP/1.1 101 Switching Protocols"),
        ("tab after the version", b"HTTP/1.1\t101 Switching Protocols"),
        ("no space after the version", b"HTTP/1.1101 Switching Protocols"),
        ("version alone", b"HTTP/1.1"),
        ("a request", b"GET / HTTP/1.1"),
    ]),
    *(_status(name, status, _CODE, "RFC 9112 4") for name, status in [
        ("1010", b"HTTP/1.1 1010 Switching Protocols"),
        ("0101", b"HTTP/1.1 0101 Switching Protocols"),
        ("+101", b"HTTP/1.1 +101 Switching Protocols"),
        ("-101", b"HTTP/1.1 -101 Switching Protocols"),
        ("10", b"HTTP/1.1 10 Switching Protocols"),
        ("1", b"HTTP/1.1 1 Switching Protocols"),
        ("101.0", b"HTTP/1.1 101.0 Switching Protocols"),
        ("1O1", b"HTTP/1.1 1O1 Switching Protocols"),
        ("0x65", b"HTTP/1.1 0x65 Switching Protocols"),
        ("wide digits", "HTTP/1.1 \uff11\uff10\uff11 Switching".encode()),
        ("600", b"HTTP/1.1 600 Switching Protocols"),
        ("099", b"HTTP/1.1 099 Switching Protocols"),
        ("two spaces before the code", b"HTTP/1.1  101 Switching Protocols"),
        ("tab after the code", b"HTTP/1.1 101\tSwitching Protocols"),
        ("no code", b"HTTP/1.1 Switching Protocols"),
        ("no space after the code", b"HTTP/1.1 101"),
        ("space and no code", b"HTTP/1.1 "),
    ]),
    *(_status(name, status,
              "exactly one space must come before the reason phrase",
              "RFC 9112 4") for name, status in [
        ("two spaces after the code", b"HTTP/1.1 101  Switching Protocols"),
        ("space and tab after the code", b"HTTP/1.1 101 \tSwitching"),
        ("nothing but two spaces after the code", b"HTTP/1.1 101  "),
    ]),
    refused("HTTP/1.0", head(status=b"HTTP/1.0 101 Switching Protocols"),
            "a 101 must be HTTP/1.1", "RFC 6455 4.2.2", "HTTP/1.0"),
    refused("empty line first", b"\r\n" + head(), "line 1:",
            "the status line must come first", "RFC 9112 2.1"),
    refused("two empty lines first", b"\r\n\r\n" + head(), "line 1:",
            "the status line must come first", "RFC 9112 2.1"),
    refused("bare LF first", b"\n" + head(), "line 1:",
            "a line must end in CR LF", "RFC 9112 2.2"),
    refused("header line first", b"Server: x\r\n" + head(), "line 1:",
            _VERSION, _LINE),
    refused("blank line first", b" \r\n" + head(), "line 1:", _VERSION,
            _LINE),
    refused("HTTP/0.9, a body alone", b"<html>OVOC</html>\r\n", "line 1:",
            _VERSION, _LINE),
    refused("HTTP/0.9 without a line end", b"<html>OVOC</html>", *_CUT,
            hangs_up=True),
    refused("HTTP/2 settings frame",
            b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
            "control bytes are not allowed", "RFC 9112 4"),
    refused("TLS alert", b"\x15\x03\x01\x00\x02\x02\x46",
            "control bytes are not allowed", "RFC 9112 4"),
    refused("a frame in place of an answer", b"\x82\x00",
            "control bytes are not allowed", "RFC 9112 4"),
]
