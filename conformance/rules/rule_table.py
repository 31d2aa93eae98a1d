# SPDX-License-Identifier: Apache-2.0
"""Reads a table of RFC rules; README.md says what stands in one."""

import re
from dataclasses import dataclass, field

RULE = re.compile(r"RFC (\d+) ([0-9]+(?:\.[0-9]+)*) (MUST(?: NOT)?): (\S.*)")
SECTION = re.compile(r"section ([0-9]+(?:\.[0-9]+)*): (\d+) = (\d+) \+ (\d+)(?: \((.+)\))?")
TEST = re.compile(r"(\S+) ([A-Za-z_]\w*\.[A-Za-z_]\w*)")
FIELDS = ("words", "code", "test", "same as", "departs", "not applicable", "note")
MAX_RULE_LENGTH = 100
MIN_REASON_WORDS = 4


@dataclass
class Rule:
    """One MUST of a client. `place` is its file and line, for messages."""

    rfc: str
    section: str
    word: str
    text: str
    place: str
    words: int = 1  # how many key words of the section it stands for
    code: list = field(default_factory=list)  # files
    tests: list = field(default_factory=list)  # (file, "Suite.Name")
    same_as: str = ""
    departs: str = ""
    not_applicable: str = ""

    def name(self):
        return f"RFC {self.rfc} {self.section} {self.word}: {self.text}"

    def kind(self):
        for kind in ("not_applicable", "departs", "same_as"):
            if getattr(self, kind):
                return kind
        return "enforced"


@dataclass
class Section:
    """The key words of one section: all = a client's + others'."""

    number: str
    all: int
    ours: int
    others: int
    place: str
    rules: list = field(default_factory=list)


def order(section):
    return [int(part) for part in section.split(".")]


class Reader:
    """Lines in; sections with their rules, and what is wrong with them, out."""

    def __init__(self, name, rfc):
        self.name = name
        self.rfc = rfc
        self.sections = []
        self.problems = []
        self.rule = None

    def problem(self, place, text):
        self.problems.append(f"{place}: {text}")

    def read(self, text):
        for number, line in enumerate(text.splitlines(), 1):
            place = f"{self.name}:{number}"
            if not line or line.startswith("#"):
                continue
            if line.startswith("section "):
                self.read_section(place, line)
            elif line.startswith("RFC "):
                self.read_rule(place, line)
            elif line.startswith("  "):
                self.read_field(place, line.strip())
            else:
                self.problem(place, "neither a section nor a rule nor a field")
        return self

    def read_section(self, place, line):
        self.rule = None
        match = SECTION.fullmatch(line)
        if not match:
            self.problem(place, "want 'section N: all = ours + others (whose)'")
            return
        number, *counts, whose = match.groups()
        section = Section(number, *map(int, counts), place)
        if section.others and not whose:
            self.problem(place, "whose the others are is not said")
        if self.sections and order(self.sections[-1].number) >= order(number):
            self.problem(place, f"section {number} after {self.sections[-1].number}")
        self.sections.append(section)

    def read_rule(self, place, line):
        self.rule = None
        match = RULE.fullmatch(line)
        if not match:
            self.problem(place, "want 'RFC NNNN SECTION MUST: rule'")
            return
        self.rule = Rule(*match.groups(), place)
        if len(self.rule.text) > MAX_RULE_LENGTH:
            self.problem(place, f"rule of more than {MAX_RULE_LENGTH} characters")
        if not self.sections or self.rule.section != self.sections[-1].number:
            self.problem(place, "not under its section")
            return
        if self.rule.rfc != self.rfc:
            self.problem(place, f"not of RFC {self.rfc}")
        self.sections[-1].rules.append(self.rule)

    def read_field(self, place, line):
        key, colon, value = line.partition(": ")
        if self.rule is None or not colon or key not in FIELDS or not value.strip():
            self.problem(place, "no field of a rule: " + line)
            return
        if key == "words":
            if not value.isdigit():
                self.problem(place, "words: want a number")
                return
            self.rule.words = int(value)
        elif key == "code":
            self.rule.code.append(value)
        elif key == "test":
            match = TEST.fullmatch(value)
            if not match:
                self.problem(place, "want 'test: FILE Suite.Name'")
                return
            self.rule.tests.append(match.groups())
        elif key != "note":
            setattr(self.rule, key.replace(" ", "_"), value)


def check_one(rule):
    """What is wrong with one rule, whatever the tree looks like."""
    shown = bool(rule.code and rule.tests)
    some = bool(rule.code or rule.tests)
    kinds = [bool(rule.same_as), bool(rule.departs), bool(rule.not_applicable)]
    if sum(kinds) > 1:
        yield "more than one of 'same as', 'departs', 'not applicable'"
    if (rule.same_as or rule.not_applicable) and some:
        yield "has code or test, yet is said to need none"
    if not (rule.same_as or rule.not_applicable) and not shown:
        yield "without " + ("test" if rule.code else "code")
    for reason in (rule.departs, rule.not_applicable):
        if reason and len(reason.split()) < MIN_REASON_WORDS:
            yield "the reason is too short to be one"


def check(tables):
    """The problems of the tables by themselves; `tables` are Readers."""
    problems = [problem for table in tables for problem in table.problems]
    named = {}
    for table in tables:
        for section in table.sections:
            ours = sum(rule.words for rule in section.rules)
            if ours != section.ours or section.all != section.ours + section.others:
                problems.append(
                    f"{section.place}: the rules stand for {ours} key words; the census says "
                    f"{section.all} = {section.ours} + {section.others}")
            for rule in section.rules:
                problems += [f"{rule.place}: {text}" for text in check_one(rule)]
                if rule.name() in named:
                    problems.append(f"{rule.place}: listed twice: {rule.name()}")
                named[rule.name()] = rule
    for rule in named.values():
        if rule.same_as and named.get(rule.same_as, rule).kind() not in ("enforced", "departs"):
            problems.append(f"{rule.place}: no such rule with code and test: {rule.same_as}")
    return problems


def rules_of(tables):
    return [rule for table in tables for section in table.sections for rule in section.rules]


def summary(table, tables):
    """One line: what became of the rules of one RFC."""
    named = {rule.name(): rule for rule in rules_of(tables)}
    rules = rules_of([table])
    kinds = [named.get(rule.same_as, rule).kind() for rule in rules]
    return (f"RFC {table.rfc}: {len(rules)} rules for a client: "
            f"{kinds.count('enforced')} enforced and tested, "
            f"{kinds.count('departs')} departed from and tested, "
            f"{kinds.count('not_applicable')} not applicable")
