# SPDX-License-Identifier: Apache-2.0
"""Reads the tables of a document that a test compares with the program."""

from pathlib import Path

_ROOT = Path(__file__).absolute().parents[2]


def rows(document: str, heading: str) -> list[list[str]]:
    """The rows of the first table behind `## heading`, its head left out.

    Raises LookupError when there is no such heading or no table behind it.
    """
    text = (_ROOT / document).read_text()
    _, found, section = text.partition(f"\n## {heading}\n")
    if not found:
        raise LookupError(f"{document} has no section {heading!r}")
    section = section.partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in lines]
    if len(cells) < 3 or not set(cells[1][0]) <= set("-: "):
        raise LookupError(f"{document}, {heading!r}: no table")
    return cells[2:]
