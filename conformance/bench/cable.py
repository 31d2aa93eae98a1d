# SPDX-License-Identifier: Apache-2.0
"""A lab without a router: one virtual cable from the device to the cloud."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.lab import Lab
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE, UPLINK

DEVICE_ADDRESS = "198.51.100.20"  # RFC 5737, in CLOUD_ADDRESS's network
_POLL_SECONDS = 0.01

_ADDRESSES = {DEVICE: DEVICE_ADDRESS, CLOUD: CLOUD_ADDRESS}


class CableLab(Lab):
    """Two namespaces and the programs in them; nothing is in the way."""

    def open(self) -> None:
        """Makes the network."""
        lines = [f"netns add {name}" for name in _ADDRESSES]
        lines.append(f"link add {UPLINK} netns {DEVICE} type veth"
                     f" peer name {UPLINK} netns {CLOUD}")
        subprocess.run(["ip", "-batch", "-"], input="\n".join(lines),
                       text=True, check=True, timeout=20)
        for name, address in _ADDRESSES.items():
            run_ip(name, "link set lo up", f"link set {UPLINK} up",
                   f"address add {address}/24 dev {UPLINK}")

    def close(self) -> None:
        """Ends the programs and takes the network away."""
        self.stop_programs()
        subprocess.run(["ip", "-batch", "-"], text=True, check=True,
                       timeout=20, input="\n".join(
                           f"netns delete {name}" for name in _ADDRESSES))

    def stop_programs(self) -> None:
        """Ends every program, and what those have left behind."""
        super().stop_programs()
        while others := _others():
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _reap()


def run_ip(namespace: str, *lines: str) -> None:
    """Runs lines of ip(8) commands in a namespace."""
    namespaces.run(namespace, ["ip", "-batch", "-"], text="\n".join(lines))


def _reap() -> None:
    """Takes leave of those that have ended, of which this one is heir."""
    time.sleep(_POLL_SECONDS)
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:  # there is none
        pass


def _others() -> list[int]:
    """All processes of the enclosure but this one, its first."""
    return [int(entry.name) for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and int(entry.name) != os.getpid()]
