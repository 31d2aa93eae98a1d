# SPDX-License-Identifier: Apache-2.0
"""Tests of what is read out of /proc."""

import mmap
import os
import unittest

from conformance.crowd.process_memory import (Memory, middle, of_process,
                                              parse)

_ROLLUP = """\
55d0c8a00000-7ffe0d5f2000 ---p 00000000 00:00 0                    [rollup]
Rss:                5120 kB
Pss:                 901 kB
Shared_Clean:       4000 kB
Shared_Dirty:        220 kB
Private_Clean:       100 kB
Private_Dirty:       800 kB
Anonymous:          1020 kB
Locked:                0 kB
"""


class MemoryTest(unittest.TestCase):
    """Figures by hand, and of this process."""

    def test_pages_of_its_own_are_clean_or_dirty(self) -> None:
        """The rest is shared."""
        self.assertEqual(parse(_ROLLUP), Memory(5120, 1020, 900))

    def test_a_mapping_that_is_written_is_seen(self) -> None:
        """64 MiB of this process's own."""
        before = of_process(os.getpid())
        size = 64 << 20
        with mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANON) as memory:
            for page in range(0, size, mmap.PAGESIZE):
                memory[page] = 1
            after = of_process(os.getpid())
        for name in ("resident", "anonymous", "alone"):
            grown = getattr(after, name) - getattr(before, name)
            self.assertAlmostEqual(grown, size >> 10, delta=4096)

    def test_the_middle_is_of_each_figure(self) -> None:
        """One odd process does not move it."""
        self.assertEqual(middle([Memory(10, 3, 1), Memory(20, 1, 2),
                                 Memory(9000, 2, 3)]), Memory(20, 2, 2))


if __name__ == "__main__":
    unittest.main()
