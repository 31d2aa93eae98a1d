# SPDX-License-Identifier: Apache-2.0
"""Starts one fuzzer: what `bazel run //fuzz:NAME_run` runs.

The flags are those of rules_fuzzing's launcher; cc_fuzz_test gives the first
ones. What stands behind a second `--` goes to libFuzzer as it is.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SYMBOLIZER = "/usr/lib/llvm-19/bin/llvm-symbolizer"

# Findings end the program; a fuzzer's own time goes into the code under test.
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:"
                    "quarantine_size_mb=16:malloc_context_size=8",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "ASAN_SYMBOLIZER_PATH": SYMBOLIZER,
    "UBSAN_SYMBOLIZER_PATH": SYMBOLIZER,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Reads the command line; says what is wrong with it and ends."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--name", required=True)
    parser.add_argument("--engine", required=True,
                        choices=["libfuzzer", "replay"])
    parser.add_argument("--engine_binary", required=True, type=Path)
    parser.add_argument("--corpus_dir", required=True, type=Path,
                        help="inputs to begin with; only read")
    parser.add_argument("--dictionary_path", type=Path)
    parser.add_argument("--max_len", type=int, default=4096,
                        help="bytes of the longest input made")
    parser.add_argument("--timeout_secs", type=int, default=0,
                        help="how long to fuzz; 0: until it finds something")
    parser.add_argument("--fuzzing_output_root", type=Path,
                        default=Path("/tmp/fuzzing"),
                        help="holds NAME/corpus and NAME/artifacts")
    parser.add_argument("--clean", default=False,
                        action=argparse.BooleanOptionalAction,
                        help="empty the output folder first")
    parser.add_argument("--noclean", dest="clean", action="store_false",
                        help=argparse.SUPPRESS)
    parser.add_argument("--regression", default=False,
                        action=argparse.BooleanOptionalAction,
                        help="only replay the corpus")
    parser.add_argument("--noregression", dest="regression",
                        action="store_false", help=argparse.SUPPRESS)
    parser.add_argument("engine_arguments", nargs="*",
                        help="libFuzzer's own, behind a second --")
    return parser.parse_args(arguments)


def command(options: argparse.Namespace, output: Path) -> list[str]:
    """The fuzzer's command line."""
    binary = [str(options.engine_binary.resolve())]
    corpus = str(options.corpus_dir.resolve())
    if options.engine == "replay":
        return [*binary, corpus]
    dictionary = ([f"-dict={options.dictionary_path.resolve()}"]
                  if options.dictionary_path else [])
    if options.regression:
        return [*binary, "-runs=0", *options.engine_arguments, corpus]
    return [*binary, f"-max_total_time={options.timeout_secs}", "-timeout=10",
            "-print_final_stats=1", f"-artifact_prefix={output}/artifacts/",
            f"-max_len={options.max_len}", *dictionary, *options.engine_arguments,
            str(output / "corpus"), corpus]


def prepare(output: Path, clean: bool) -> None:
    """Makes the folders that the fuzzer writes to."""
    if clean and output.exists():
        shutil.rmtree(output)
    for name in ("corpus", "artifacts"):
        (output / name).mkdir(parents=True, exist_ok=True)


def environment(outside: Mapping[str, str]) -> dict[str, str]:
    """The sanitizers' options, unless the caller has some of their own."""
    return {**OPTIONS, **outside}


def main(arguments: Sequence[str]) -> int:
    """Becomes the fuzzer."""
    options = parse(arguments)
    if options.engine == "replay" and not options.regression:
        print(f"//fuzz:{options.name}_run: built without the fuzzing engine."
              " To fuzz:\n  tools/bazel run -c opt --config=fuzz //fuzz:"
              f"{options.name}_run -- --timeout_secs=30\n"
              "To replay the corpus in this build: -- --regression",
              file=sys.stderr)
        return 2
    output = options.fuzzing_output_root / options.name
    prepare(output, options.clean)
    words = command(options, output)
    print(" ".join(words), file=sys.stderr, flush=True)
    os.execve(words[0], words, environment(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
