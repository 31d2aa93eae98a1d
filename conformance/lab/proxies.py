# SPDX-License-Identifier: Apache-2.0
"""nginx and HAProxy in front of OVOC, as its operators place them.

Both end TLS at the cloud's address, ask for the password themselves and pass
/tun on to a stand-in that listens on the loopback interface of the cloud. Each
runs in the foreground, as one process, with a configuration and a folder of
its own.
"""

from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.lab import (HOST, PASSWORD, SERVER_INTERFACE, USER,
                                 Lab)
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS
from conformance.lab.programs import Program

BEHIND = "127.0.0.1"  # where the stand-in listens, port 80

_NGINX = """
daemon off;
master_process off;
env LD_PRELOAD;
env FAKETIME;
pid {folder}/nginx.pid;
error_log stderr info;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {address}:443 ssl;
    server_name {host};
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    {clients}
    auth_basic "OVOC";
    auth_basic_user_file {folder}/users;
    location = /tun {{
      proxy_pass http://{behind}:80;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_read_timeout {read_timeout}s;
    }}
    location / {{ return 404; }}
  }}
}}
"""

_HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
userlist people
  user {user} insecure-password {password}
frontend device
  bind {address}:443 ssl crt {folder}/pair.pem alpn http/1.1
  http-request auth realm OVOC unless {{ http_auth(people) }}
  http-request return status 404 unless {{ path /tun }}
  default_backend ovoc
backend ovoc
  server standin {behind}:80
"""


def stand_in(lab: Lab, *options: str,
             tun: str = SERVER_INTERFACE) -> Program:
    """Starts OVOC as it stands behind a proxy: no TLS, no password, no path.

    It answers as AudioCodes' own program does (conformance/ovoc_server).
    """
    return lab.server(None, "--quirks=legacy", "--front=direct", *options,
                      listen=BEHIND, tun=tun)


def nginx(lab: Lab, read_timeout: int = 60,
          client_roots: Path | None = None, clock: str = "") -> Program:
    """Starts nginx; it cuts a tunnel after `read_timeout` silent seconds.

    With `client_roots` it takes only devices that prove a certificate of
    theirs. With a `clock` its own clock is off by that ("-2h", faketime(1)).
    """
    folder = _folder(lab, "nginx")
    pair = lab.authority.good()
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(
        folder=folder, address=CLOUD_ADDRESS, host=HOST, behind=BEHIND,
        certificate=pair.certificate, key=pair.key,
        read_timeout=read_timeout,
        clients=("" if client_roots is None else "ssl_verify_client on;"
                 f" ssl_client_certificate {client_roots};")))
    program = lab.start("nginx", CLOUD, [
        *_with_clock(clock), "nginx", "-p", str(folder), "-c", str(config), "-e", "stderr"])
    namespaces.wait_for_tcp(CLOUD, 443, CLOUD_ADDRESS)
    return program


def _with_clock(clock: str) -> list[str]:
    """What goes in front of a command whose clock is off.

    Not faketime itself, which would stay as the parent and take its signals.
    """
    if not clock:
        return []
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return ["env", f"LD_PRELOAD={library}", f"FAKETIME={clock}"]


def haproxy(lab: Lab) -> Program:
    """Starts HAProxy, which sends all header names in lower case."""
    folder = _folder(lab, "haproxy")
    pair = lab.authority.good()
    (folder / "pair.pem").write_text(pair.certificate.read_text()
                                     + pair.key.read_text())
    config = folder / "haproxy.cfg"
    config.write_text(_HAPROXY.format(
        folder=folder, address=CLOUD_ADDRESS, behind=BEHIND, user=USER,
        password=PASSWORD))
    program = lab.start("haproxy", CLOUD, ["haproxy", "-db", "-f",
                                           str(config)])
    namespaces.wait_for_tcp(CLOUD, 443)
    return program


def _folder(lab: Lab, name: str) -> Path:
    """The proxy's own folder, which outlives its restarts."""
    folder = lab.folder / name
    folder.mkdir(exist_ok=True)
    return folder
