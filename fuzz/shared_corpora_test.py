# SPDX-License-Identifier: Apache-2.0
"""Replays the inputs in ../shared/corpora, where there are any.

They are other projects' test inputs, for use from where they are: a folder
beside the checkout that its README describes. A fuzz target takes its choices
from its input, so these are not always read as the protocol they are written
in; whatever comes of them, no promise may break.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from fuzz.runner import corpus_replay

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT.parent / "shared/corpora"

# An archive, the least number of files in it, the targets that get them.
ARCHIVES = (
    ("ws_frames_4k.tar.xz", 797,
     ("frame_parser", "message_assembly", "session")),
    ("dns_seeds.tar.xz", 430, ("dns_message", "resolver")),
    ("http_llhttp.tar.xz", 84,
     ("response_head", "upgrade_response", "credential_redactor")),
)

# Beside this file in the runfiles.
_PROGRAMS = Path(__file__).parent


class SharedCorporaTest(unittest.TestCase):
    """Each archive into each target that reads such a thing."""

    def test_no_promise_breaks(self) -> None:
        """Under the sanitizers, when built with them."""
        if not CORPORA.is_dir():
            print(f"SKIPPED: {CORPORA} is not there: nothing was replayed",
                  file=sys.stderr)
            self.skipTest(f"{CORPORA} is not there")
        for archive, least, targets in ARCHIVES:
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run(["tar", "-xJf", str(CORPORA / archive),
                                "-C", folder], check=True, timeout=60)
                for target in targets:
                    with self.subTest(archive=archive, target=target):
                        done = corpus_replay.run(
                            _PROGRAMS / f"{target}_bin", [Path(folder)])
                        self.assertGreaterEqual(done.inputs, least)
                        print(f"{target}: {done.inputs} inputs of {archive}")


if __name__ == "__main__":
    unittest.main()
