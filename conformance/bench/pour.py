# SPDX-License-Identifier: Apache-2.0
"""Pours bytes over one TCP connection for a while, and counts them.

Usage: pour.py send|receive ADDRESS PORT SECONDS. The receiver listens and
prints an event `ready`, then `poured` with the bytes and the seconds between
its first and its last; the sender connects. The bytes are zeros.
"""

import socket
import sys
import time

_BLOCK = bytes(1024 * 1024)


def receive(address: str, port: int) -> None:
    """Counts what comes until the end."""
    with socket.create_server((address, port)) as listener:
        print("event=ready", flush=True)
        connection = listener.accept()[0]
    got, start = 0, time.monotonic()
    buffer = bytearray(len(_BLOCK))
    while count := connection.recv_into(buffer):
        got += count
    seconds = time.monotonic() - start
    print(f"event=poured bytes={got} seconds={seconds:.3f}", flush=True)


def send(address: str, port: int, seconds: float) -> None:
    """Sends as fast as it goes."""
    end = time.monotonic() + seconds
    with socket.create_connection((address, port), timeout=10) as connection:
        while time.monotonic() < end:
            connection.sendall(_BLOCK)


def main() -> None:
    """Does what the command line says."""
    role, address, port, seconds = sys.argv[1:]
    if role == "receive":
        receive(address, int(port))
    else:
        send(address, int(port), float(seconds))


if __name__ == "__main__":
    main()
