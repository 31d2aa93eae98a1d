# SPDX-License-Identifier: Apache-2.0
"""Holds the tree against the tables of RFC rules, and the check itself against
broken tables."""

import pathlib
import re
import tempfile
import unittest

import citations
import rule_table

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLES = ROOT / "conformance" / "rules"
RFCS = ("1035", "5452", "6455", "7617", "9110", "9112", "9525")


def read(rfc, text):
    return rule_table.Reader(f"rfc{rfc}.txt", rfc).read(text)


class RulesTest(unittest.TestCase):

    def setUp(self):
        self.maxDiff = None
        names = sorted(re.sub(r"\D", "", path.name) for path in TABLES.glob("rfc*.txt"))
        self.tables = [read(rfc, (TABLES / f"rfc{rfc}.txt").read_text()) for rfc in names]

    def test_every_rfc_has_its_table(self):
        self.assertEqual([table.rfc for table in self.tables], sorted(RFCS))
        for table in self.tables:
            self.assertTrue(rule_table.rules_of([table]), table.rfc)

    def test_the_tables_keep_their_form_and_their_census_adds_up(self):
        self.assertEqual("\n".join(rule_table.check(self.tables)), "")

    def test_every_rule_is_cited_at_its_code_and_at_its_test(self):
        tree = citations.Tree(ROOT)
        self.assertEqual("\n".join(tree.check(rule_table.rules_of(self.tables))), "")
        for table in self.tables:
            print(rule_table.summary(table, self.tables))


CODE = """\
int f() {
  // RFC 6455 5.1 MUST: a client masks
  // all frames (here with a key).
  return 1;  // RFC 6455 5.2 MUST NOT: be rude. Really.
}
"""
TESTS = """\
// RFC 6455 5.1 MUST: a client masks all frames
TEST(FTest, Masks) {
}
const int kTable[] = {1};  // RFC 6455 5.2 MUST NOT: be rude
TEST_F(GTest, IsPolite) {
}
TEST(FTest, IsEmpty) {
}
"""
PY_TESTS = """\
class PTest(unittest.TestCase):

    # RFC 6455 5.1 MUST: a client masks all frames
    def test_mask(self):
        pass

    def test_nothing(self):
        pass
"""
TABLE = """\
# A comment.
section 5.1: 3 = 1 + 2 (a server's)
RFC 6455 5.1 MUST: a client masks all frames
  code: frame/f.cc
  test: frame/f_test.cc FTest.Masks
  test: frame/p_test.py PTest.test_mask
section 5.2: 4 = 4 + 0
RFC 6455 5.2 MUST NOT: be rude
  words: 2
  code: frame/f.cc
  test: frame/f_test.cc GTest.IsPolite
  note: anything.
RFC 6455 5.2 MUST: mask again
  same as: RFC 6455 5.1 MUST: a client masks all frames
RFC 6455 5.2 MUST: dance
  not applicable: a client has no legs
section 5.10: 2 = 0 + 2 (a server's)
"""

