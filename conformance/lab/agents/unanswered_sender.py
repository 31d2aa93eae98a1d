# SPDX-License-Identifier: Apache-2.0
"""Keeps sending to an address that never answers.

Usage: unanswered_sender.py ADDRESS PORT SECONDS: sends one UDP datagram each
SECONDS, for ever, whatever becomes of it.
"""

import socket
import sys
import time


def main() -> None:
    """Does what the module says."""
    address, port, seconds = sys.argv[1:]
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        try:
            sock.sendto(b"<14>device: still here", (address, int(port)))
        except OSError as error:
            print("not sent:", error, flush=True)
        time.sleep(float(seconds))


if __name__ == "__main__":
    main()
