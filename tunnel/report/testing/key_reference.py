# SPDX-License-Identifier: Apache-2.0
"""A document that describes the keys of a JSON object, as a program writes it.

Under the heading Keys it has an entry for each key, in the order of the output:

    - `round_trip.last_ms` (number, milliseconds): the meaning. Null: when.

The unit is left out where there is none, and the last sentence where the value
is always known. Under the heading Example it has one object, in a block of code.
"""

import json
import re
import unittest
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

_TYPES = {"text": str, "time": str, "number": (int, float), "boolean": bool,
          "list": list, "object": dict}
_SUFFIXES = {"": "", "seconds": "_s", "milliseconds": "_ms"}
_ENTRY = re.compile(r"- `([^`]+)` \((\w+)(?:, (\w+))?\): (.+?)\."
                    r"(?: Null: (.+)\.)?")


class Key(NamedTuple):
    """One key, as the document has it."""

    name: str  # with those around it: `tls.version`, `events[].time`
    type: str
    unit: str  # empty: none
    meaning: str
    null: str  # when the value is null; empty: never


def part(text: str, heading: str) -> str:
    """What stands under a heading of the document."""
    begin = text.index(f"\n## {heading}\n")
    begin = text.index("\n", begin + 1) + 1
    end = text.find("\n## ", begin)
    return text[begin:end if end > 0 else len(text)]


def documented(text: str) -> list[Key]:
    """The entries of a document; AssertionError at one of another form."""
    found = []
    for entry in re.split(r"\n(?=- )", part(text, "Keys").strip()):
        match = _ENTRY.fullmatch(re.sub(r"\n +", " ", entry))
        assert match is not None, entry
        name, kind, unit, meaning, null = match.groups("")
        found.append(Key(name, kind, unit, meaning, null))
    return found


def example(text: str) -> object:
    """The object of a document."""
    return json.loads(part(text, "Example").split("```")[1].removeprefix("json"))


def members(value: object, maps: frozenset[str] = frozenset(),
            path: str = "") -> Iterator[tuple[str, object]]:
    """Each key with its value, those inside an object behind it; of a list of
    objects the keys of the first. The keys of `maps` are values themselves."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield from members(value[0], maps, f"{path}[]")
    if isinstance(value, dict) and path not in maps:
        for name, inner in value.items():
            place = f"{path}.{name}" if path else name
            yield place, inner
            yield from members(inner, maps, place)


class KeyReferenceCase(unittest.TestCase):
    """Neither the document nor the output says more than the other.

    A subclass sets these in setUpClass.
    """

    text: str  # the document
    known: dict[str, object]  # an output in which everything is known
    unknown: dict[str, object]  # and one in which nothing is
    # And one that has each object, in which nothing is known.
    hollow: dict[str, object]
    maps: frozenset[str] = frozenset()
    # What `null` says of a key that is null only where nothing is written yet.
    not_written: str = ""

    def test_the_keys_are_those_of_the_output_in_its_order(self) -> None:
        """Those inside of objects too; the version of the form comes first."""
        self.assertEqual([key.name for key in documented(self.text)],
                         [name for name, _ in members(self.known, self.maps)])
        self.assertEqual(next(iter(self.known)), "schema_version")

    def test_each_value_has_the_documented_type(self) -> None:
        """And is not null where everything is known; a number has its unit in
        its name."""
        values = dict(members(self.known, self.maps))
        for key in documented(self.text):
            with self.subTest(key=key.name):
                value = values[key.name]
                self.assertIsInstance(value, _TYPES[key.type])
                self.assertEqual(isinstance(value, bool), key.type == "boolean")
                if key.type == "time":
                    datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%S.%fZ")
                self.assertTrue(key.name.endswith(_SUFFIXES[key.unit]))
                self.assertGreater(len(key.meaning), 5)

    def test_the_example_is_the_output(self) -> None:
        """What a reader copies from the document is what comes."""
        self.assertEqual(json.dumps(example(self.text)), json.dumps(self.known))

    def test_a_key_is_null_only_where_the_document_says_when(self) -> None:
        """A key is null only where the document says when."""
        values = {**dict(members(self.hollow, self.maps)),
                  **dict(members(self.unknown, self.maps))}
        for key in documented(self.text):
            if self.not_written and key.null == self.not_written:
                continue
            with self.subTest(key=key.name):
                self.assertIn(key.name, values)
                self.assertEqual(values[key.name] is None, key.null != "")

    def test_no_key_is_left_out(self) -> None:
        """Of the outermost object, however little is known."""
        self.assertEqual(list(self.unknown), list(self.known))
