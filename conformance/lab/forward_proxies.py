# SPDX-License-Identifier: Apache-2.0
"""Squid, tinyproxy and HAProxy as the proxies through which devices go out.

Each listens at PROXY in the cloud, makes tunnels (CONNECT) to port 443 only,
and looks names up at the lab's name server. Each runs in the foreground, as
one program, with a configuration and a folder of its own.

HAProxy is no forward proxy: it cannot connect to what a CONNECT names, and of
a login it looks only at the field for servers (Authorization), not at
Proxy-Authorization. What it can do, and what it is used for, is to stand in
front of forward proxies. So it is in front of Squid here.

With a certificate, Squid (GnuTLS) and HAProxy (OpenSSL) speak TLS to devices.
"""

import functools
import subprocess
from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.certificates import Authority, KeyPair
from conformance.lab.lab import Lab
from conformance.lab.namespaces import (CLOUD, CLOUD_ADDRESS,
                                        SECOND_CLOUD_ADDRESS)
from conformance.lab.programs import Program

PROXY = "proxy.example.net"
PORT = 3128
PROXY_USER = "device 7"
PROXY_PASSWORD = "b@ck/door%"
LOGIN = "device%207:b%40ck%2Fdoor%25"  # both, as they stand in a URL

_BEHIND = "127.0.0.1"  # where Squid listens if HAProxy is in front of it
_IDLE_SECONDS = 600
_NAME_SERVER = CLOUD_ADDRESS

_SQUID = """
{listen}
pid_filename none
cache_log {folder}/cache.log
access_log none
coredump_dir {folder}
cache deny all
pinger_enable off
shutdown_lifetime 0 seconds
hosts_file none
dns_nameservers {name_server}
read_timeout {idle} seconds
{login}
acl tls port 443
http_access deny !tls
http_access {rule}
http_access deny all
"""

_SQUID_LOGIN = """
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/users
auth_param basic children 1
auth_param basic realm lab
acl known proxy_auth REQUIRED
"""

_TINYPROXY = """
Listen {address}
Port {port}
Timeout {idle}
MaxClients 20
ConnectPort 443
{login}
"""

_HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel {idle}s
frontend device
  bind {address}:{port} {tls}
  default_backend squid
backend squid
  server squid {behind}:{port}
"""


def squid(lab: Lab, idle: int = _IDLE_SECONDS, login: bool = True,
          address: str = SECOND_CLOUD_ADDRESS,
          pair: KeyPair | None = None) -> Program:
    """Starts Squid; it cuts a tunnel after `idle` silent seconds.

    It gives its rights up, so that its user has to reach its folder, and it
    does not run in a user namespace, which has no user but root.
    """
    folder = _folder(lab, "squid")
    (folder / "users").write_text(f"{PROXY_USER}:{_hashed()}\n")
    config = folder / "squid.conf"
    listen = f"http_port {address}:{PORT}"
    if pair:
        listen = (f"https_port {address}:{PORT} "
                  f"tls-cert={pair.certificate} tls-key={pair.key}")
    config.write_text(_SQUID.format(
        listen=listen, folder=folder, name_server=_NAME_SERVER,
        idle=idle, rule="allow known" if login else "allow all",
        login=_SQUID_LOGIN.format(folder=folder) if login else ""))
    program = lab.start("squid", CLOUD, ["squid", "-N", "-f", str(config)])
    namespaces.wait_for_tcp(CLOUD, PORT, address, timeout=15)
    return program


def tinyproxy(lab: Lab, idle: int = _IDLE_SECONDS, login: bool = True,
              user: str = "device", password: str = "backdoor") -> Program:
    """Starts tinyproxy, which takes letters and digits as a login only."""
    folder = _folder(lab, "tinyproxy")
    config = folder / "tinyproxy.conf"
    config.write_text(_TINYPROXY.format(
        address=SECOND_CLOUD_ADDRESS, port=PORT, idle=idle,
        login=f"BasicAuth {user} {password}" if login else ""))
    program = lab.start("tinyproxy", CLOUD,
                        ["tinyproxy", "-d", "-c", str(config)])
    namespaces.wait_for_tcp(CLOUD, PORT, SECOND_CLOUD_ADDRESS)
    return program


def haproxy(lab: Lab, idle: int = _IDLE_SECONDS,
            pair: KeyPair | None = None) -> Program:
    """Starts HAProxy, and Squid behind it, which has the login."""
    squid(lab, address=_BEHIND)
    return haproxy_alone(lab, idle, pair)


def haproxy_alone(lab: Lab, idle: int = _IDLE_SECONDS,
                  pair: KeyPair | None = None,
                  client_roots: Path | None = None) -> Program:
    """Starts HAProxy in front of a Squid that is there.

    With `client_roots` it wants a client certificate.
    """
    folder = _folder(lab, "haproxy")
    tls = ""
    if pair:
        both = folder / "both.pem"
        both.write_text(pair.certificate.read_text() + pair.key.read_text())
        tls = f"ssl crt {both}"
    if client_roots:
        tls += f" ca-file {client_roots} verify required"
    config = folder / "haproxy.cfg"
    config.write_text(_HAPROXY.format(
        address=SECOND_CLOUD_ADDRESS, port=PORT, behind=_BEHIND, idle=idle,
        tls=tls))
    program = lab.start("haproxy", CLOUD, ["haproxy", "-db", "-f",
                                           str(config)])
    namespaces.wait_for_tcp(CLOUD, PORT, SECOND_CLOUD_ADDRESS)
    return program


@functools.cache
def authority(lab: Lab) -> Authority:
    """Who signs for the proxies, and for nobody else."""
    return Authority(lab.folder / "proxy-authority", PROXY, [])


def _hashed() -> str:
    """The password as Squid's helper reads it."""
    return subprocess.run(
        ["openssl", "passwd", "-apr1", PROXY_PASSWORD], check=True, text=True,
        capture_output=True, timeout=10).stdout.strip()


def _folder(lab: Lab, name: str) -> Path:
    """The proxy's own folder, which outlives its restarts."""
    folder = lab.folder / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)  # Squid's user writes there
    return folder
