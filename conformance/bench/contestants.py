# SPDX-License-Identifier: Apache-2.0
"""The contestants: how each is started, its server in the cloud first.

All speak TLS 1.3 over TCP and carry packets of at most 1400 bytes, each as its
own manual says for that; where more was needed it says why. The others have
AES-256-GCM; BoringSSL at both ends takes AES-128-GCM and leaves no choice, so
that stunnel, to which ours is compared, has the same.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.bench.cable import DEVICE_ADDRESS, CableLab, run_ip
from conformance.lab import namespaces
from conformance.lab.lab import OVOC, PASSWORD, SERVER_INTERFACE, USER
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import Program

MTU = 1400  # bytes of a packet inside the tunnel
CIPHER = "TLS_AES_256_GCM_SHA384"
OUR_CIPHER = "TLS_AES_128_GCM_SHA256"
POUR_PORT = 5201  # iperf3's own
_TLS_PORT = 443
_START_SECONDS = 20


@dataclass(frozen=True)
class Link:
    """A contestant that is up, as the measures see it."""

    target: str                      # where the device sends to
    source: str | None               # where the cloud sends to, if it can
    client: Program | None = None    # the device's program, if there is one
    resident: int | None = None      # the process whose memory is told
    cipher: str = CIPHER


class Contestant:
    """One row of the table."""

    name = ""    # for --only
    title = ""   # for the reader
    target = ""  # where the device sends to

    def serve(self, lab: CableLab) -> None:
        """Starts the cloud's side."""

    def connect(self, lab: CableLab) -> Link:
        """Starts the device's side and waits until it is up."""
        raise NotImplementedError

    def folder(self, lab: CableLab) -> Path:
        """A folder of its own, which outlives its restarts."""
        path = lab.folder / self.name
        path.mkdir(exist_ok=True)
        return path


class WithClient(Contestant):
    """One that has a program on the device."""

    def client_command(self, lab: CableLab) -> list[str]:
        """The program's command line."""
        raise NotImplementedError

    def link(self, client: Program) -> Link:
        """Waits until the program is ready."""
        raise NotImplementedError

    def connect(self, lab: CableLab) -> Link:
        return self.link(lab.start(self.name, DEVICE,
                                   self.client_command(lab)))


class Tunnel(WithClient):
    """One whose program carries packets."""


class Ours(Tunnel):
    """The client of this repository, and ovoc_server."""

    target = OVOC

    def __init__(self, name: str, title: str, *server_options: str,
                 client_options: Sequence[str] = ()) -> None:
        self.name = name
        self.title = title
        self._server_options = server_options
        self._client_options = client_options

    def serve(self, lab: CableLab) -> None:
        lab.server(lab.authority.good(), *self._server_options)
        run_ip(CLOUD, f"link set {SERVER_INTERFACE} mtu {MTU}")

    def client_command(self, lab: CableLab) -> list[str]:
        return lab.client_command(lab.settings(
            WSTunServer=CLOUD_ADDRESS, DNSPriServerIP=None, WSTunMtu=MTU),
            *self._client_options)

    def link(self, client: Program) -> Link:
        cipher = client.wait_for("verified")["cipher"]
        overlay = client.wait_for("tunnel_up")["overlay"].partition("/")[0]
        worker = int(client.events("worker")[-1]["pid"])
        return Link(self.target, overlay, client, worker, cipher)


class OpenConnect(Tunnel):
    """openconnect and ocserv, over TCP alone.

    ocserv keeps its own seccomp filter (isolate-workers), as Debian has it.
    Both are told of an MTU of 1500, of which ocserv takes 28 bytes off for
    an encapsulation that is not used here; the devices then get MTU.
    """

    name = "openconnect"
    title = "openconnect + ocserv, no DTLS"
    target = "10.9.0.1"

    _CONFIG = """
auth = "plain[passwd={folder}/users]"
listen-host = {address}
tcp-port = {port}
run-as-user = root
run-as-group = root
socket-file = {folder}/socket
pid-file = {folder}/pid
server-cert = {pair.certificate}
server-key = {pair.key}
isolate-workers = true
use-occtl = false
max-clients = 0
max-same-clients = 0
tls-priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM"
auth-timeout = 40
device = vpns
ipv4-network = 10.9.0.0/24
mtu = 1500
try-mtu-discovery = false
compression = false
"""
    _SCRIPT = """#!/bin/sh
# Called by openconnect with what the server assigned.
[ "$reason" = connect ] || exit 0
exec ip -batch - <<END
address add $INTERNAL_IP4_ADDRESS peer {target} dev $TUNDEV
link set $TUNDEV mtu {mtu} up
END
"""

    def serve(self, lab: CableLab) -> None:
        folder = self.folder(lab)
        (folder / "users").touch()
        namespaces.run(CLOUD, ["ocpasswd", "-c", str(folder / "users"), USER],
                       text=f"{PASSWORD}\n{PASSWORD}\n")
        config = folder / "ocserv.conf"
        config.write_text(self._CONFIG.format(
            folder=folder, address=CLOUD_ADDRESS, port=_TLS_PORT, mtu=MTU,
            pair=lab.authority.good()).lstrip())
        lab.start("ocserv", CLOUD, ["ocserv", "--foreground", "-c",
                                    str(config)])
        namespaces.wait_for_tcp(CLOUD, _TLS_PORT)

    def client_command(self, lab: CableLab) -> list[str]:
        folder = self.folder(lab)
        script = folder / "script"
        script.write_text(self._SCRIPT.format(mtu=MTU,
                                              target=self.target))
        script.chmod(0o755)
        password = folder / "password"
        password.write_text(PASSWORD + "\n")
        return ["sh", "-c", 'exec "$@" <"$0"', str(password), "openconnect",
                "--protocol=anyconnect", "--no-dtls", "--non-inter",
                f"--cafile={lab.authority.trusted_roots}", f"--user={USER}",
                "--passwd-on-stdin", "--mtu=1500", "--interface=oc0",
                f"--script={script}", f"https://{CLOUD_ADDRESS}"]

    def link(self, client: Program) -> Link:
        client.wait_for_text("Configured as", _START_SECONDS)
        address = _wait_for_address("oc0")
        run_ip(CLOUD, f"link set vpns0 mtu {MTU}")
        return Link(self.target, address, client, client.pid)


