# SPDX-License-Identifier: Apache-2.0
"""Holds the documents against the tree: what they link to and name exists."""

import os
import pathlib
import re
import unittest
import urllib.parse
import xml.dom.minidom
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Bazel's folders, git's, and what is made beside the sources.
_NOT_OURS = re.compile(r"^(bazel-.*|\.git|__pycache__|findings)$")
_COLUMNS = 120
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[a-z0-9_.-]+/)+[A-Za-z0-9_.-]*|[A-Z]+\.md")
_FIRST_CELL = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)
_RETURNED = re.compile(r"return \"([a-z_]+)\";")
_LABEL = re.compile(r"//([a-z0-9_/]*):([a-z0-9_]+)|//([a-z0-9_/]+[a-z0-9_])(?![:a-z0-9_/.])")


def files(suffix: str) -> Iterator[pathlib.Path]:
    """All files of the tree whose names end so."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(f for f in folders if not _NOT_OURS.match(f))
        for name in sorted(names):
            if name.endswith(suffix):
                yield pathlib.Path(folder) / name


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of a document's headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = 0
        while (unique := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(unique)
    return found


def broken_link(document: pathlib.Path, target: str) -> str:
    """What is wrong with a link of the document; empty: nothing."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return ""
    path, _, anchor = urllib.parse.unquote(target).partition("#")
    place = document.parent / path if path else document
    if path.startswith("/") or not place.exists():
        return f"links to {target}, and there is no such file"
    if anchor and anchor not in anchors(place.read_text()):
        return f"links to {target}, and that file has no such heading"
    return ""


def missing_path(name: str) -> bool:
    """Whether a path as documents write it, perhaps without .cc, is not there."""
    place = ROOT / name
    if name.endswith("/") or place.suffix in {".cc", ".h", ".md", ".py"}:
        return not place.exists()
    return not any(place.with_name(place.name + suffix).exists()
                   for suffix in ("", ".h", ".cc", ".py"))


class DocumentsTest(unittest.TestCase):
    """What a reader follows leads somewhere."""

    def test_relative_links_resolve(self) -> None:
        """In each document, to a file and to a heading in it."""
        for document in files(".md"):
            for target in _LINK.findall(_FENCE.sub("", document.read_text())):
                wrong = broken_link(document, target)
                self.assertEqual(wrong, "", f"{document.relative_to(ROOT)} {wrong}")

    def test_files_that_the_architecture_names_exist(self) -> None:
        """Each `path/of/a/concept` stands for a file or a folder."""
        text = (ROOT / "ARCHITECTURE.md").read_text()
        named = [code for code in _CODE.findall(text) if _PATH.fullmatch(code)]
        self.assertGreater(len(named), 30, "the walks name files")
        for name in named:
            self.assertFalse(missing_path(name), f"ARCHITECTURE.md names {name}")

    def test_packages_that_the_documents_name_exist(self) -> None:
        """Of each label in a document of the top folder or of docs."""
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
            for package, _, alone in _LABEL.findall(document.read_text()):
                folder = package or alone
                self.assertTrue((ROOT / folder / "BUILD.bazel").exists(),
                                f"{document.name} names //{folder}")

    def test_values_of_the_status_file_are_those_of_the_code(self) -> None:
        """Each state and each reason stands in a table of operating.md."""
        text = (ROOT / "docs/operating.md").read_text()
        tables = text[text.index("The values of `state`:"):text.index("## Log\n")]
        states, reasons = tables.split("The values of `reason`")
        progress = (ROOT / "tunnel/progress.cc").read_text()
        self.assertEqual(set(_FIRST_CELL.findall(states)),
                         set(_RETURNED.findall(progress)) - {"unknown"})
        ends = (ROOT / "tunnel/session/session_end.cc").read_text()
        why = set(re.findall(r"\{EndReason::\w+,\s+\"([a-z_]+)\"", ends))
        self.assertGreater(len(why), 10)
        codes = set(_RETURNED.findall((ROOT / "tunnel/exit_code.cc").read_text()))
        only_of_a_check = {"login", "protocol", "output", "unknown"}
        self.assertEqual(set(_FIRST_CELL.findall(reasons)),
                         why | codes - only_of_a_check | {"worker_died", "worker_failed"})

    def test_pictures_are_well_formed(self) -> None:
        """And readable on a dark page as well."""
        for picture in (ROOT / "docs").glob("*.svg"):
            xml.dom.minidom.parse(str(picture))
            self.assertIn("prefers-color-scheme: dark", picture.read_text())

    def test_lines_keep_to_120_columns(self) -> None:
        """But for tables, what is quoted, and a report that a program makes."""
        for document in files(".md"):
            if document.parent.name == "report":
                continue
            for line in _FENCE.sub("", document.read_text()).splitlines():
                if not line.startswith(("|", "    ")):
                    self.assertLessEqual(len(line), _COLUMNS, f"{document.relative_to(ROOT)}: {line}")

    def test_the_rules_above_see_what_is_wrong(self) -> None:
        """A link to nothing, a heading that is not there, a lost file."""
        readme = ROOT / "README.md"
        self.assertIn("no such file", broken_link(readme, "no/such.md"))
        self.assertIn("no such heading", broken_link(readme, "README.md#nothing"))
        self.assertEqual(broken_link(readme, "https://example.net/"), "")
        self.assertEqual(anchors("# A `b`, c\n## A\n## A\n"), {"a-b-c", "a", "a-1"})
        self.assertTrue(missing_path("tunnel/no_such_concept"))


if __name__ == "__main__":
    unittest.main()
