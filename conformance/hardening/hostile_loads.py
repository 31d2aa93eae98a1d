# SPDX-License-Identifier: Apache-2.0
"""What a hostile OVOC, or another device through it, sends to a client."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

_OVOC = bytes([169, 254, 0, 1])
_DEVICE = bytes([169, 254, 0, 2])
_BLOCK_BYTES = 1 << 16
_UDP = 17


@dataclass(frozen=True)
class Load:
    """A block that is sent again and again, and how."""

    block: bytes
    block_units: int      # frames (or bytes of a payload) in a block
    first: bytes = b""    # sent once, before
    timed: bool = True    # pings can be put between two blocks
    reads: bool = True    # whether the peer reads what the client sends
    one_byte: bool = False    # a TLS record for each byte
    head_pause: float = 0.0   # seconds behind each byte of the 101


def frame(payload: bytes, first_byte: int = 0x82) -> bytes:
    """A frame as a server sends it (RFC 6455 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes([first_byte, size]) + payload
    return bytes([first_byte, 126]) + size.to_bytes(2, "big") + payload


def repeated(*frames: bytes, **options: object) -> Load:
    """A load of a few frames, over and over."""
    once = b"".join(frames)
    times = max(1, _BLOCK_BYTES // len(once))
    return Load(once * times, len(frames) * times,
                **options)  # type: ignore[arg-type]


def packet(source: bytes = _OVOC, destination: bytes = _DEVICE, *,
           first: int = 0x45, total: int | None = None, fragment: int = 0,
           ttl: int = 64, protocol: int = _UDP, data: bytes = b"\0" * 8,
           checksum_error: int = 0) -> bytes:
    """An IPv4 packet (RFC 791 3.1), right but for what is asked for."""
    header_bytes = max(20, (first & 0x0F) * 4)
    size = header_bytes + len(data) if total is None else total
    header = struct.pack("!BBHHHBBH4s4s", first, 0, size, 1, fragment, ttl,
                         protocol, 0, source, destination)
    header += b"\x01" * (header_bytes - 20)  # options: no operation
    value = (checksum(header) + checksum_error) & 0xFFFF
    return header[:10] + value.to_bytes(2, "big") + header[12:] + data


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total = sum(int.from_bytes(data[i:i + 2], "big")
                for i in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def malformed_packets(source: bytes = _OVOC) -> list[bytes]:
    """IPv4 packets whose header is wrong in one thing each."""
    found = [packet(source)[:size] for size in range(20)]
    found += [packet(source, first=version << 4 | 5)
              for version in range(16) if version != 4]
    found += [packet(source, first=0x40 | words) for words in range(5)]
    found += [packet(source, first=0x40 | words)[:20]
              for words in range(6, 16)]
    found += [packet(source, total=total)
              for total in (0, 1, 19, 29, 1500, 65535)]
    found += [packet(source, checksum_error=error)
              for error in (1, 0x100, 0x8000)]
    return found


def foreign_packets() -> list[bytes]:
    """Whole IPv4 packets that no OVOC sends to this device."""
    others = ("0.0.0.0", "127.0.0.1", "10.0.0.1", "169.254.0.2",
              "169.254.0.77", "224.0.0.1", "255.255.255.255", "192.0.2.20")
    addresses = [bytes(map(int, other.split("."))) for other in others]
    found = [packet(source=address) for address in addresses]
    found += [packet(destination=address) for address in addresses
              if address != _DEVICE]
    return found


def framed(packets: Iterable[bytes]) -> list[bytes]:
    """Each packet in a binary frame."""
    return [frame(one) for one in packets]


def device_packets(source: bytes) -> list[bytes]:
    """Frames of another device with packets that a strict OVOC forwards.

    It drops a packet under 20 bytes and one whose addresses it does not know.
    """
    return framed(one for one in malformed_packets(source) if len(one) >= 20)


def device_heads(source: bytes) -> list[bytes]:
    """The same, and whole packets behind heads that OVOC does not look at.

    Their server forwards the head of a frame as it is (protocol.md 3).
    """
    heads = (0x80, 0x81, 0x02, 0x00, 0x92, 0xA2, 0xC2, 0xF2)
    return device_packets(source) + [frame(packet(source), first)
                                     for first in heads]


DEVICE_LOADS = {"packets": device_packets, "heads": device_heads}
_ENDLESS = 2**63 - 1

LOADS = {
    "empty": repeated(b"\x82\x00"),
    "one_byte": repeated(b"\x82\x01A"),
    "reserved_bit": repeated(b"\xc2\x01A"),
    "text": repeated(b"\x81\x00"),
    "pings": repeated(b"\x89\x00"),
    "unread_pings": repeated(frame(b"p" * 125, 0x89), reads=False,
                             timed=False),
    "fragments": repeated(b"\x00\x01A", first=b"\x02\x01A"),
    "empty_fragments": repeated(b"\x00\x00", first=b"\x02\x00"),
    "endless_frame": Load(b"A" * _BLOCK_BYTES, _BLOCK_BYTES,
                          first=b"\x82\x7f" + _ENDLESS.to_bytes(8, "big"),
                          timed=False),
    "top_bit_length": Load(b"A" * _BLOCK_BYTES, _BLOCK_BYTES,
                           first=b"\x82\x7f" + (2**63).to_bytes(8, "big"),
                           timed=False),
    "slow_head": Load(b"", 1, head_pause=1.0),
    "tiny_records": Load(b"\x82\x01A" * 300, 300, one_byte=True),
    "packets": repeated(*framed(malformed_packets()),
                        *framed(foreign_packets())),
}
