# SPDX-License-Identifier: Apache-2.0
"""The command line of the benchmark of peers."""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.bench.contestants import CONTESTANTS, Contestant

_ROUNDS = 5
_MAX_ROUNDS = 100
_SECONDS = 4  # so that all rounds take less than 15 minutes
_MIN_SECONDS = 2
_MAX_SECONDS = 60
_PAGE = Path(tempfile.gettempdir()) / "ovoc-peers.html"


@dataclass(frozen=True)
class Options:
    """What is to be measured."""

    contestants: list[Contestant]
    rounds: int
    seconds: int  # of a transfer
    html: Path    # where the page goes


def _within(least: int, most: int, text: str) -> int:
    """A whole number of a range, for argparse."""
    if not text.isdecimal() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not valid; give a number from {least} to {most}")
    return int(text)


def _chosen(text: str) -> list[Contestant]:
    """The contestants of a list with commas, in the table's order."""
    wanted = text.split(",")
    known = {contestant.name: contestant for contestant in CONTESTANTS}
    for name in wanted:
        if name not in known:
            raise argparse.ArgumentTypeError(
                f"no contestant '{name}', there are: {', '.join(known)}")
    return [known[name] for name in known if name in wanted]


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Reads the command line; ends the program when it is wrong."""
    parser = argparse.ArgumentParser(prog="peers", allow_abbrev=False)
    parser.add_argument(
        "--rounds", type=lambda text: _within(1, _MAX_ROUNDS, text),
        default=_ROUNDS, help="how often each is measured (%(default)s)")
    parser.add_argument(
        "--seconds", type=lambda text: _within(_MIN_SECONDS, _MAX_SECONDS,
                                               text),
        default=_SECONDS, help="how long a transfer lasts (%(default)s)")
    parser.add_argument(
        "--only", type=_chosen, default=list(CONTESTANTS), metavar="NAME,...",
        help="of: " + ", ".join(each.name for each in CONTESTANTS))
    parser.add_argument("--html", metavar="FILE", default=str(_PAGE),
                        help="where the page goes (%(default)s)")
    parser.add_argument("--quick", action="store_true", help=(
        f"one round of {_MIN_SECONDS} seconds, to see that it runs"))
    found = parser.parse_args(arguments)
    if found.quick:
        found.rounds, found.seconds = 1, _MIN_SECONDS
    # `bazel run` starts programs in a folder of its own.
    folder = Path(environment.get("BUILD_WORKING_DIRECTORY", ".")).absolute()
    return Options(found.only, found.rounds, found.seconds,
                   folder / found.html)
