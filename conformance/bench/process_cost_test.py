# SPDX-License-Identifier: Apache-2.0
"""Tests of process_cost.py, on texts of /proc and on this very process."""

import os
import subprocess
import sys
import unittest

from conformance.bench.process_cost import (ResidentWatch, cpu_seconds,
                                            family, mebibytes_in, resident,
                                            seconds_in, stat_fields)

# proc(5): pid (comm) state ppid pgrp session tty_nr tpgid flags minflt
# cminflt majflt cmajflt utime stime cutime cstime ...
_STAT = ("42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4"
         " {user} {system} 800 900 20")
_NO_PROCESS = 1 << 30  # above any pid


class StatTest(unittest.TestCase):
    """The file stat."""

    def test_a_name_may_hold_parentheses_and_spaces(self) -> None:
        """The fields begin behind the last one."""
        self.assertEqual(stat_fields(_STAT)[:2], ["S", "7"])

    def test_user_and_system_time_are_added(self) -> None:
        """Without that of children that have ended."""
        ticks = os.sysconf("SC_CLK_TCK")
        text = _STAT.format(user=ticks, system=2 * ticks)
        self.assertEqual(seconds_in(text), 3.0)

    def test_one_that_has_ended_had_no_time(self) -> None:
        """It does not end the benchmark."""
        self.assertEqual(cpu_seconds([_NO_PROCESS]), 0)
        self.assertGreater(cpu_seconds([os.getpid()]), 0)


class ResidentTest(unittest.TestCase):
    """The file status."""

    def test_kib_become_mib(self) -> None:
        """The peak is another line."""
        text = "Name:\tx\nVmHWM:\t    9000 kB\nVmRSS:\t    5120 kB\n"
        self.assertEqual(mebibytes_in(text), 5.0)

    def test_a_zombie_has_no_memory(self) -> None:
        """Nor one that is not there."""
        self.assertEqual(mebibytes_in("Name:\tx\nState:\tZ (zombie)\n"), 0)
        self.assertEqual(resident(_NO_PROCESS), 0)

    def test_a_watch_sees_this_process(self) -> None:
        """Though it ends at once."""
        with ResidentWatch(os.getpid()) as watch:
            pass
        self.assertGreater(watch.most, 1)

    def test_a_watch_without_a_process_sees_nothing(self) -> None:
        """The bare cable has none."""
        with ResidentWatch(None) as watch:
            pass
        self.assertEqual(watch.most, 0)


class FamilyTest(unittest.TestCase):
    """A process and its children."""

    def test_grandchildren_belong_to_it(self) -> None:
        """This process, a child and the child's child."""
        code = ("import subprocess, sys\n"
                "child = subprocess.Popen(['sleep', '60'])\n"
                "print(child.pid, flush=True)\n"
                "sys.stdin.read()\n"
                "child.kill()\nchild.wait()\n")
        with subprocess.Popen([sys.executable, "-c", code], text=True,
                              stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            grandchild = int(child.stdout.readline())
            found = family(os.getpid())
            own = family(child.pid)
            child.communicate()
        self.assertEqual(found[0], os.getpid())
        self.assertLessEqual({child.pid, grandchild}, set(found))
        self.assertEqual(own, [child.pid, grandchild])


if __name__ == "__main__":
    unittest.main()
