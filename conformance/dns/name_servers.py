# SPDX-License-Identifier: Apache-2.0
"""Real name servers in the lab's cloud, with the same names in each.

Each runs with a configuration and a folder of its own. Without DNSSEC: the
client's resolver has none, and signatures would only be in the way.
"""

import sys
from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.lab import Lab
from conformance.lab.namespaces import (CLOUD, CLOUD_ADDRESS, CLOUD_ADDRESS_6,
                                        SECOND_CLOUD_ADDRESS)
from conformance.lab.programs import Program

MANY = 100  # addresses of many.example.net: over 1232 bytes (EDNS), so by TCP

_UNBOUND = """
server:
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  logfile: ""
  verbosity: 1
  log-queries: yes
  module-config: "iterator"
  rrset-roundrobin: no
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
{interfaces}
  local-zone: "example.net." static
  local-zone: "refused.example.org." refuse
{data}
forward-zone:
  name: "example.org."
  forward-addr: {forward}
remote-control:
  control-enable: no
"""

# Links n4 -> n3 -> … -> host, each with a lifetime of its own.
_LINKS = {"n4": ("n3", 400), "n3": ("n2", 90), "n2": ("n1", 300),
          "n1": ("host", 200)}


def many() -> list[str]:
    """The addresses of many.example.net."""
    return [f"192.0.2.{i}" for i in range(1, MANY + 1)]


def _listen() -> list[str]:
    """The addresses to listen on."""
    return [CLOUD_ADDRESS] + [CLOUD_ADDRESS_6] * namespaces.has_ipv6()


def dnsmasq(lab: Lab, address: str = "") -> Program:
    """Starts dnsmasq; on `address` only, if given."""
    lab.folder.joinpath("dnsmasq").mkdir(exist_ok=True)
    hosts = lab.folder / "dnsmasq" / "hosts"
    hosts.write_text("".join(f"{each} many.example.net\n" for each in many()))
    command = ["dnsmasq", "--no-daemon", "--conf-file=/dev/null",
               "--no-resolv", "--no-hosts", f"--addn-hosts={hosts}",
               "--log-queries", "--bind-interfaces", "--local=/example.net/",
               "--host-record=host.example.net,192.0.2.7,2001:db8::7,300",
               "--host-record=v4.example.net,192.0.2.8,60",
               "--host-record=v6.example.net,2001:db8::8,60",
               "--host-record=forwarded.example.org,192.0.2.9,60",
               "--host-record=refused.hostile.example,192.0.2.10,60"]
    command += [f"--cname={link}.example.net,{target}.example.net,{ttl}"
                for link, (target, ttl) in reversed(_LINKS.items())]
    command += [f"--listen-address={each}"
                for each in ([address] if address else _listen())]
    program = lab.start("dnsmasq", CLOUD, command)
    program.wait_for_text(f"{MANY} names")
    return program


def unbound(lab: Lab) -> Program:
    """Starts unbound; it asks dnsmasq about example.org."""
    folder = lab.folder / "unbound"
    folder.mkdir(exist_ok=True)
    records = ["host 300 IN A 192.0.2.7", "host 300 IN AAAA 2001:db8::7",
               "v4 60 IN A 192.0.2.8", "v6 60 IN AAAA 2001:db8::8"]
    records += [f"many 60 IN A {each}" for each in many()]
    records += [f"{link} {ttl} IN CNAME {target}.example.net."
                for link, (target, ttl) in _LINKS.items()]
    data = "\n".join("  local-data: \"{}.example.net. {}\"".format(
        *each.split(" ", 1)) for each in records)
    config = folder / "unbound.conf"
    config.write_text(_UNBOUND.format(
        folder=folder, forward=SECOND_CLOUD_ADDRESS, data=data,
        interfaces="\n".join(f"  interface: {each}" for each in _listen())))
    program = lab.start("unbound", CLOUD, ["unbound", "-d", "-c",
                                           str(config)])
    program.wait_for_text("start of service")
    return program


def hostile(lab: Lab, other: str = "") -> Program:
    """Starts the name server that does everything wrong.

    `other` is an IPv4 address of the cloud to answer from unasked.
    """
    script = Path(__file__).with_name("hostile_dns.py")
    addresses = [f"{SECOND_CLOUD_ADDRESS},{other}"]
    addresses += [CLOUD_ADDRESS_6] * namespaces.has_ipv6()
    program = lab.start("hostile_dns", CLOUD, [sys.executable, "-u",
                                               str(script), *addresses])
    program.wait_for_text("ready")
    return program
