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
_TABLE_COLUMNS = 160
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:[a-z0-9_.-]+/)+[A-Za-z0-9_.-]*|[A-Z]+\.md")
_FIRST_CELL = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)
_RETURNED = re.compile(r"return \"([a-z_]+)\";")
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
# The texts of a row {End..., "text"}, or of a constant.
_REMEDY = re.compile(r"(?:\{End(?:Cause|Reason)::\w+,|kPlainAnswer =)\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)")
_EVENT = re.compile(r"^- `(\w+)` \([a-z, ]+\): .+?\.(?: Keys: (.+)\.)?$", re.MULTILINE)
# What stands behind a situation of troubleshooting.md.
_REMEDIES = re.compile(r"^- \*\*.+?:\*\* (.+)$", re.MULTILINE)
# The name of an event, or both of a choice; it stands before the first .Add.
_LOG_LINE = re.compile(r"(?:LogLine|SettingLine)(?: line)?\(((?:(?!\.Add)[^;\"])*?\"[a-z_]+\"(?:\s*:\s*\"[a-z_]+\")?)")
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


def _rows(heading: str) -> list[list[str]]:
    """The table under a heading of events.md, without its code marks."""
    text = (ROOT / "docs/events.md").read_text()
    part = text[text.index(f"\n## {heading}\n") + 4:]
    lines = [line for line in part.partition("\n## ")[0].splitlines()
             if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split(" | ")]
            for line in lines[2:]]


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
        progress = (ROOT / "tunnel/progress/progress.cc").read_text()
        self.assertEqual(set(_FIRST_CELL.findall(states)),
                         set(_RETURNED.findall(progress)) - {"unknown"})
        ends = (ROOT / "tunnel/session/session_end.cc").read_text()
        why = set(re.findall(r"\{EndReason::\w+,\s+\"([a-z_]+)\"", ends))
        self.assertGreater(len(why), 10)
        codes = set(_RETURNED.findall((ROOT / "tunnel/command_line/exit_code.cc").read_text()))
        not_of_a_run = {"login", "protocol", "output", "not_up", "stale",
                        "status_file", "unknown"}
        self.assertEqual(set(_FIRST_CELL.findall(reasons)),
                         why | codes - not_of_a_run | {"worker_died", "worker_failed"})

    def test_remedies_are_those_of_the_code(self) -> None:
        """troubleshooting.md has each text of remedy.cc, and no other."""
        document = (ROOT / "docs/troubleshooting.md").read_text()
        named, *sections = re.split(r"^### `(\w+)`$", document, flags=re.MULTILINE)
        self.assertNotIn("\n- **", named)
        reasons, entries = sections[::2], sections[1::2]
        remedies = [remedy for part in entries for remedy in _REMEDIES.findall(
            re.sub(r"\n +", " ", part))]
        self.assertEqual(sum(part.count("\n- ") for part in entries), len(remedies))
        code = (ROOT / "tunnel/progress/remedy.cc").read_text()
        texts = {"".join(_STRING.findall(found)).replace('\\"', '"')
                 for found in _REMEDY.findall(code)} - {""}
        self.assertGreater(len(texts), 35)
        places = ["PORT", "SERVER", "PATH", "USER", "INTERFACE", "PROXY"]
        self.assertEqual(
            set(remedies),
            {re.sub(r"\$([0-5])", lambda number: places[int(number[1])], text)
             for text in texts})
        ends = (ROOT / "tunnel/session/session_end.cc").read_text()
        why = set(re.findall(r"\{EndReason::\w+,\s+\"([a-z_]+)\"", ends))
        self.assertEqual(set(reasons), why - {"closed"})

    def test_events_are_those_of_the_code(self) -> None:
        """events.md has each event that the client logs, and each key."""
        events: set[str] = set()
        keys: set[str] = set()
        for source in (ROOT / "tunnel").rglob("*.cc"):
            if source.stem.endswith("_test") or source.parent.name == "testing":
                continue
            code = source.read_text()
            for line in _LOG_LINE.findall(code):
                events.update(re.findall(r"\"([a-z_]+)\"", line))
            if "LogLine" in code:
                keys.update(re.findall(r"\.Add\(\s*\"([a-z_]+)\"", code))
        # A line of the keeper, which has the event in a variable.
        events |= {"worker_died", "worker_failed"}
        self.assertGreater(len(events), 30)
        text = (ROOT / "docs/events.md").read_text()
        part = text[text.index("\n## Events\n"):text.index("\n## Reasons\n")]
        entries = _EVENT.findall(re.sub(r"\n +", " ", part))
        self.assertEqual(part.count("\n- "), len(entries))
        self.assertEqual(sorted(name for name, _ in entries), sorted(events))
        self.assertEqual({key for _, named in entries for key in named.split()},
                         {f"`{key}`" for key in keys})

    def test_reasons_and_exit_codes_are_those_of_the_code(self) -> None:
        """events.md has each reason of an end, of a drop, and each exit code."""
        ends = (ROOT / "tunnel/session/session_end.cc").read_text()
        self.assertEqual({row[0] for row in _rows("Reasons")},
                         set(re.findall(r"\{EndReason::\w+,\s+\"([a-z_]+)\"", ends)))
        policy = (ROOT / "netif/packet_policy.cc").read_text()
        self.assertEqual({row[0] for row in _rows("Dropped packets")},
                         set(re.findall(r"return \"([a-z0-9_]+)\";", policy)) - {"none", "unknown"})
        numbers = re.findall(r"^  k\w+ = (\d+),",
                             (ROOT / "tunnel/command_line/exit_code.h").read_text(), re.MULTILINE)
        words = _RETURNED.findall((ROOT / "tunnel/command_line/exit_code.cc").read_text())
        rows = _rows("Exit codes")
        self.assertEqual([(row[0], row[1]) for row in rows],
                         list(zip(numbers, words[:-1], strict=True)))
        # Those that end a client which keeps a tunnel up (exit_code.h).
        self.assertEqual([row[0] for row in rows if row[3] == "ends"],
                         ["0", "1", "2", "3", "10", "11"])

    def test_pictures_are_well_formed(self) -> None:
        """And readable on a dark page as well."""
        for picture in (ROOT / "docs").glob("*.svg"):
            xml.dom.minidom.parse(str(picture))
            self.assertIn("prefers-color-scheme: dark", picture.read_text())

    def test_lines_keep_to_120_columns(self) -> None:
        """Rows of tables to 160; but for what is quoted, and a report that a
        program makes."""
        for document in files(".md"):
            if document.parent.name == "report":
                continue
            for line in _FENCE.sub("", document.read_text()).splitlines():
                if not line.startswith("    "):
                    most = _TABLE_COLUMNS if line.startswith("|") else _COLUMNS
                    self.assertLessEqual(len(line), most, f"{document.relative_to(ROOT)}: {line}")

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