class OpenVpn(Tunnel):
    """OpenVPN over TCP, its data path in user space.

    The client has no certificate but a password that is always right. The
    packets' own encryption is AES-256-GCM, TLS is for the control channel.
    Without TCP_NODELAY a lone packet may wait for the next one, or 40 ms.
    """

    name = "openvpn"
    title = "OpenVPN 2.6 over TCP"
    target = "10.8.0.1"

    _BOTH = ["openvpn", "--dev", "tun0", "--dev-type", "tun", "--topology",
             "subnet", "--tun-mtu", str(MTU), "--mssfix", "0",
             "--data-ciphers", "AES-256-GCM", "--tls-version-min", "1.3",
             "--tls-ciphersuites", CIPHER, "--disable-dco", "--port", "1194",
             "--socket-flags", "TCP_NODELAY"]

    def serve(self, lab: CableLab) -> None:
        pair = lab.authority.good()
        program = lab.start("openvpn-server", CLOUD, [
            *self._BOTH, "--proto", "tcp-server", "--local", CLOUD_ADDRESS,
            "--server", "10.8.0.0", "255.255.255.0", "--dh", "none",
            "--ca", str(lab.authority.trusted_roots), "--cert",
            str(pair.certificate), "--key", str(pair.key),
            "--verify-client-cert", "none", "--script-security", "2",
            "--auth-user-pass-verify", "/bin/true", "via-file"])
        program.wait_for_text("Initialization Sequence Completed",
                              _START_SECONDS)

    def client_command(self, lab: CableLab) -> list[str]:
        login = self.folder(lab) / "login"
        login.touch(mode=0o600)
        login.write_text(f"{USER}\n{PASSWORD}\n")
        return [*self._BOTH, "--client", "--proto", "tcp-client", "--remote",
                CLOUD_ADDRESS, "--nobind", "--ca",
                str(lab.authority.trusted_roots), "--remote-cert-tls",
                "server", "--auth-user-pass", str(login)]

    def link(self, client: Program) -> Link:
        client.wait_for_text("Initialization Sequence Completed",
                             _START_SECONDS)
        return Link(self.target, _wait_for_address("tun0"), client,
                    client.pid)


class Stunnel(WithClient):
    """stunnel: bytes of a TCP connection through TLS; it has no packets."""

    name = "stunnel"
    title = "stunnel (TLS alone, no tunnel)"
    target = "127.0.0.1"

    _BOTH = """foreground = yes
pid =
sslVersion = TLSv1.3
ciphersuites = {cipher}
"""
    _SERVER = _BOTH + """
[pour]
accept = {address}:{port}
connect = {loopback}:{pour}
cert = {pair.certificate}
key = {pair.key}
"""
    _CLIENT = _BOTH + """
[pour]
client = yes
accept = {loopback}:{pour}
connect = {address}:{port}
CAfile = {roots}
verifyChain = yes
checkIP = {address}
"""

    def _config(self, lab: CableLab, name: str, text: str) -> str:
        """Writes the configuration of one side."""
        path = self.folder(lab) / name
        path.write_text(text.format(
            cipher=OUR_CIPHER, address=CLOUD_ADDRESS, port=_TLS_PORT,
            loopback=self.target, pour=POUR_PORT, pair=lab.authority.good(),
            roots=lab.authority.trusted_roots))
        return str(path)

    def serve(self, lab: CableLab) -> None:
        lab.start("stunnel-server", CLOUD, [
            "stunnel", self._config(lab, "server.conf", self._SERVER)])
        namespaces.wait_for_tcp(CLOUD, _TLS_PORT)

    def client_command(self, lab: CableLab) -> list[str]:
        return ["stunnel", self._config(lab, "client.conf", self._CLIENT)]

    def link(self, client: Program) -> Link:
        namespaces.wait_for_tcp(DEVICE, POUR_PORT)
        return Link(self.target, None, client, client.pid, OUR_CIPHER)


class Cable(Contestant):
    """The bare cable: neither tunnel nor encryption, and its own MTU."""

    name = "cable"
    title = "the bare cable"
    target = CLOUD_ADDRESS

    def connect(self, lab: CableLab) -> Link:
        return Link(self.target, DEVICE_ADDRESS, cipher="none")


def _wait_for_address(interface: str) -> str:
    """The device's own address in the tunnel, once it is there."""
    deadline = time.monotonic() + _START_SECONDS
    while not (found := namespaces.overlay_addresses(interface)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{interface} has no address after"
                               f" {_START_SECONDS} s")
        time.sleep(0.02)
    return found[0].partition("/")[0]


CONTESTANTS: Sequence[Contestant] = (
    Ours("ours", "our client + ovoc_server"),
    Ours("ours_legacy", "our client + ovoc_server --quirks=legacy",
         "--quirks=legacy"),
    Ours("ours_plain", "the same with --tun_offload=none",
         "--quirks=legacy", client_options=["--tun_offload=none"]),
    OpenConnect(),
    OpenVpn(),
    Stunnel(),
    Cable(),
)
