# SPDX-License-Identifier: Apache-2.0
"""Holds verify_chain's verdicts on ../shared/x509/limbo.json.xz against the expected ones.

With --cases=FILE it reports on another file of the same form and asserts nothing.
"""

import pathlib
import sys
import unittest

from conformance.x509 import limbo_suite

# Through the link that Bazel makes of a source file, to the real checkout.
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = ROOT.parent / "shared" / "x509" / "limbo.json.xz"
DIFFERENCES = ROOT / "conformance" / "x509" / "limbo_differences.txt"
KINDS = ("wrong-accept", "wrong-refuse", "not-supported")


def read_differences(text):
    """{id: (kind, reason)} of lines "kind id: reason"; # begins a comment."""
    result = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, id, reason = line.split(" ", 2)
        id = id.removesuffix(":")
        if kind not in KINDS or not reason.strip() or id in result:
            raise ValueError(f"limbo_differences.txt: {line}")
        result[id] = (kind, reason)
    return result


def program():
    """The program under test, from Bazel's tree or from the checkout's link to it."""
    for path in (pathlib.Path("conformance/x509/verify_chain"),
                 ROOT / "bazel-bin" / "conformance" / "x509" / "verify_chain"):
        if path.is_file():
            return str(path.resolve())
    raise FileNotFoundError("conformance/x509/verify_chain is not built")


class LimboTest(unittest.TestCase):

    def test_every_difference_is_listed_with_its_reason_and_none_has_gone_away(self):
        if not CASES.is_file():
            print(f"\nSKIPPED: {CASES} is not there, NOTHING WAS CHECKED", file=sys.stderr)
            self.skipTest(f"{CASES} is not there")
        listed = read_differences(DIFFERENCES.read_text())
        cases = limbo_suite.read_cases(CASES)
        self.assertGreater(len(cases), 200)
        verdicts = limbo_suite.judge_all(program(), cases)
        for id, verdict in verdicts.items():
            with self.subTest(id):
                kind, reason = listed.pop(id, ("agree", "not listed"))
                self.assertEqual(limbo_suite.outcome(cases[id], verdict), kind,
                                 f"expected {cases[id]['expected_result']}, verify_chain says "
                                 f"'{verdict.reason}', listed: {reason}")
        self.assertEqual(listed, {}, "listed, and no such case")
        print(limbo_suite.summary(cases, verdicts), file=sys.stderr)


class DifferencesTest(unittest.TestCase):

    def test_a_line_holds_kind_id_and_reason(self):
        self.assertEqual(read_differences("# c\n\nwrong-accept a::b: because of c: d\n"),
                         {"a::b": ("wrong-accept", "because of c: d")})

    def test_a_line_without_reason_or_twice_is_refused(self):
        for text in ("wrong-accept a::b:", "wrong-accept a::b: ", "wrong a::b: reason",
                     "wrong-accept a: b\nwrong-refuse a: c"):
            with self.assertRaises(ValueError):
                read_differences(text)


def report(path, like_table):
    """Prints every difference and the counts."""
    cases = limbo_suite.read_cases(path)
    verdicts = limbo_suite.judge_all(program(), cases, with_demands=not like_table)
    for id, verdict in verdicts.items():
        word = limbo_suite.outcome(cases[id], verdict)
        if word != "agree":
            print(f"{word} {id}: {verdict.reason}")
    print(f"{len(cases)} cases: {limbo_suite.summary(cases, verdicts)}")


if __name__ == "__main__":
    FILES = [a.split("=", 1)[1] for a in sys.argv[1:] if a.startswith("--cases=")]
    if FILES:
        report(FILES[0], "--plain" in sys.argv[1:])
    else:
        unittest.main()
