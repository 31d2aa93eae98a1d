# SPDX-License-Identifier: Apache-2.0
"""The real programs around the tunnel: DNS, HTTP, syslog, SNMP.

Each runs with a configuration and folders of its own, so that none touches
the machine's, and all work without privilege outside of the enclosure.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from conformance.lab import namespaces
from conformance.lab.lab import HOST, OVOC, Lab
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import Program

_SYSLOG = """
global(workDirectory="{folder}" net.enableDNS="off")
module(load="imudp")
input(type="imudp" address="{address}" port="514")
template(name="line" type="string" string="%fromhost-ip% %rawmsg%\\n")
action(type="omfile" file="{file}" template="line")
"""

_SNMP = """
rocommunity public {manager}
sysName {name}
sysDescr device of the lab
"""

_SYS_NAME_OID = ".1.3.6.1.2.1.1.5.0"  # SNMPv2-MIB::sysName.0 (RFC 3418)
_MANAGER_PORT = 1161  # OVOC's source port of SNMP requests


def name_server(lab: Lab, *addresses: str, others: Mapping[str, str] =
                MappingProxyType({})) -> Program:
    """Starts dnsmasq in the cloud, answering HOST with `addresses`.

    `others` are further names with an address each. Any other name below
    example.net does not exist; the rest is refused.
    """
    record = ",".join([HOST, *(addresses or [CLOUD_ADDRESS])])
    program = lab.start("dnsmasq", CLOUD, [
        "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv",
        "--no-hosts", "--log-queries", "--bind-interfaces",
        f"--listen-address={CLOUD_ADDRESS}", "--local=/example.net/",
        f"--host-record={record}",
        *(f"--host-record={name},{address}"
          for name, address in others.items())])
    program.wait_for_text("cleared cache")
    return program


def web_server(lab: Lab, folder: Path) -> Program:
    """Starts an HTTP server on OVOC's address inside the tunnel."""
    program = lab.start("http", CLOUD, [
        sys.executable, "-u", "-m", "http.server", "80", "--bind", OVOC,
        "--directory", str(folder)])
    program.wait_for_text("Serving HTTP")
    return program


class Syslog:
    """rsyslogd on OVOC's address inside the tunnel."""

    def __init__(self, lab: Lab) -> None:
        folder = lab.folder / "rsyslog"
        folder.mkdir(exist_ok=True)
        self.file = folder / "received"
        config = folder / "rsyslog.conf"
        config.write_text(_SYSLOG.format(folder=folder, address=OVOC,
                                         file=self.file))
        self.program = lab.start("rsyslogd", CLOUD, [
            "rsyslogd", "-n", "-f", str(config),
            "-i", str(folder / "rsyslogd.pid")])
        namespaces.wait_for_udp(CLOUD, 514)

    def received(self, text: str) -> str:
        """The received line that holds `text`; empty when there is none."""
        if not self.file.exists():
            return ""
        for line in self.file.read_text().splitlines():
            if text in line:
                return line
        return ""


def send_syslog(text: str) -> None:
    """Sends one syslog line from the device to OVOC."""
    namespaces.run(DEVICE, ["logger", "--udp", "--server", OVOC, "--port",
                            "514", "--tag", "device", text])


def snmp_agent(lab: Lab, name: str) -> Program:
    """Starts snmpd on the device; only OVOC may read it."""
    folder = lab.folder / "snmp"
    folder.mkdir(exist_ok=True)
    config = folder / "snmpd.conf"
    config.write_text(_SNMP.format(manager=OVOC, name=name))
    program = lab.start("snmpd", DEVICE, [
        "snmpd", "-f", "-Lo", "-r", "-C", "-c", str(config),
        "-p", str(folder / "snmpd.pid"), "udp:0.0.0.0:161"],
        _snmp_environment(folder))
    namespaces.wait_for_udp(DEVICE, 161)
    return program


def snmp_get(lab: Lab, device: str) -> str:
    """Asks a device from OVOC for its sysName, as OVOC does."""
    folder = lab.folder / "snmp"
    variables = _snmp_environment(folder)
    command = ["env", *(f"{name}={value}"
                        for name, value in variables.items()),
               "snmpget", f"--clientaddr={OVOC}:{_MANAGER_PORT}",
               "--clientaddrUsesPort=yes", "-v2c", "-c", "public", "-Oqv",
               "-t", "1", "-r", "3", device, _SYS_NAME_OID]
    return namespaces.run(CLOUD, command).strip().strip('"')


def _snmp_environment(folder: Path) -> dict[str, str]:
    """Keeps Net-SNMP away from the machine's own files."""
    return {"MIBS": "", "SNMPCONFPATH": str(folder),
            "SNMP_PERSISTENT_DIR": str(folder)}
