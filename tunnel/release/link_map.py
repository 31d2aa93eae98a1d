# SPDX-License-Identifier: Apache-2.0
"""Reads lld's map: which section of which object lies where in the program."""

import re
from dataclasses import dataclass
from pathlib import Path

# Columns: VMA, LMA, size, alignment; the indent says output, input or symbol.
_LINE = re.compile(r"\s*([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)\s+\d+ ( *)(.*)")
_INPUT_INDENT = 8
_OUTPUT = re.compile(r"^bazel-out/[^/]+/bin/")
_LTO = re.compile(r"(^|/)[^/]*\.lto\.([^/]*\.o)$")


@dataclass(frozen=True)
class Piece:
    """One section of one object in the program."""

    object: str
    section: str
    address: int
    size: int


def object_name(path: str) -> str:
    """The object's path without Bazel's output folder and LTO's prefix."""
    return _LTO.sub(r"\1\2", _OUTPUT.sub("", path))


def read_map(path: Path) -> list[Piece]:
    """All pieces that take room in the program, in its order."""
    found = []
    for line in Path(path).read_text().splitlines():
        match = _LINE.fullmatch(line)
        if match is None or len(match[3]) != _INPUT_INDENT:
            continue
        name, _, section = match[4].rpartition(":(")
        if int(match[2], 16) and name:
            found.append(Piece(object_name(name), section.rstrip(")"),
                               int(match[1], 16), int(match[2], 16)))
    return found


def is_ours(name: str) -> bool:
    """Whether an object is made of this repository's own code."""
    return name.startswith(("auth/", "frame/", "netif/", "tunnel/"))


def is_built_here(name: str) -> bool:
    """Whether an object is compiled by this build: by us, or as a library."""
    return is_ours(name) or name.startswith("external/")
