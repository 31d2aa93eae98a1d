# SPDX-License-Identifier: Apache-2.0
"""The counting of key words, on a text of two pages."""

import unittest

import recount
import rule_table

TEXT = """\
   1.  What clients MUST do ............ 1

1.  What clients MUST do

   A client MUST
   NOT shout.  It MUST, however, and SHALL sing; what is REQUIRED is
   that


Author & Other               Standards Track                    [Page 1]
\f
RFC 9999                     An Example                     January 2026


   it MUST NOT stop.

1.1.  Others

   Nothing must be done.
"""

TABLE = """\
section 1: 5 = 0 + 5 (nobody's)
"""


class RecountTest(unittest.TestCase):

    def test_counts_words_across_lines_and_pages_but_no_headings(self):
        self.assertEqual(recount.count(TEXT.split("\n", 2)[2], recount.KEY_WORDS), {"1": 5})

    def test_counts_the_words_of_old_rfcs(self):
        self.assertEqual(recount.count(TEXT.split("\n", 2)[2], recount.OLD_KEY_WORDS), {"1.1": 1})

    def test_names_the_sections_that_differ(self):
        text = TEXT.split("\n", 2)[2]
        for table, expected in [
                (TABLE, []),
                (TABLE.replace("5", "6"), ["RFC 9999 1: the table says 6, the text has 5"]),
                ("section 1.1: 2 = 0 + 2 (nobody's)\n",
                 ["RFC 9999 1: the table says 0, the text has 5",
                  "RFC 9999 1.1: the table says 2, the text has 0"]),
        ]:
            read = rule_table.Reader("t", "9999").read(table)
            self.assertEqual(list(recount.differences(read, text)), expected)


if __name__ == "__main__":
    unittest.main()
