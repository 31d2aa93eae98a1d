# SPDX-License-Identifier: Apache-2.0
"""The results as tables, and the tables as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.bench.aims import AIMS
from conformance.bench.figures import (COLUMNS, Round, Summary, Value,
                                       column_of, ratios, shown,
                                       summarize)

WORDS = ("Up is from the device to the cloud. A ping's p99 under load is of"
         " those that were answered. Broke down: the contestant ended, or"
         " answered nothing for 5 s behind the load; it was started anew for"
         " the next measure. No ping that has to wake a program is safe from"
         " the lateness of the machine's own timer, told of the cable.")
_REFERENCES = ("ours", "stunnel")
_RATIO_DIGITS = 2

# The short table: a head, the keys in a cell, digits behind the point.
_SHORT = (
    ("TCP up / down Mbit/s", ("tcp_up", "tcp_down"), 0),
    ("client CPU s/GB up / down", ("cpu_up", "cpu_down"), 1),
    ("idle ping p99 / max ms", ("ping_p99", "ping_max"), 2),
    ("ping p99 under load up / down ms", ("loaded_up", "loaded_down"), 1),
    ("64-byte packets delivered, thousand/s, up / down",
     ("packets_up", "packets_down"), 0),
    ("the same sent singly", ("single_up", "single_down"), 0),
    ("resident MiB idle / most", ("resident_idle", "resident_most"), 1),
    ("start to first reply ms", ("start",), 0),
)


@dataclass(frozen=True)
class Table:
    """A table of texts; the first cell of a row names it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Results:
    """All rounds of all contestants, by their names, in the table's order."""

    rounds: Mapping[str, Sequence[Round]]
    titles: Mapping[str, str]
    ciphers: Mapping[str, str]

    @property
    def round_count(self) -> int:
        """How many rounds there are of every contestant."""
        return min(map(len, self.rounds.values()), default=0)

    def values(self, name: str, key: str) -> list[Value]:
        """One contestant's figure in all rounds."""
        return column_of(self.rounds[name], key)

    def summary(self, name: str, key: str) -> Summary | None:
        """What they come to."""
        return summarize(self.values(name, key))

    def ratio(self, name: str, other: str, key: str) -> Summary | None:
        """One contestant's figure by another's, round by round."""
        return summarize(ratios(self.values(name, key),
                                self.values(other, key)))


def short_table(results: Results) -> Table:
    """The medians, a contestant in a row."""
    rows = []
    for name, title in results.titles.items():
        row = [title]
        for _, keys, digits in _SHORT:
            found = [results.summary(name, key) for key in keys]
            cells = [shown(each and Summary(each.median, each.median,
                                            each.median, 1, each.is_broken),
                           digits) for each in found]
            row.append(" / ".join(cells) if any(found) else "-")
        rows.append(row)
    return Table("Medians", ["", *(head for head, _, _ in _SHORT)], rows)


def full_table(results: Results) -> Table:
    """Medians and spreads, a measure in a row."""
    rows = [[f"{column.title}, {column.unit}",
             *(shown(results.summary(name, column.key), column.digits)
               for name in results.titles)] for column in COLUMNS]
    return Table("Median (least..most) of the rounds",
                 ["", *results.titles], rows)


def ratio_table(results: Results, reference: str) -> Table:
    """Everything by one contestant's figures."""
    rows = []
    for column in COLUMNS:
        cells = [results.ratio(name, reference, column.key)
                 for name in results.titles]
        if column.is_result and any(cells):
            rows.append([column.title, *(shown(cell, _RATIO_DIGITS)
                                         for cell in cells)])
    return Table(f"Ratio to {reference} in the same round",
                 ["", *results.titles], rows)


def aims_table(results: Results) -> Table:
    """What was aimed at, and what became of it."""
    rows = []
    for aim in AIMS:
        if {aim.name, aim.reference or aim.name} <= set(results.titles):
            found = (results.ratio(aim.name, aim.reference, aim.key)
                     if aim.reference else results.summary(aim.name, aim.key))
            rows.append([aim.title, aim.limit_text,
                         shown(found, aim.digits), aim.verdict(found)])
    return Table("Held against the aims", ["", "aim", "found", ""], rows)


def tables(results: Results) -> list[Table]:
    """All tables that have something in them."""
    found = [short_table(results), aims_table(results), full_table(results),
             *(ratio_table(results, reference) for reference in _REFERENCES
               if reference in results.titles)]
    return [table for table in found if table.rows]


def table_text(table: Table) -> str:
    """A table in Markdown, its columns aligned."""
    rows = [table.head, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width
                               in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths)
                 + "|")
    return "\n".join([f"## {table.title}", "", *lines])


def text(results: Results, about: Mapping[str, str]) -> str:
    """The whole report as text."""
    facts = "\n".join(f"- {name}: {value}" for name, value in about.items())
    return "\n\n".join(["# Our client beside its peers", facts, WORDS,
                        *map(table_text, tables(results))]) + "\n"
