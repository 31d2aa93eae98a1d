# SPDX-License-Identifier: Apache-2.0
"""Tests of the plots, read back as XML."""

import re
import unittest
from xml.etree import ElementTree

from conformance.crowd import svg_plot
from conformance.crowd.svg_plot import Curve, Plot

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(plot: Plot) -> ElementTree.Element:
    """The plot's element; fails when it is no XML."""
    return ElementTree.fromstring(svg_plot.svg(plot))


def curves(plot: Plot) -> list[str]:
    """The paths of the curves."""
    return [path.attrib["d"] for path in drawn(plot).iter(f"{_SVG}path")
            if path.attrib.get("fill") == "none"]


def texts(plot: Plot) -> list[str | None]:
    """All words and numbers."""
    return [text.text for text in drawn(plot).iter(f"{_SVG}text")]


def heights(path: str) -> list[float]:
    """The y of each point of a line, in pixels."""
    return [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]


def plot_of(*points: tuple[float, float], log_y: bool = False,
            steps: bool = False) -> Plot:
    """A plot of one curve."""
    return Plot("T", "x", "y", [Curve("c", points, steps)], log_y)


class PlotTest(unittest.TestCase):
    """What an eye would see."""

    def test_a_line_fills_the_plot_from_corner_to_corner(self) -> None:
        """Ten is a round number, so the axes end there."""
        self.assertEqual(curves(plot_of((0, 0), (5, 5), (10, 10))),
                         ["M76.0 256.0L482.0 143.0L888.0 30.0"])

    def test_steps_hold_a_value_until_the_next(self) -> None:
        """First along x, then to the new height."""
        self.assertEqual(curves(plot_of((0, 10), (5, 0), (10, 0),
                                        steps=True)),
                         ["M76.0 30.0H482.0V256.0H888.0V256.0"])

    def test_a_logarithmic_axis_gives_each_decade_the_same_height(
            self) -> None:
        """Nothing lies below one."""
        found = heights(curves(plot_of((0, 0), (1, 1), (2, 10), (3, 100),
                                       log_y=True))[0])
        self.assertEqual(found, [256.0, 256.0, 143.0, 30.0])

    def test_neither_a_peak_nor_the_end_is_lost_among_many_points(
            self) -> None:
        """One of 100,000 is high, and the last is nothing."""
        points = [(float(x), 100.0 if x == 54321 else 50.0)
                  for x in range(100000)] + [(100000.0, 0.0)]
        path = curves(plot_of(*points))[0]
        self.assertEqual(min(heights(path)), 30.0)
        self.assertEqual(heights(path).count(30.0), 1)
        self.assertEqual(heights(path)[-1], 256.0)
        self.assertLess(len(path), 40000)

    def test_axes_have_round_numbers_and_names_are_escaped(self) -> None:
        """A name with marks is still XML."""
        plot = Plot("a < b", "time & more", "y", [
            Curve("<one>", [(0, 0), (70, 130000)])])
        found = texts(plot)
        for text in ("a < b", "time & more", "<one>", "0", "20", "60",
                     "50,000", "150,000"):
            self.assertIn(text, found)
        self.assertNotIn("80", found)

    def test_ticks_cover_the_values(self) -> None:
        """The last is at or above the highest, the first at or below zero."""
        for high in (0.03, 0.9, 1.0, 1.1, 7, 99, 100, 100 + 1e-12, 101,
                     123456):
            numbers = [float(text.replace(",", "")) for text in texts(
                plot_of((0, 0), (1, high))) if text and text[0].isdigit()]
            self.assertGreaterEqual(max(numbers) + 1e-9, high)
            self.assertIn(0, numbers)
            self.assertLessEqual(len(numbers), 20)

    def test_names_are_at_the_right_above_or_below(self) -> None:
        """One under the other, within the plot."""
        both = [Curve("one", [(0, 0), (1, 1)]), Curve("two", [(0, 0)])]
        for below, expected in [(False, [44, 59]), (True, [234, 249])]:
            plot = Plot("T", "x", "y", both, names_below=below)
            found = {text.text: float(text.attrib["y"])
                     for text in drawn(plot).iter(f"{_SVG}text")}
            self.assertEqual([found["one"], found["two"]], expected)

    def test_one_point_and_equal_values_can_be_drawn(self) -> None:
        """No division by nothing."""
        for points in ([(3.0, 0.0)], [(0.0, 0.0), (1.0, 0.0)]):
            self.assertEqual(len(curves(plot_of(*points))), 1)

    def test_nothing_is_refused(self) -> None:
        """A plot without a point is a mistake of the caller's."""
        with self.assertRaisesRegex(ValueError, "T: nothing to draw"):
            svg_plot.svg(plot_of())


class PageTest(unittest.TestCase):
    """The page around the plots."""

    def test_values_are_escaped_and_parts_are_not(self) -> None:
        """A table's cells are text, a part is HTML."""
        rows = svg_plot.table(["rule", "n"], [["<b>", 5]])
        self.assertIn("<tr><td>&lt;b&gt;</td><td>5</td></tr>", rows)
        text = svg_plot.page("R & D", [rows, svg_plot.paragraph("x < y"),
                                       svg_plot.heading("h > 1")])
        self.assertIn("<title>R &amp; D</title>", text)
        self.assertIn(rows, text)
        self.assertIn("<p>x &lt; y</p>", text)
        self.assertIn("<h2>h &gt; 1</h2>", text)


if __name__ == "__main__":
    unittest.main()