# What is replaced by what, and a part of the problem that has to follow.
BROKEN = {
    "a line of no kind": ("# A comment.", "A comment.", "neither"),
    "a section without counts": ("section 5.10: 2 = 0 + 2 (a server's)", "section 5.10", "want 'section"),
    "others without a name": ("5.10: 2 = 0 + 2 (a server's)", "5.10: 2 = 0 + 2", "whose"),
    "sections out of order": ("section 5.10: 2", "section 5.1: 2", "section 5.1 after 5.2"),
    "a rule without its word": ("MUST: dance", "SHOULD: dance", "want 'RFC"),
    "a rule of another RFC": ("RFC 6455 5.2 MUST: dance", "RFC 9112 5.2 MUST: dance", "not of RFC"),
    "a rule under another section": ("5.2 MUST: dance", "5.3 MUST: dance", "not under its section"),
    "a long rule": ("dance", "d" * 101, "more than 100"),
    "a rule listed twice": ("MUST: mask again", "MUST: dance", "listed twice"),
    "an unknown field": ("  note: anything.", "  nota: anything.", "no field"),
    "words that are no number": ("words: 2", "words: two", "want a number"),
    "a census that does not count": ("section 5.1: 3 = 1 + 2", "section 5.1: 3 = 2 + 1", "census"),
    "a census that does not add up": ("section 5.1: 3 = 1 + 2", "section 5.1: 4 = 1 + 2", "census"),
    "a rule that is missing": ("words: 2", "words: 3", "stand for 5 key words"),
    "a rule without a test": ("  test: frame/f_test.cc GTest.IsPolite\n", "", "without test"),
    "a rule without code": ("  words: 2\n  code: frame/f.cc\n", "  words: 2\n", "without code"),
    "a rule with nothing": ("  not applicable: a client has no legs\n", "", "without code"),
    "a reason of two words": ("a client has no legs", "no legs", "too short"),
    "a reason and code": ("has no legs\n", "has no legs\n  code: frame/f.cc\n", "said to need none"),
    "two reasons": ("has no legs\n", "has no legs\n  departs: we do not like it\n", "more than one"),
    "the same as nothing": ("same as: RFC 6455 5.1", "same as: RFC 6455 5.9", "no such rule"),
    "the same as what does not apply": (
        "5.1 MUST: a client masks all frames\nRFC", "5.2 MUST: dance\nRFC", "no such rule"),
    "code that is not there": ("code: frame/f.cc\n  test: frame/f_test.cc F", "code: frame/g.cc\n  test: frame/f_test.cc F", "no such source"),
    "code that is a test": ("code: frame/f.cc\n  test: frame/f_test.cc F", "code: frame/f_test.cc\n  test: frame/f_test.cc F", "this is a test"),
    "a test that is code": ("test: frame/f_test.cc GTest", "test: frame/f.cc GTest", "no such test file"),
    "a test that is not there": ("GTest.IsPolite", "GTest.IsKind", "has no test GTest.IsKind"),
    "a Python test that is not there": ("PTest.test_mask", "PTest.test_task", "has no test"),
    "a test that cites another rule": ("GTest.IsPolite", "FTest.Masks", "does not cite it at FTest.Masks"),
    "a test that cites nothing": ("GTest.IsPolite", "FTest.IsEmpty", "does not cite it at FTest.IsEmpty"),
    "a Python test that cites nothing": ("PTest.test_mask", "PTest.test_nothing", "does not cite it at"),
    "a rule that the code words otherwise": ("be rude", "be very rude", "frame/f.cc does not cite it"),
    "a rule cut short in the code": ("masks all frames", "masks all frames ever", "does not cite it"),
    "a longer rule in the code": ("masks all frames", "masks all", "in no table"),
    "a citation without a rule": (
        "RFC 6455 5.2 MUST NOT: be rude\n  words: 2\n  code: frame/f.cc\n  test: frame/f_test.cc GTest.IsPolite\n",
        "", "in no table: RFC 6455 5.2 MUST NOT: be rude"),
}


class BrokenTablesTest(unittest.TestCase):

    def problems(self, table):
        tables = [read("6455", table)]
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "frame").mkdir()
            (root / "frame" / "f.cc").write_text(CODE)
            (root / "frame" / "f_test.cc").write_text(TESTS)
            (root / "frame" / "p_test.py").write_text(PY_TESTS)
            found = citations.Tree(root).check(rule_table.rules_of(tables))
        return rule_table.check(tables) + found

    def test_a_good_table_has_no_problem(self):
        self.assertEqual(self.problems(TABLE), [])
        good = read("6455", TABLE)
        self.assertEqual(rule_table.summary(good, [good]),
                         "RFC 6455: 4 rules for a client: 3 enforced and tested, "
                         "0 departed from and tested, 1 not applicable")

    def test_the_same_as_what_is_departed_from_is_departed_from(self):
        table = read("6455", TABLE.replace(
            "all frames\n  code", "all frames\n  departs: it is a nuisance\n  code"))
        self.assertEqual(self.problems(TABLE), [])
        self.assertIn("2 departed from", rule_table.summary(table, [table]))

    def test_every_break_of_a_rule_is_a_problem_that_names_it(self):
        for name, (good, bad, problem) in BROKEN.items():
            with self.subTest(name):
                self.assertIn(good, TABLE)
                self.assertIn(problem, "\n".join(self.problems(TABLE.replace(good, bad))))


if __name__ == "__main__":
    unittest.main()
