# SPDX-License-Identifier: Apache-2.0
"""Counts the key words of an RFC's text anew and holds them against its table:

    recount.py TABLE TEXT       recount.py rfc6455.txt ~/rfc/rfc6455.txt

TEXT is the plain text of the RFC, which is not a part of this repository.
Says nothing and exits 0 when each section has as many as the table says.
"""

import pathlib
import re
import sys

import rule_table

HEADING = re.compile(r"(\d+(?:\.\d+)*)\.\s+\S")
PAGE_END = re.compile(r"\n+\S[^\n]*\[Page \d+\]\s*\n\f?\s*RFC \d+ [^\n]*\n+")
KEY_WORDS = re.compile(r"\b(?:MUST NOT|MUST|SHALL NOT|SHALL|REQUIRED)\b")
# RFC 1035 is older than RFC 2119.
OLD_KEY_WORDS = re.compile(r"\b(?:[Mm]ust|required)\b")


def count(text, key_words):
    """Section to how many key words it has; sections without one left out."""
    paragraphs = {}
    section = "0"
    for line in PAGE_END.sub("\n", text).split("\n"):
        heading = HEADING.match(line)
        if heading:
            section = heading.group(1)
        else:
            paragraphs.setdefault(section, []).append(line.strip())
    counts = {section: len(key_words.findall(" ".join(lines)))
              for section, lines in paragraphs.items()}
    return {section: number for section, number in counts.items() if number}


def differences(table, text):
    key_words = OLD_KEY_WORDS if table.rfc == "1035" else KEY_WORDS
    found = count(text, key_words)
    said = {section.number: section.all for section in table.sections if section.all}
    for section in sorted(set(found) | set(said), key=rule_table.order):
        if found.get(section, 0) != said.get(section, 0):
            yield (f"RFC {table.rfc} {section}: the table says {said.get(section, 0)}, "
                   f"the text has {found.get(section, 0)}")


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: recount.py TABLE TEXT")
    path = pathlib.Path(arguments[0])
    table = rule_table.Reader(path.name, re.sub(r"\D", "", path.stem)).read(path.read_text())
    lines = list(differences(table, pathlib.Path(arguments[1]).read_text()))
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
