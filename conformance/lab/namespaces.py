# SPDX-License-Identifier: Apache-2.0
"""Three network namespaces, joined by virtual cables: device, router, cloud.

    device 192.0.2.20 --- 192.0.2.1 router 198.51.100.1 --- 198.51.100.10 cloud

The router translates IPv4 addresses (masquerade) and forwards IPv6 as it is.
All addresses are documentation ones (RFC 5737, RFC 3849).
"""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

DEVICE = "device"
ROUTER = "router"
CLOUD = "cloud"

DEVICE_ADDRESS = "192.0.2.20"
CLOUD_ADDRESS = "198.51.100.10"
CLOUD_ADDRESS_6 = "2001:db8:2::10"
SECOND_CLOUD_ADDRESS = "198.51.100.54"  # for a name server of the test's own
SILENT_ADDRESS = "198.51.100.53"        # what is sent there is lost
SILENT_ADDRESS_6 = "2001:db8:2::53"     # likewise
UPLINK = "eth0"                         # of device and cloud

_IPV6 = Path("/proc/sys/net/ipv6")

_FIREWALL = f"""
table inet lab {{
  set forgotten {{ type inet_service; }}
  chain forward {{
    type filter hook forward priority 0; policy accept;
    ip daddr {SILENT_ADDRESS} drop
    ip6 daddr {SILENT_ADDRESS_6} drop
    iifname "inside" tcp sport @forgotten drop
    oifname "inside" tcp dport @forgotten drop
  }}
}}
table ip lab_nat {{
  chain postrouting {{
    type nat hook postrouting priority 100;
    oifname "outside" masquerade
  }}
}}
"""

_LINES = {
    DEVICE: [
        f"addr add {DEVICE_ADDRESS}/24 dev {UPLINK}",
        f"link set {UPLINK} up",
        f"route add default via 192.0.2.1 dev {UPLINK} metric 100",
    ],
    ROUTER: [
        "addr add 192.0.2.1/24 dev inside",
        "addr add 198.51.100.1/24 dev outside",
        "link set inside up",
        "link set outside up",
    ],
    CLOUD: [
        f"addr add {CLOUD_ADDRESS}/24 dev {UPLINK}",
        f"addr add {SECOND_CLOUD_ADDRESS}/24 dev {UPLINK}",
        f"link set {UPLINK} up",
        f"route add default via 198.51.100.1 dev {UPLINK}",
    ],
}

_LINES_6 = {
    DEVICE: [
        f"addr add 2001:db8:1::20/64 dev {UPLINK} nodad",
        f"route add default via 2001:db8:1::1 dev {UPLINK} metric 100",
    ],
    ROUTER: [
        "addr add 2001:db8:1::1/64 dev inside nodad",
        "addr add 2001:db8:2::1/64 dev outside nodad",
    ],
    CLOUD: [
        f"addr add {CLOUD_ADDRESS_6}/64 dev {UPLINK} nodad",
        f"route add default via 2001:db8:2::1 dev {UPLINK}",
    ],
}


def has_ipv6() -> bool:
    """Whether this kernel has IPv6 at all."""
    return _IPV6.exists()


def inside(namespace: str, command: Sequence[str]) -> list[str]:
    """The command line that runs `command` in `namespace`, by exec alone."""
    # Not `ip netns exec`: it remounts /, which a chroot does not allow.
    return ["nsenter", f"--net=/run/netns/{namespace}", "--", *command]


def run(namespace: str, command: Sequence[str], *, text: str | None = None,
        timeout: float = 20) -> str:
    """Runs `command` in `namespace` to its end and returns what it printed.

    Raises RuntimeError with the command and its complaint when it fails.
    """
    done = subprocess.run(inside(namespace, command), input=text, text=True,
                          capture_output=True, timeout=timeout, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} in {namespace}: exit code "
                           f"{done.returncode}: {done.stderr.strip()}")
    return done.stdout


def build() -> None:
    """Makes the namespaces, the cables, the addresses and the router."""
    for namespace in (DEVICE, ROUTER, CLOUD):
        _ip(None, [f"netns add {namespace}"])
        if has_ipv6():  # else each cable is deaf for its first seconds
            _set(namespace, "ipv6/conf/default/accept_dad", 0)
        _ip(namespace, ["link set lo up"])
    _ip(None, [
        f"link add {UPLINK} netns {DEVICE} type veth"
        f" peer name inside netns {ROUTER}",
        f"link add {UPLINK} netns {CLOUD} type veth"
        f" peer name outside netns {ROUTER}",
    ])
    for namespace, lines in _LINES.items():
        _ip(namespace, lines)
        if has_ipv6():
            _ip(namespace, _LINES_6[namespace])
    _set(ROUTER, "ipv4/ip_forward", 1)
    if has_ipv6():
        _set(ROUTER, "ipv6/conf/all/forwarding", 1)
    filter_sources(1)
    run(ROUTER, ["nft", "-f", "-"], text=_FIREWALL)


