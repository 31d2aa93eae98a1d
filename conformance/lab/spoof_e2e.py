# SPDX-License-Identifier: Apache-2.0
"""A host on the LAN that poses as OVOC, end to end (CVE-2019-14899's class).

An Ethernet frame with a datagram from 169.254.0.1 reaches the device's uplink.
Each of the two files of tunnel/guard keeps it from the device's services.
"""

import json
import re
import sys
import time
from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import FIRST_OVERLAY
from conformance.lab.namespaces import (DEVICE, DEVICE_ADDRESS, ROUTER,
                                        UPLINK)
from conformance.lab.programs import Program

_GUARD = Path(__file__).resolve().parents[2] / "tunnel" / "guard"
_SECONDS = 3  # in which a datagram would arrive

_SERVICE = f"""
import socket
service = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
service.bind(("{FIRST_OVERLAY}", 161))
print("event=listening", flush=True)
while True:
    data, sender = service.recvfrom(100)
    print("event=arrived", f"source={{sender[0]}}", f"text={{data.decode()}}",
          flush=True)
"""

_SPOOFER = f"""
import socket, struct, sys
def checksum(head):
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
text = sys.argv[2].encode()
datagram = struct.pack(">HHHH", 1161, 161, 8 + len(text), 0) + text
head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 64, 17,
                   0, socket.inet_aton("169.254.0.1"),
                   socket.inet_aton("{FIRST_OVERLAY}"))
head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
line.bind(("inside", 0x0800))
line.send(bytes.fromhex(sys.argv[1]) + bytes.fromhex("020000000001")
          + bytes.fromhex("0800") + head + datagram)
"""


# The client's sandboxed process in an attacker's hands: it writes what it likes
# to the tunnel's device. Arguments: destination, text, again and again.
_WRITER = f"""
import fcntl, os, socket, struct, subprocess, sys
def checksum(head):
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
device = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(device, 0x400454CA, struct.pack("16sH22x", b"ovoc0", 0x1001))
for line in ("addr add {FIRST_OVERLAY}/32 dev ovoc0", "link set ovoc0 up",
             "route add 169.254.0.1 dev ovoc0"):
    subprocess.run(["ip", *line.split()], check=True)
for address, text in zip(sys.argv[1::2], sys.argv[2::2]):
    datagram = struct.pack(">HHHH", 1161, 161, 8 + len(text), 0) + text.encode()
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 64,
                       17, 0, socket.inet_aton("169.254.0.1"),
                       socket.inet_aton(address))
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    os.write(device, head + datagram)
"""


class SpoofTest(LabCase):
    """A device with its tunnel, and a neighbour on its LAN."""

    LIMIT_SECONDS = 90

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(namespaces.filter_sources, 1)
        namespaces.filter_sources(0)
        self.status = self.lab.status_file()
        _, self.client = self.tunnel(
            client_options=[f"--status_file={self.status}"])
        self.service = self.start(_SERVICE)
        self.service.wait_for("listening")

    def start(self, code: str) -> Program:
        """Starts a program on the device."""
        return self.lab.start("service", DEVICE, [sys.executable, "-c", code])

    def spoof(self, text: str) -> bool:
        """Sends a frame to the device; whether it arrives."""
        shown = namespaces.run(DEVICE, ["ip", "-oneline", "link", "show",
                                        UPLINK])
        found = re.search(r"link/ether ([0-9a-f:]{17})", shown)
        assert found is not None
        namespaces.run(ROUTER, [sys.executable, "-c", _SPOOFER,
                                found[1].replace(":", ""), text])
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            if any(event["text"] == text
                   for event in self.service.events("arrived")):
                return True
            time.sleep(0.05)
        return False

    def insecure(self) -> list[str]:
        """What the status lists."""
        return json.loads(self.status.read_text())["insecure"]

    def test_without_a_guard_it_arrives_and_that_is_said(self) -> None:
        """The kernel's weak host model; loose filtering is no help."""
        self.assertTrue(self.spoof("open"))
        self.assertIn(f"net.ipv4.conf.{UPLINK}.rp_filter=0", self.insecure())
        warning = self.client.events("insecure")[0]  # before the tunnel
        self.assertEqual(warning.level, "warning")
        self.assertIn(f"conf.{UPLINK}.rp_filter", warning.text)
        namespaces.filter_sources(2)
        self.assertTrue(self.spoof("loose"))

    def test_the_sysctl_file_closes_it(self) -> None:
        """Its lines as sysctl(8) applies them; the next attempt sees it."""
        values = re.findall(r"^net\.ipv4\.conf\.(\S+)\.rp_filter = (\d)$",
                            (_GUARD / "60-ovoc-tunnel.conf").read_text(),
                            re.MULTILINE)
        self.assertEqual([name for name, _ in values],
                         ["all", "default", "*"])
        self.assertEqual({value for _, value in values}, {"1"})
        namespaces.filter_sources(1)
        self.assertFalse(self.spoof("strict"))
        self.assert_tunnel_carries()

    def test_the_nftables_file_closes_it(self) -> None:
        """Loaded twice, as a restart of the service does."""
        namespaces.run(DEVICE, ["nft", "-f", str(_GUARD / "ovoc-tunnel.nft")])
        self.guard()
        self.assertFalse(self.spoof("guarded"))
        self.assert_tunnel_carries()

    def test_the_nftables_file_holds_the_tunnels_device_too(self) -> None:
        """From it comes what is of the overlay; all else is dropped."""
        self.client.stop()
        elsewhere = self.start(_SERVICE.replace(FIRST_OVERLAY, DEVICE_ADDRESS))
        elsewhere.wait_for("listening")
        self.write(DEVICE_ADDRESS, "open")
        elsewhere.wait_for("arrived", text="open")
        self.guard()
        self.write(DEVICE_ADDRESS, "guarded", FIRST_OVERLAY, "carried")
        self.service.wait_for("arrived", text="carried")
        self.assertEqual([event["text"]
                          for event in elsewhere.events("arrived")], ["open"])

    def write(self, *packets: str) -> None:
        """Writes datagrams, each an address and a text, to the device."""
        namespaces.run(DEVICE, [sys.executable, "-c", _WRITER, *packets])

    def guard(self) -> None:
        """Loads the nftables file for this test."""
        namespaces.run(DEVICE, ["nft", "-f",
                                str(_GUARD / "ovoc-tunnel.nft")])
        self.addCleanup(namespaces.run, DEVICE,
                        ["nft", "delete", "table", "inet", "ovoc_tunnel"])


if __name__ == "__main__":
    main()
