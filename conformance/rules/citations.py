# SPDX-License-Identifier: Apache-2.0
"""Finds where code and tests cite a rule, and which test cites it."""

import ast
import re

CITATION = re.compile(r"RFC (\d+) ([0-9]+(?:\.[0-9]+)*) (MUST(?: NOT)?):")
COMMENT = {".cc": "//", ".h": "//", ".py": "#"}
CC_TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.MULTILINE)
FOLDERS = ("auth", "conformance", "frame", "fuzz", "netif", "tunnel")


def sources(root):
    """The files that may cite a rule, this folder's own left out."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in COMMENT and path.parent != root / "conformance" / "rules":
                yield path


def is_test(path):
    parts = path.stem.split("_")
    return "test" in parts or "e2e" in parts or "testing" in path.parts


def comments(lines, mark):
    """Each comment of neighbouring lines as one text, with its first line."""
    block, first = [], 0
    for number, line in enumerate(lines):
        before, found, text = line.partition(mark)
        if block and (not found or before.strip()):
            yield first, "\n".join(block)
            block = []
        if found:
            first = first if block else number
            block.append(text.strip())
    if block:
        yield first, "\n".join(block)


def cited(text, suffix):
    """(line, what stands from the citation to the end of its comment)."""
    for first, comment in comments(text.split("\n"), COMMENT[suffix]):
        starts = [match.start() for match in CITATION.finditer(comment)]
        for start, end in zip(starts, starts[1:] + [len(comment)]):
            yield first + comment.count("\n", 0, start), comment[start:end].rstrip()


def states(citation, name):
    """Whether the citation begins with all of the rule, word by word."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.match(words + r"(?:$|\n|[.;,:]|\s+\()", citation) is not None


def cc_tests(text):
    """Suite.Name to (first line, line behind): from the end of the test before
    it, so that the table which a test reads belongs to it."""
    lines = text.split("\n")
    extents, behind = {}, 0
    for match in CC_TEST.finditer(text):
        begin = behind
        at = text.count("\n", 0, match.start())
        behind = next((i for i in range(at, len(lines)) if lines[i] == "}"), len(lines)) + 1
        extents[".".join(match.groups())] = (begin, behind)
    return extents


def py_tests(text):
    extents = {}
    for suite in ast.walk(ast.parse(text)):
        if isinstance(suite, ast.ClassDef):
            behind = suite.lineno
            for test in suite.body:
                if isinstance(test, ast.FunctionDef):
                    extents[f"{suite.name}.{test.name}"] = (behind, test.end_lineno)
                    behind = test.end_lineno
    return extents


def tests_of(path):
    text = path.read_text()
    return py_tests(text) if path.suffix == ".py" else cc_tests(text)


class Tree:
    """The citations of a tree; root is its top folder."""

    def __init__(self, root):
        self.root = root
        self.by_file = {}
        for path in sources(root):
            found = list(cited(path.read_text(), path.suffix))
            self.by_file[str(path.relative_to(root))] = found

    def check_code(self, rule):
        for name in rule.code:
            if name not in self.by_file:
                yield f"no such source file: {name}"
            elif is_test(self.root / name):
                yield f"this is a test: {name}"
            elif not any(states(text, rule.name()) for _, text in self.by_file[name]):
                yield f"{name} does not cite it"

    def check_tests(self, rule):
        for name, test in rule.tests:
            if name not in self.by_file or not is_test(self.root / name):
                yield f"no such test file: {name}"
                continue
            begin, behind = tests_of(self.root / name).get(test, (0, 0))
            if behind == 0:
                yield f"{name} has no test {test}"
            elif not any(begin <= line < behind and states(text, rule.name())
                         for line, text in self.by_file[name]):
                yield f"{name} does not cite it at {test}"

    def orphans(self, rules):
        """Citations in the counted form of what is in no table."""
        names = [rule.name() for rule in rules]
        for name, found in self.by_file.items():
            for line, text in found:
                if not any(states(text, rule) for rule in names):
                    yield f"{name}:{line + 1}: in no table: {' '.join(text.split())[:100]}"

    def check(self, rules):
        problems = []
        for rule in rules:
            for text in [*self.check_code(rule), *self.check_tests(rule)]:
                problems.append(f"{rule.place}: {text}\n    {rule.name()}")
        return problems + list(self.orphans(rules))