def filter_sources(value: int) -> None:
    """Sets the device's reverse path filter: 0 none, 1 strict, 2 loose."""
    for name in ("all", UPLINK):
        _set(DEVICE, f"ipv4/conf/{name}/rp_filter",
             0 if name == "all" else value)


def probe_path_mtu(value: int) -> None:
    """What the device's TCP does on a path that drops large packets."""
    _set(DEVICE, "ipv4/tcp_mtu_probing", value)


def remove() -> None:
    """Takes the namespaces away, with everything in them."""
    for namespace in (DEVICE, ROUTER, CLOUD):
        _ip(None, [f"netns delete {namespace}"])


def tunnel_ports() -> list[int]:
    """The device's local ports of its TCP connections into the cloud."""
    shown = run(DEVICE, ["ss", "-Htn", "state", "established"])
    ports = []
    for line in shown.splitlines():
        local, peer = line.split()[2:4]
        if peer.rpartition(":")[0].strip("[]") in (CLOUD_ADDRESS,
                                                   CLOUD_ADDRESS_6):
            ports.append(int(local.rpartition(":")[2]))
    return ports


def forget_connections() -> list[int]:
    """Makes the router lose the device's connections, silently, both ways.

    New connections pass. Returns the ports whose connections were lost.
    """
    ports = tunnel_ports()
    if ports:
        elements = ", ".join(str(port) for port in ports)
        run(ROUTER, ["nft", "add", "element", "inet", "lab", "forgotten",
                     "{", elements, "}"])
    return ports


def remember_connections() -> None:
    """Undoes forget_connections."""
    run(ROUTER, ["nft", "flush", "set", "inet", "lab", "forgotten"])


def reset_connections(address: str, port: int) -> None:
    """Has the cloud's kernel reset all TCP connections to one of its ports."""
    run(CLOUD, ["ss", "-K", "-Htn", f"src {address}:{port}"])


def wait_for_udp(namespace: str, port: int, timeout: float = 5) -> None:
    """Waits until some program in `namespace` listens on UDP `port`."""
    _wait_for_port(namespace, "udp", port, timeout)


def wait_for_tcp(namespace: str, port: int, address: str = "",
                 timeout: float = 5) -> None:
    """Waits until some program in `namespace` listens on TCP `port`.

    With an address, only one that listens there counts.
    """
    _wait_for_port(namespace, "tcp", port, timeout, address)


def _wait_for_port(namespace: str, kind: str, port: int,
                   timeout: float, address: str = "") -> None:
    """Waits until some program listens on `port`."""
    deadline = time.monotonic() + timeout
    there = f"src {address}:{port}" if address else f"sport = :{port}"
    while not run(namespace, ["ss", "-Hln", f"--{kind}", there]).strip():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody listens on {kind} port {port} in"
                               f" {namespace} after {timeout} s")
        time.sleep(0.02)


def overlay_addresses(interface: str) -> list[str]:
    """The device's IPv4 addresses on `interface`; empty when it is absent."""
    try:
        shown = run(DEVICE, ["ip", "-4", "-oneline", "addr", "show", "dev",
                             interface])
    except RuntimeError:
        return []
    return [line.split()[3] for line in shown.splitlines()]


def exists(namespace: str, interface: str) -> bool:
    """Whether `namespace` has a network interface of that name."""
    shown = run(namespace, ["ip", "-oneline", "link", "show"])
    names = [line.split(":")[1].strip() for line in shown.splitlines()]
    return interface in (name.partition("@")[0] for name in names)


def move_uplink(name: str) -> None:
    """Renames the device's uplink and lays a dead-end default route before.

    Only a socket bound to the interface `name` reaches the cloud afterwards,
    as with a device whose management traffic has a VRF of its own.
    """
    filter_sources(0)  # answers come in where no route leads out
    _ip(DEVICE, [
        f"link set {UPLINK} down",
        f"link set {UPLINK} name {name}",
        f"link set {name} up",
        f"route add default via 192.0.2.1 dev {name} metric 100",
        "link add decoy type veth peer name decoy-end",
        "addr add 203.0.113.2/24 dev decoy",
        "link set decoy up",
        "link set decoy-end up",
        "route add default via 203.0.113.1 dev decoy metric 10",
    ])


def _set(namespace: str, name: str, value: int) -> None:
    """Writes a network setting (sysctl) of a namespace."""
    run(namespace, ["tee", f"/proc/sys/net/{name}"], text=f"{value}\n")


def _ip(namespace: str | None, lines: Sequence[str]) -> None:
    """Runs lines of ip(8) commands, in a namespace or outside of all."""
    for line in lines:
        command = ["ip", *line.split()]
        done = subprocess.run(
            command if namespace is None else inside(namespace, command),
            text=True, capture_output=True, timeout=20, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"ip {line}: {done.stderr.strip()}")
