# SPDX-License-Identifier: Apache-2.0
"""The measures, one function each. None changes the link that it measures.

Each returns figures by the keys of figures.COLUMNS, and raises BrokeDown when
the contestant did not carry what it was given.
"""

import json
import re
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from conformance.bench.cable import CableLab
from conformance.bench.contestants import POUR_PORT, Link, Tunnel
from conformance.bench.figures import LOST, Round, percentile
from conformance.bench.process_cost import cpu_seconds, family
from conformance.lab import namespaces
from conformance.lab.lab import binary
from conformance.lab.namespaces import CLOUD, DEVICE
from conformance.lab.programs import Event, NotSeen, Program

UP = "up"      # from the device to the cloud
DOWN = "down"

OFFERED = 400_000  # packets/s of a flood
_FLOOD_PORT = 9000
BURST = 16        # packets of one message in a flood: 40 us at that rate
_PING_MS = 5  # between two pings: long enough to be idle in between
_RUN_UP_SECONDS = 0.5         # of a transfer, before the pings begin
_PATIENCE_SECONDS = 15        # for the end of what should be over
_REPLY_SECONDS = 20
_LATE = re.compile(r"Max: +(\d+)")
_TIME = re.compile(r" bytes, ([0-9.]+) ms")
_SENT = re.compile(r"xmt/rcv/%loss = (\d+)/")
_FIRST_REPLY = str(Path(__file__).with_name("first_reply.py"))


class BrokeDown(Exception):
    """A contestant did not carry what it was given."""


def ping_times(text: str) -> list[float]:
    """The times in ms that fping(8) printed; LOST for one without an answer.

    Raises BrokeDown when there is none at all.
    """
    times = [float(found) for found in _TIME.findall(text)]
    sent = _SENT.search(text)
    if not times or sent is None:
        raise BrokeDown("no ping was answered")
    return times + [LOST] * (int(sent[1]) - len(times))


def ping_command(address: str, seconds: float) -> list[str]:
    """The command line that pings for a time.

    By fping, which sleeps between two pings: the ping of iputils turns round
    until the next, and takes a fifth of two cores from what is beside it.
    """
    return ["fping", "-c", str(round(1000 * seconds / _PING_MS)),
            "-p", str(_PING_MS), "-i", "1", "-t", "2000", address]


def idle_ping(lab: CableLab, link: Link, seconds: float) -> Round:
    """How long a reply takes while nothing else is carried."""
    if link.source is None:
        return {}
    program = lab.start("fping", DEVICE, ping_command(link.target, seconds))
    times = ping_times(_output(program, seconds))
    return {"ping_p50": percentile(times, 0.5),
            "ping_p99": percentile(times, 0.99), "ping_max": max(times)}


def lateness(text: str) -> float:
    """How late in ms cyclictest(8) says that a timer came at most."""
    found = _LATE.search(text)
    if found is None:
        raise BrokeDown(f"cyclictest says {text[-200:]!r}")
    return int(found[1]) / 1000


def late_timer(lab: CableLab, seconds: float) -> Round:
    """How late the machine itself wakes a program that waits for a timer.

    As often as a ping comes; whoever has to be woken to answer one does not
    answer sooner.
    """
    program = lab.start("cyclictest", DEVICE, [
        "cyclictest", "--quiet", "--laptop", f"--interval={1000 * _PING_MS}",
        f"--loops={round(1000 * seconds / _PING_MS)}"])
    return {"timer_max": lateness(_output(program, seconds))}


def poured(text: str) -> tuple[float, int]:
    """What iperf3 --json says was received: Mbit/s and bytes."""
    try:
        answer: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokeDown(f"iperf3 says {text[-200:]!r}") from error
    received = answer.get("end", {}).get("sum_received", {})
    if "error" in answer or not received.get("bytes"):
        raise BrokeDown(f"iperf3: {answer.get('error', 'nothing came')}")
    return received["bits_per_second"] / 1e6, received["bytes"]


