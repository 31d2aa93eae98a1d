# SPDX-License-Identifier: Apache-2.0
"""Programs the lab starts, and the events they log.

A program writes into a log file of its own; waiting for an event reads on in
that file from where the last wait stopped. Ending one is by its id only.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

_POLL_SECONDS = 0.01
_TAIL_LINES = 25
_HEAD = re.compile(
    r"(?:\S+Z (?P<level>\w+) (?P<origin>from=worker )?)?event=")
_FIELD = re.compile(r'([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)')
_ESCAPE = re.compile(r"\\(.)")


class NotSeen(AssertionError):
    """A program did not log what was waited for."""


@dataclass(frozen=True)
class Event:
    """One log line of the form `TIME level event=NAME key=value …`.

    The client's keeper puts `from=worker` in front of a line of its worker.
    """

    name: str
    level: str
    fields: Mapping[str, str]
    text: str
    from_worker: bool = False

    def __getitem__(self, key: str) -> str:
        return self.fields.get(key, "")


def parse_event(line: str) -> Event | None:
    """Reads one log line; None when it is not an event."""
    head = _HEAD.match(line)
    if head is None:
        return None
    fields = {key: _unquote(value) for key, value in _FIELD.findall(line)}
    if head["origin"]:
        del fields["from"]
    return Event(fields.pop("event"), head["level"] or "", fields, line,
                 bool(head["origin"]))


def _unquote(value: str) -> str:
    """Takes quotes and backslashes off a value."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(r"\1", value[1:-1])
    return value


class Program:
    """A running program with its log. Ends with stop() or kill()."""

    def __init__(self, name: str, command: Sequence[str], log: Path,
                 environment: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.log = log
        self._seen = 0
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, **(environment or {})})

    @property
    def pid(self) -> int:
        """The process id inside the enclosure."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """The exit code, None while it runs."""
        return self._process.poll()

    def lines(self) -> list[str]:
        """All whole lines logged so far."""
        text = self.log.read_text(errors="replace")
        return text[:text.rfind("\n") + 1].splitlines()

    def events(self, name: str | None = None) -> list[Event]:
        """All events so far, or those of one name."""
        found = (parse_event(line) for line in self.lines())
        return [event for event in found
                if event is not None and name in (None, event.name)]

    def skip(self) -> None:
        """Makes the next wait begin at what is logged from now on."""
        self._seen = len(self.lines())

    def wait_for(self, name: str, timeout: float = 10,
                 **fields: str) -> Event:
        """Waits for the next event `name` whose fields have these values.

        Raises NotSeen when it does not come or the program ends before.
        """
        def match(line: str) -> Event | None:
            event = parse_event(line)
            if event is None or event.name != name:
                return None
            same = all(event[key] == fields[key] for key in fields)
            return event if same else None
        wanted = " ".join([name, *(f"{k}={v}" for k, v in fields.items())])
        return self._wait(match, f"event {wanted}", timeout)

    def wait_for_text(self, text: str, timeout: float = 10) -> str:
        """Waits for the next line that holds `text` and returns the line."""
        return self._wait(lambda line: line if text in line else None,
                          f"text {text!r}", timeout)

    def _wait(self, match: Callable[[str], Found | None], wanted: str,
              timeout: float) -> Found:
        """Looks at each new line until `match` returns something."""
        deadline = time.monotonic() + timeout
        while True:
            ended = self.exit_code()
            lines = self.lines()
            while self._seen < len(lines):
                self._seen += 1
                found = match(lines[self._seen - 1])
                if found is not None:
                    return found
            if ended is not None:
                raise NotSeen(self._story(f"ended with {ended} before",
                                          wanted))
            if time.monotonic() > deadline:
                raise NotSeen(self._story(f"{timeout} s without", wanted))
            time.sleep(_POLL_SECONDS)

    def _story(self, what: str, wanted: str) -> str:
        """What happened instead, with the end of the log."""
        return f"{self.name}: {what} {wanted}; its log ends:\n{self.tail()}"

    def tail(self) -> str:
        """The last lines of the log, indented."""
        return "\n".join("    " + line for line in self.lines()[-_TAIL_LINES:])

    def send(self, number: signal.Signals) -> None:
        """Sends a signal, unless the program has ended already."""
        self._process.send_signal(number)

    def wait(self, timeout: float = 10) -> int:
        """Waits until the program ends and returns its exit code."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise NotSeen(self._story(f"{timeout} s without",
                                      "its end")) from None

    def stop(self, timeout: float = 5) -> int:
        """Asks the program to end; kills it when it does not in time."""
        self.send(signal.SIGTERM)
        self.send(signal.SIGCONT)
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """Ends the program at once."""
        self._process.kill()
        return self._process.wait(10)
