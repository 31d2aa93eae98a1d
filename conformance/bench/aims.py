# SPDX-License-Identifier: Apache-2.0
"""How fast our client shall be, by its own figures or by another's."""

from dataclasses import dataclass

from conformance.bench.figures import Summary, number


@dataclass(frozen=True)
class Aim:
    """A limit for the median of one of our figures."""

    title: str
    key: str
    limit: float
    is_least: bool = False         # else the limit is the most allowed
    reference: str | None = None   # the figure is a ratio to this one's
    digits: int = 2
    name: str = "ours"

    @property
    def limit_text(self) -> str:
        """The limit in words."""
        return (f"at {'least' if self.is_least else 'most'}"
                f" {number(self.limit, self.digits)}")

    def verdict(self, found: Summary | None) -> str:
        """Whether the median keeps to the limit."""
        if found is None:
            return "not measured"
        if found.is_broken:
            return "missed"
        kept = (found.median >= self.limit if self.is_least
                else found.median <= self.limit)
        return "reached" if kept else "missed"


def _ways(title: str, key: str, limit: float, is_least: bool = False,
          reference: str | None = None) -> list[Aim]:
    """The same aim up and down."""
    return [Aim(title.format(way), f"{key}_{way}", limit, is_least, reference)
            for way in ("up", "down")]


AIMS = (
    *_ways("TCP {} by stunnel's", "tcp", 0.9, True, "stunnel"),
    *_ways("client CPU per GB {} by stunnel's", "cpu", 1.15, False,
           "stunnel"),
    *_ways("TCP {} by openconnect's", "tcp", 4, True, "openconnect"),
    *_ways("TCP {} by OpenVPN's", "tcp", 4, True, "openvpn"),
    Aim("TCP down, a record per packet, by that without offload", "tcp_down",
        2, True, "ours_plain", name="ours_legacy"),
    Aim("64-byte packets up, thousand/s", "packets_up", 350, True, digits=0),
    Aim("64-byte packets down, thousand/s", "packets_down", 380, True,
        digits=0),
    Aim("idle ping p99, ms", "ping_p99", 0.3, digits=3),
    Aim("idle ping max, ms", "ping_max", 2),
    *_ways("ping p99 under TCP {}, ms", "loaded", 5),
    Aim("worker resident, idle, MiB", "resident_idle", 4),
    Aim("start to first reply, ms", "start", 25, digits=1),
)
