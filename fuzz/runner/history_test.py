# SPDX-License-Identifier: Apache-2.0
"""Tests of history.py."""

import unittest

from fuzz.runner.history import History, Run, State, load, save
from fuzz.runner.testing import FolderCase


def run(name: str, seconds: float = 1.0) -> Run:
    """A run of a target."""
    return Run(name, "2026-01-01T00:00Z", seconds, 10, 2, 3, 0, 0,
               ((1, 1), (10, 2)))


class HistoryTest(FolderCase):
    """The file beside the report."""

    def test_what_is_saved_is_loaded(self) -> None:
        """Also with nothing in it."""
        path = self.folder / "history.json"
        full = History([run("a"), run("b")],
                       {"a": State(1, 2, 3, {"f.cc": (4, 5, "6-7")})})
        for history in (History(), full):
            save(history, path)
            self.assertEqual(load(path), history)

    def test_no_file_is_an_empty_history(self) -> None:
        """The first campaign."""
        self.assertEqual(load(self.folder / "no"), History())

    def test_pieces_add_up(self) -> None:
        """Three hours need not be at a stretch."""
        history = History([run("a", 5.0), run("b", 7.0), run("a", 1.0)])
        self.assertEqual(history.seconds(), 13.0)
        self.assertEqual(len(history.of("a")), 2)

    def test_targets_that_are_gone_are_forgotten(self) -> None:
        """A renamed one begins anew."""
        history = History([run("a"), run("b")], {"b": State(1, 1)})
        history.forget_others(["a"])
        self.assertEqual(history, History([run("a")]))


if __name__ == "__main__":
    unittest.main()
