# SPDX-License-Identifier: Apache-2.0
"""The fuzz targets, read out of fuzz/BUILD.bazel without asking Bazel."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MAX_LEN = 4096  # libFuzzer's own; kept in step with fuzz_test.bzl


class BadTarget(Exception):
    """The BUILD file says something that only Bazel could work out."""


class UnknownTarget(Exception):
    """A name that no cc_fuzz_test has."""


@dataclass(frozen=True)
class Target:
    """One cc_fuzz_test."""

    name: str
    covers: tuple[str, ...] = ()  # files, from the root of the repository
    max_len: int = DEFAULT_MAX_LEN  # bytes of one input

    @property
    def label(self) -> str:
        """The replay test; the fuzzer's label has _bin behind it."""
        return f"//fuzz:{self.name}"

    def corpus(self, root: Path) -> Path:
        """The folder of its inputs in a checkout."""
        return root / "fuzz/corpus" / self.name

    def dictionary(self, root: Path) -> Path:
        """Its dictionary in a checkout."""
        return root / "fuzz/dictionary" / f"{self.name}.dict"

    def mutation(self, root: Path) -> Path:
        """The patch that its fuzzer has to find."""
        return root / "fuzz/mutations" / f"{self.name}.patch"

    def mutations(self, root: Path) -> list[Path]:
        """All of its patches: NAME.strict.patch makes the code refuse more."""
        strict = root / "fuzz/mutations" / f"{self.name}.strict.patch"
        return [self.mutation(root), *([strict] if strict.exists() else [])]


def read(build_file: Path) -> list[Target]:
    """Reads all targets in the order of the file; raises BadTarget."""
    calls = [node.value for node in ast.parse(build_file.read_text()).body
             if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return [_target(call) for call in calls
            if isinstance(call.func, ast.Name)
            and call.func.id == "cc_fuzz_test"]


def _target(call: ast.Call) -> Target:
    """One call of the macro."""
    given = {word.arg: word.value for word in call.keywords}
    values = {}
    for key in ("name", "covers", "max_len"):
        if key in given:
            try:
                values[key] = ast.literal_eval(given[key])
            except ValueError as error:
                raise BadTarget(f"line {call.lineno}: {key} of a cc_fuzz_test"
                                " is no literal") from error
    if "name" not in values:
        raise BadTarget(f"line {call.lineno}: a cc_fuzz_test without a name")
    return Target(values["name"], tuple(values.get("covers", ())),
                  values.get("max_len", DEFAULT_MAX_LEN))


def choose(targets: Sequence[Target], names: Sequence[str]) -> list[Target]:
    """Those with the given names, all when there is none."""
    known = {target.name: target for target in targets}
    strange = [name for name in names if name not in known]
    if strange:
        raise UnknownTarget(f"no fuzz target: {', '.join(strange)}; there are "
                            + ", ".join(known))
    return [known[name] for name in names] if names else list(targets)
