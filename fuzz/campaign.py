# SPDX-License-Identifier: Apache-2.0
"""Fuzzes all targets in turn, minimises their corpora, writes the report.

    bazel run //fuzz:campaign -- --minutes=30 --jobs=2

Builds what it needs. The corpora, the findings and the report are those of the
checkout. SIGINT or SIGTERM ends the fuzzing, not the campaign: what was found
until then is merged and reported. Exit codes: 0 done, 1 something failed or a
finding is open, 2 command line.
"""

import argparse
import datetime
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fuzz.runner import targets as fuzz_targets
from fuzz.runner.bazel import Bazel, BuildFailed
from fuzz.runner.campaign_steps import Campaign
from fuzz.runner.pool import StopRequest


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Reads the command line; says what is wrong with it and ends."""
    parser = argparse.ArgumentParser(prog="campaign", allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=10.0,
                        help="of fuzzing, shared out among the targets")
    parser.add_argument("--jobs", type=int, default=2,
                        help="fuzzers side by side")
    parser.add_argument("--targets", default="",
                        help="names with commas between; all unless told")
    parser.add_argument("--seconds_per_target", type=int, default=0,
                        help="in place of --minutes")
    parser.add_argument("--coverage_only", action="store_true",
                        help="fuzz nothing: measure the corpora as they are")
    options = parser.parse_args(arguments)
    if options.minutes <= 0 or options.jobs < 1 \
            or options.seconds_per_target < 0:
        parser.error("--minutes and --jobs must be positive")
    return options


def checkout() -> Path:
    """Where the sources are."""
    outside = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    return Path(outside) if outside else Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Runs the campaign."""
    options = parse(arguments)
    root = checkout()
    every = fuzz_targets.read(root / "fuzz/BUILD.bazel")
    names = [name for name in options.targets.split(",") if name]
    try:
        chosen = fuzz_targets.choose(every, names)
    except fuzz_targets.UnknownTarget as error:
        print(f"campaign: {error}", file=sys.stderr)
        return 2
    stop = StopRequest()
    stop.listen()
    began = datetime.datetime.now(datetime.timezone.utc)
    with tempfile.TemporaryDirectory(prefix="campaign.") as folder:
        campaign = Campaign(root, every, chosen, Path(folder), stop,
                            began.strftime("%Y-%m-%dT%H:%MZ"))
        try:
            campaign.build(Bazel(root))
        except BuildFailed as error:
            print(f"campaign: {error}", file=sys.stderr)
            return 1
        if not options.coverage_only:
            campaign.fuzz(options.jobs, options.seconds_per_target
                          or round(options.minutes * 60), bool(
                              options.seconds_per_target))
            campaign.merge()
        campaign.measure()
        return campaign.report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
