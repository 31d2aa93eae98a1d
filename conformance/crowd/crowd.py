# SPDX-License-Identifier: Apache-2.0
"""Many clients on one device of the lab, and an OVOC that leaves them.

Each client has an interface of its own, so the device has as many routes to
OVOC as it has clients: a socket bound to an interface takes that client's.
"""

import math
import signal
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conformance.crowd.process_memory import Memory, middle, of_process
from conformance.lab import namespaces, services
from conformance.lab.lab import OVOC, Lab
from conformance.lab.namespaces import CLOUD, DEVICE, UPLINK
from conformance.lab.programs import Event, Program

INTERFACE = "crowd"  # and a number from 0
_PORT = 443
_FOLDER = Path(__file__).parent
_PAGE_SECONDS = 0.2  # between two looks at the server's memory


def logged_at(event: Event) -> float:
    """When a line was logged, in seconds since 1970."""
    return datetime.fromisoformat(event.text.split()[0]).timestamp()


@dataclass(frozen=True)
class Answers:
    """What came of pinging through all interfaces."""

    interfaces: int  # that got an answer
    silent: list[str]
    text: str


@dataclass(frozen=True)
class Wait:
    """Before one connection, in seconds."""

    drawn: float  # by the policy
    # Since the connection before was begun, or the server killed: a client
    # notes the time before it writes the log, so a wait by itself can look
    # shorter than it was.
    apart: float


@dataclass(frozen=True)
class Loss:
    """What one client did without its server; seconds since 1970."""

    at: float  # when it knew
    waits: list[Wait]
    back: float


@dataclass(frozen=True)
class Restart:
    """A server that was killed and came back; seconds since 1970."""

    killed: float
    listening: float
    losses: list[Loss]
    attempts: list[float]  # SYNs that reached the server's machine
    repeated: int          # SYNs that were sent again

    @property
    def outage(self) -> float:
        """How long the server was away, in seconds."""
        return self.listening - self.killed

    def back_after(self) -> list[float]:
        """Seconds from the server's return to each client's, ascending."""
        return sorted(loss.back - self.listening for loss in self.losses)


class Crowd:
    """A server and its clients; all of them are the lab's programs."""

    def __init__(self, lab: Lab, number: int) -> None:
        self._lab = lab
        self.number = number
        services.name_server(lab)
        # A reply comes in by the route of any client, as the device has many.
        namespaces.run(DEVICE, ["tee", "/proc/sys/net/ipv4/conf/all/rp_filter"
                                ], text="2\n")
        self._pair = lab.authority.good()
        self.server = lab.server(self._pair)
        self._watch = self._agent(CLOUD, "syn_watch", UPLINK, _PORT)
        self._watch.wait_for("ready")
        self._restarts = 0
        self.clients: list[Program] = []

    def _agent(self, namespace: str, module: str,
               *arguments: object) -> Program:
        """Starts a Python module of this folder in a namespace."""
        script = _FOLDER / f"{module}.py"
        return self._lab.start(module, namespace, [
            sys.executable, "-u", str(script), *map(str, arguments)])

    def start(self, timeout: float) -> float:
        """Starts the clients; returns the seconds until all are up."""
        begun = time.monotonic()
        for index in range(self.number):
            self.clients.append(self._lab.client(self._lab.settings(
                WSTunInterface=f"{INTERFACE}{index}")))
        self._wait_until_up(begun + timeout)
        return time.monotonic() - begun

    def _wait_until_up(self, deadline: float) -> None:
        """Waits for the next tunnel_up of each client."""
        for client in self.clients:
            client.wait_for("tunnel_up", max(deadline - time.monotonic(), 1))

    def stop(self) -> None:
        """Asks all clients to end; the lab waits for it."""
        for client in self.clients:
            client.send(signal.SIGTERM)

    def ping(self, rounds: int = 1, interval: float = 1,
             size: int = 56) -> Answers:
        """Sends through every tunnel, and waits for what comes back."""
        return self._answers(self._pinging(rounds, interval, size))

    def _pinging(self, rounds: int, interval: float, size: int) -> Program:
        """Starts to send."""
        return self._agent(DEVICE, "echo_all", INTERFACE, self.number, OVOC,
                           rounds, interval, size)

    def _answers(self, agent: Program) -> Answers:
        """Waits for the end."""
        echoed = agent.wait_for("echoed", 60)
        silent = [event["interface"] for event in agent.events("silent")]
        return Answers(int(echoed["interfaces"]), silent,
                       echoed.text.removeprefix("event=echoed "))

    def server_memory(self) -> Memory:
        """Of the server as it is now."""
        return of_process(self.server.pid)

    def busy_server_memory(self, rounds: int, interval: float,
                           size: int) -> tuple[Memory, Answers]:
        """The server's memory at its largest while every client sends."""
        agent = self._pinging(rounds, interval, size)
        largest = self.server_memory()
        while not agent.events("echoed"):
            largest = max(largest, self.server_memory(),
                          key=lambda each: each.resident)
            time.sleep(_PAGE_SECONDS)
        return largest, self._answers(agent)

    def client_memory(self) -> tuple[Memory, Memory]:
        """The middle keeper's and the middle worker's. Needs root."""
        workers = [int(client.events("worker")[-1]["pid"])
                   for client in self.clients]
        return (middle(of_process(client.pid) for client in self.clients),
                middle(of_process(pid) for pid in workers))

    def restart(self, outage: float, timeout: float) -> Restart:
        """Kills the server, starts it again, waits until all are back.

        The clients are on one machine, where a client takes no address that
        another's interface still has: the new server gives out others.
        """
        seen = []
        for client in self.clients:
            client.skip()
            seen.append(len(client.events()))
        killed = time.time()
        self.server.kill()
        time.sleep(max(outage - (time.time() - killed), 0))
        self._restarts += 1
        self.server = self._lab.server(
            self._pair,
            f"--overlay_first={1 + self._restarts * self.number}")
        listening = logged_at(self.server.events("listening")[0])
        self._wait_until_up(time.monotonic() + timeout)
        attempts, repeated = self._attempts_since(killed)
        losses = [_loss(client.events()[count:], killed)
                  for client, count in zip(self.clients, seen)]
        return Restart(killed, listening, losses, attempts, repeated)

    def _attempts_since(self, start: float) -> tuple[list[float], int]:
        """When SYNs came, and how many were repeated ones."""
        seen: dict[str, float] = {}
        events = [event for event in self._watch.events("syn")
                  if float(event["at"]) >= start]
        for event in events:
            seen.setdefault(f"{event['port']} {event['sequence']}",
                            float(event["at"]))
        return sorted(seen.values()), len(events) - len(seen)


def _loss(events: list[Event], killed: float) -> Loss:
    """What a client's log says, from its loss to its return."""
    times: dict[str, list[float]] = {}
    for event in events:
        times.setdefault(event.name, []).append(logged_at(event))
    drawn = [float(event["delay_ms"]) / 1000 for event in events
             if event.name == "retry"]
    begun = [killed, *times["resolving"]]
    return Loss(times["tunnel_down"][0],
                [Wait(seconds, after - before) for seconds, before, after
                 in zip(drawn, begun, begun[1:])],
                times["tunnel_up"][-1])


def quantile(values: list[float], share: float) -> float:
    """The value that a share of all, above 0, does not exceed; ascending."""
    return values[math.ceil(share * len(values)) - 1]


def shown(values: list[float]) -> str:
    """Lowest, middle and highest."""
    return (f"{min(values):.2f} / {statistics.median(values):.2f} /"
            f" {max(values):.2f}")
