# SPDX-License-Identifier: Apache-2.0
"""Tests of the HTML page and its charts."""

import math
import re
import unittest
from html.parser import HTMLParser
from xml.etree import ElementTree

from conformance.bench import page
from conformance.bench.chart import Chart, axis_end, svg
from conformance.bench.figures import COLUMNS, Outcome, Round, Summary
from conformance.bench.report import Results

_TCP = COLUMNS[0]
_VOID = {"meta"}


class Nesting(HTMLParser):
    """Checks that every element is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str,
                        attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


def drawn(**bars: Summary | None) -> ElementTree.Element:
    """The chart of these summaries, parsed."""
    return ElementTree.fromstring(svg(Chart(_TCP, bars, "cable")))


def widths(element: ElementTree.Element) -> list[float]:
    """Of all bars, in pixels."""
    return [float(each.attrib["width"]) for each in element.iter("rect")]


class ChartTest(unittest.TestCase):
    """A chart is XML, too."""

    def test_bars_are_in_proportion(self) -> None:
        """To a pixel's tenth."""
        first, second = widths(drawn(a=Summary(200, 200, 200),
                                     b=Summary(100, 100, 100)))
        self.assertAlmostEqual(first, 2 * second, delta=0.2)

    def test_a_whisker_goes_from_the_least_to_the_most(self) -> None:
        """The end of the bar is between."""
        element = drawn(a=Summary(100, 50, 200, 3))
        whisker = element.find("path[@class='whisker']")
        assert whisker is not None
        found = re.match(r"M([\d.]+) \d+ H([\d.]+) ", whisker.attrib["d"])
        assert found is not None
        zero = float(element.find("rect").attrib["x"])  # type: ignore
        least, most = float(found[1]) - zero, float(found[2]) - zero
        self.assertAlmostEqual(most, 4 * least, delta=0.3)
        self.assertAlmostEqual(widths(element)[0], 2 * least, delta=0.3)

    def test_one_round_has_no_whisker(self) -> None:
        """There is no spread to show."""
        self.assertIsNone(drawn(a=Summary(1, 1, 1)).find(
            "path[@class='whisker']"))

    def test_the_one_off_the_scale_is_cut(self) -> None:
        """And no other."""
        bars = {"a": Summary(100, 90, 120, 3),
                "cable": Summary(9000, 8000, 9500, 3)}
        self.assertAlmostEqual(axis_end(Chart(_TCP, bars, "cable")), 126)
        element = drawn(**bars)
        self.assertEqual(len(element.findall("path[@class='cut']")), 1)
        self.assertLess(widths(element)[1], 400)
        self.assertIn("9000", [text.text for text in element.iter("text")])

    def test_alone_it_has_its_own_scale(self) -> None:
        """With --only=cable."""
        self.assertIsNone(drawn(cable=Summary(9000, 8000, 9500, 3)).find(
            "path[@class='cut']"))

    def test_what_has_no_figure_has_no_bar(self) -> None:
        """A word stands in its place; who was not measured is not there."""
        nan = math.nan
        element = drawn(a=Summary(nan, nan, nan, 2, 2),
                        b=Summary(math.inf, 1, math.inf, 2), c=None)
        self.assertEqual(widths(element), [])
        texts = [text.text for text in element.iter("text")]
        self.assertEqual(texts[2:], ["a", "broke down", "b", "lost"])


class PageTest(unittest.TestCase):
    """The whole page."""

    def setUp(self) -> None:
        rounds: list[Round] = [{
            "tcp_up": 10.0, "packets_up": Outcome.BROKE_DOWN,
            "ping_p99": math.inf}]
        self.html = page.html(Results(
            {"ours": rounds, "cable": rounds},
            {"ours": "a <b> & c", "cable": "wire"}, {}), {"CPU": "<fast>"})

    def test_every_element_is_closed(self) -> None:
        """With a chart for each figure that is there."""
        nesting = Nesting()
        nesting.feed(self.html)
        nesting.close()
        self.assertEqual(nesting.open, [])
        self.assertEqual(nesting.seen.count("svg"), 3)

    def test_nothing_comes_from_elsewhere(self) -> None:
        """No script, picture, font or style sheet."""
        for word in ("<script", "<link", "<img", "src=", "href=", "url(",
                     "http://", "https://", "@import"):
            with self.subTest(word):
                self.assertNotIn(word, self.html)

    def test_texts_are_escaped(self) -> None:
        """Titles and facts."""
        self.assertIn("a &lt;b&gt; &amp; c", self.html)
        self.assertIn("&lt;fast&gt;", self.html)

    def test_verdicts_have_their_colour(self) -> None:
        """By a class of their own."""
        self.assertIn('<td class="missed">missed</td>', self.html)


if __name__ == "__main__":
    unittest.main()