def transfer(lab: CableLab, link: Link, way: str, seconds: int) -> Round:
    """The rate of one TCP connection, its cost, and pings beside it."""
    server = lab.start("iperf3-server", CLOUD, [
        "iperf3", "--server", "--one-off", "--port", str(POUR_PORT)])
    namespaces.wait_for_tcp(CLOUD, POUR_PORT)
    pids = family(link.client.pid) if link.client else []
    before = cpu_seconds(pids)
    client = lab.start("iperf3", DEVICE, [
        "iperf3", "--client", link.target, "--port", str(POUR_PORT),
        "--time", str(seconds), "--json",
        *(["--reverse"] if way == DOWN else [])])
    time.sleep(_RUN_UP_SECONDS)
    ping = None if link.source is None else lab.start(
        "fping", DEVICE, ping_command(link.target,
                                      seconds - 2 * _RUN_UP_SECONDS))
    rate, size = poured(_output(client, seconds))
    spent = cpu_seconds(pids) - before
    server.stop()
    values: dict[str, float] = {f"tcp_{way}": rate}
    if pids:
        values[f"cpu_{way}"] = spent / (size / 1e9)
    if ping is not None:
        times = ping_times(_output(ping, seconds))
        answered = [value for value in times if value < LOST]
        values[f"loaded_{way}"] = percentile(answered, 0.99)
        values[f"lost_{way}"] = 100 * (1 - len(answered) / len(times))
    return values


def flood(lab: CableLab, link: Link, way: str, seconds: int) -> Round:
    """How many of OFFERED 64-byte packets a second arrive.

    They are sent in bursts; udp_flood.cc says why.
    """
    return _flood(lab, link, way, seconds, BURST)


def single_flood(lab: CableLab, link: Link, way: str, seconds: int) -> Round:
    """The same with packets that have nothing to do with each other."""
    return _flood(lab, link, way, seconds, 1)


def _flood(lab: CableLab, link: Link, way: str, seconds: int,
           burst: int) -> Round:
    """Floods, and counts at the other end."""
    key = f"{'packets' if burst > 1 else 'single'}_{way}"
    if link.source is None:
        return {}
    sender, receiver, address = (
        (DEVICE, CLOUD, link.target) if way == UP else
        (CLOUD, DEVICE, link.source))
    program = binary("conformance/bench/udp_flood", "OVOC_UDP_FLOOD")
    place = [address, str(_FLOOD_PORT)]
    sink = lab.start("sink", receiver, [
        program, "count", *place, str(seconds + _RUN_UP_SECONDS)])
    sink.wait_for("ready")
    source = lab.start("source", sender, [
        program, "send", *place, str(OFFERED), str(seconds), str(burst)])
    sent = _event(source, "sent", seconds)
    counted = _event(sink, "counted", 2 * seconds)
    if counted["packets"] == "0":
        raise BrokeDown("none of the packets arrived")
    return {key: thousands_a_second(counted, seconds),
            f"{key}_offered": thousands_a_second(sent, seconds)}


def thousands_a_second(event: Event, seconds: float) -> float:
    """The rate in an event of udp_flood's, over `seconds` at least.

    What comes in less time is a burst, and no rate.
    """
    return (int(event["packets"]) / 1000
            / max(float(event["seconds"]), seconds))


def start_to_reply(lab: CableLab, tunnel: Tunnel, times: int) -> Round:
    """From the client's start to the first reply through its tunnel.

    Its server runs already. The median of several starts, each ended again.
    """
    found = []
    for _ in range(times):
        command = tunnel.client_command(lab)
        agent = lab.start("first_reply", DEVICE, [
            sys.executable, "-u", _FIRST_REPLY, tunnel.target,
            str(_REPLY_SECONDS), shutil.which(command[0]) or command[0],
            *command[1:]])
        found.append(float(_event(agent, "first_reply",
                                  _REPLY_SECONDS)["ms"]))
        agent.wait(_PATIENCE_SECONDS)
    return {"start": statistics.median(found)} if found else {}


def check(link: Link) -> None:
    """Raises BrokeDown when the link does not live (any more)."""
    code = None if link.client is None else link.client.exit_code()
    if link.client is not None and code is not None:
        raise BrokeDown(f"the client ended with {code}")
    if link.source is not None:
        try:
            namespaces.run(DEVICE, ["ping", "-n", "-c", "1", "-w", "5",
                                    link.target])
        except RuntimeError:
            raise BrokeDown("5 s without a reply") from None


def _event(program: Program, name: str, seconds: float) -> Event:
    """The event that ends a measure of this many seconds."""
    try:
        return program.wait_for(name, seconds + _PATIENCE_SECONDS)
    except NotSeen as error:
        raise BrokeDown(str(error)) from error


def _output(program: Program, seconds: float) -> str:
    """All that a program prints until its end, due in so many seconds."""
    try:
        program.wait(seconds + _PATIENCE_SECONDS)
    except NotSeen as error:
        program.kill()
        raise BrokeDown(str(error)) from error
    return program.log.read_text(errors="replace")
