# SPDX-License-Identifier: Apache-2.0
"""--config=release and the transition of release_binary.bzl say the same."""

import ast
import re
import unittest
from pathlib import Path

_BAZELRC = Path(".bazelrc").read_text()
_RULE = Path("tools/release/release_binary.bzl").read_text()
_SETTING = re.compile(r'"//command_line_option:(\w+)": "([^"]+)"')


def of_bazelrc(config: str) -> dict[str, str]:
    """The options of a configuration, those of the ones it names first."""
    found = {}
    for line in re.findall(rf"^build:{config} (.*)$", _BAZELRC, re.MULTILINE):
        line = line.replace("-c opt", "--compilation_mode=opt")
        for name, value in re.findall(r"--(\w+)=(\S+)", line):
            found.update(of_bazelrc(value) if name == "config" else
                         {name: value})
    return found


def of_transition(cpu: str) -> dict[str, str]:
    """What the rule sets for a processor, but what it resets."""
    options = ast.literal_eval(
        re.search(r"RELEASE_OPTIONS = (\{.*?\n\})", _RULE, re.DOTALL)[1])
    return {**dict(_SETTING.findall(_RULE)), **options[cpu]}


class BazelrcTest(unittest.TestCase):

    def test_both_ways_to_the_release_build_are_one(self):
        for config, cpu, more in (
                ("release", "x86_64", {"cpu": "k8", "strip": "sometimes"}),
                ("release-aarch64", "aarch64", {"strip": "sometimes"})):
            said = {**more, **of_bazelrc(config)}
            self.assertEqual(said, of_transition(cpu), config)
            self.assertGreaterEqual(len(of_bazelrc(config)), 3)


if __name__ == "__main__":
    unittest.main()
