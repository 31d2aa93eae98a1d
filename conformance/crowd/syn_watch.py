# SPDX-License-Identifier: Apache-2.0
"""Says when each TCP connection to a port is asked for, by the kernel's clock.

Usage: syn_watch.py INTERFACE PORT. Prints an event `ready`, then for each IPv4
SYN that comes in an event `syn` with its time (seconds since 1970), source
port and sequence number: a repeated one has the same. Runs until it is ended.
"""

import ctypes
import socket
import struct
import sys

_ETH_P_IP = 0x0800
_SO_ATTACH_FILTER = 26
_SO_TIMESTAMPNS = 35
_HEAD_BYTES = 64  # of a packet: IP and TCP without options, and some
_BUFFER_BYTES = 8 << 20


def syn_filter(port: int) -> list[tuple[int, int, int, int]]:
    """The kernel's filter (code, if true, if false, value): SYN to a port."""
    return [
        (0x30, 0, 0, 9),           # the protocol
        (0x15, 0, 8, 6),           # is TCP
        (0x28, 0, 0, 6),           # flags and offset of the fragment
        (0x45, 6, 0, 0x1FFF),      # is not a later fragment
        (0xB1, 0, 0, 0),           # the length of the IP header
        (0x48, 0, 0, 2),           # the destination port
        (0x15, 0, 3, port),
        (0x50, 0, 0, 13),          # the flags
        (0x54, 0, 0, 0x12),        # SYN and ACK
        (0x15, 1, 0, 0x02),        # SYN alone
        (0x06, 0, 0, 0),           # drop
        (0x06, 0, 0, _HEAD_BYTES),  # keep
    ]


def open_socket(interface: str, port: int) -> socket.socket:
    """A packet socket that sees these SYNs and nothing else."""
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    lines = syn_filter(port)
    program = ctypes.create_string_buffer(
        b"".join(struct.pack("HBBI", *line) for line in lines))
    packets.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack(
        "HP", len(lines), ctypes.addressof(program)))
    packets.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    packets.bind((interface, _ETH_P_IP))  # what came before is not seen
    return packets


def main() -> None:
    """Prints a line for each."""
    packets = open_socket(sys.argv[1], int(sys.argv[2]))
    print("event=ready", flush=True)
    while True:
        packet, extra, _, _ = packets.recvmsg(_HEAD_BYTES, 64)
        seconds, nanoseconds = struct.unpack("ll", extra[0][2])
        head = 4 * (packet[0] & 15)
        source, _, sequence = struct.unpack_from("!HHI", packet, head)
        print(f"event=syn at={seconds}.{nanoseconds // 1000:06}"
              f" port={source} sequence={sequence}", flush=True)


if __name__ == "__main__":
    main()
