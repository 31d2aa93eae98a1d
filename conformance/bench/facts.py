# SPDX-License-Identifier: Apache-2.0
"""What a reader has to know of the machine and of the run."""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from conformance.bench.contestants import MTU
from conformance.bench.measures import BURST, OFFERED

_PACKAGES = ("iperf3", "fping", "rt-tests", "ocserv", "openconnect", "openvpn",
             "stunnel4")


def cpu_model(text: str) -> str:
    """The first processor's name in the text of /proc/cpuinfo."""
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return "unknown"


def cipher_text(ciphers: Mapping[str, str]) -> str:
    """Which suite who speaks, those with the same together."""
    by_suite: dict[str, list[str]] = {}
    for name, suite in ciphers.items():
        by_suite.setdefault(suite or "unknown", []).append(name)
    return "; ".join(f"{suite}: {', '.join(names)}"
                     for suite, names in by_suite.items())


def gather(rounds: int, seconds: int,
           ciphers: Mapping[str, str]) -> dict[str, str]:
    """The facts by their names."""
    cores = sorted(os.sched_getaffinity(0))
    return {
        "date": f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC",
        "kernel": f"{os.uname().release} {os.uname().machine}",
        "CPU": f"{cpu_model(_read('/proc/cpuinfo'))}, cores"
               f" {', '.join(map(str, cores))} for both ends and the load",
        "rounds": f"{rounds}, every second one in the opposite order;"
                  f" transfers of {seconds} s",
        "tunnel": f"MTU {MTU}, TLS 1.3; {cipher_text(ciphers)}",
        "congestion control": _read(
            "/proc/sys/net/ipv4/tcp_congestion_control").strip(),
        "load": f"TCP: one connection of iperf3; small packets:"
                f" {OFFERED:,}/s of 64 bytes offered, {BURST} in a message"
                " (UDP_SEGMENT) or singly",
        "packages": ", ".join(_versions()),
    }


def _read(path: str) -> str:
    """The text of a file of /proc."""
    return Path(path).read_text("utf-8")


def _versions() -> list[str]:
    """The peers' packages with their versions."""
    shown = subprocess.run(["dpkg-query", "--show", *_PACKAGES], text=True,
                           capture_output=True, check=False, timeout=20)
    return [" ".join(line.split()) for line in shown.stdout.splitlines()]
