# SPDX-License-Identifier: Apache-2.0
"""1 GiB each way through the tunnel by TCP, compared by SHA-256."""

import os
from pathlib import Path
from typing import ClassVar

from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import OVOC
from conformance.lab.namespaces import CLOUD, DEVICE

_BLOCK_BYTES = 64 * 1024 * 1024
_BLOCKS = 16  # 1 GiB
_PORT = 5001
_TRANSFER_SECONDS = 240


class TransferTest(LabCase):
    """A sender and a receiver with the tunnel between them."""

    LIMIT_SECONDS = 300
    file: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.file = cls.lab.folder / "block"
        cls.file.write_bytes(os.urandom(_BLOCK_BYTES))

    def test_from_the_device_to_ovoc(self) -> None:
        """An upload, as with debug recording."""
        self.transfer("receive", "send")

    def test_from_ovoc_to_the_device(self) -> None:
        """A download, as with a software image."""
        self.transfer("send", "receive")

    def test_with_a_device_that_joins_no_packets(self) -> None:
        """As where Linux has none of the offload: an eighth of it."""
        for offload in ("none", "tcp"):
            for roles in (("receive", "send"), ("send", "receive")):
                with self.subTest(offload=offload, device=roles[1]):
                    self.transfer(*roles, f"--tun_offload={offload}",
                                  blocks=_BLOCKS // 8)
                    self.lab.stop_programs()

    def transfer(self, cloud_role: str, device_role: str,
                 *client_options: str, blocks: int = _BLOCKS) -> None:
        """Moves all blocks and compares the digests of both ends."""
        _, client = self.tunnel(client_options=client_options)
        rest = (OVOC, _PORT, self.file, blocks)
        cloud = self.lab.agent("bulk", CLOUD, cloud_role, "listen", *rest)
        cloud.wait_for("ready")
        device = self.lab.agent("bulk", DEVICE, device_role, "connect", *rest)
        ends = [each.wait_for("done", _TRANSFER_SECONDS)
                for each in (cloud, device)]
        total = blocks * (_BLOCK_BYTES + 8)
        self.assertEqual([int(end["bytes"]) for end in ends], [total] * 2)
        self.assertEqual(ends[0]["sha256"], ends[1]["sha256"])
        seconds = max(float(end["seconds"]) for end in ends)
        self.figure(f"{total} bytes in {seconds:.2f} s: "
                    f"{total / seconds / 2**20:.0f} MiB/s, "
                    f"{total * 8 / seconds / 1e9:.2f} Gbit/s")
        self.assertEqual(client.events("tunnel_down"), [])


if __name__ == "__main__":
    main()
