# SPDX-License-Identifier: Apache-2.0
"""The report as a Markdown page."""

from collections.abc import Sequence

from fuzz.runner.summary import AIM_COVERAGE, AIM_RATE, Row

HEADINGS = ("target", "executions", "executions/s", "edges", "corpus",
            "line coverage", "crashes (open)", "slowest input",
            "peak memory")


def cells(row: Row) -> tuple[str, ...]:
    """One row's words, in the order of HEADINGS."""
    coverage = "-" if row.coverage is None else f"{row.coverage:.1f} %"
    return (row.name, f"{row.executions:,}", f"{row.rate:,.0f}",
            f"{row.edges:,}",
            f"{row.state.files:,} files, {row.state.bytes:,} B",
            coverage, f"{row.findings} ({len(row.open_findings)})",
            row.slowest, f"{row.peak_mb} MB")


def heading(rows: Sequence[Row], date: str) -> str:
    """What was done in all, in one sentence."""
    hours = sum(row.seconds for row in rows) / 3600
    executions = sum(row.executions for row in rows)
    size = sum(row.state.bytes for row in rows)
    return (f"{date}: {hours:.2f} hours of fuzzing under AddressSanitizer and"
            f" UndefinedBehaviorSanitizer, {executions:,} executions; the"
            f" corpora are {size:,} bytes together.")


def page(rows: Sequence[Row], date: str) -> str:
    """The page; at most 40 lines for 25 targets."""
    lines = ["# Fuzzing report", "", heading(rows, date),
             "", "| " + " | ".join(HEADINGS) + " |",
             "|---|" + "---:|" * (len(HEADINGS) - 1)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    lines += ["", "Executions per second are one process's. Edges are those of"
              " all code in the program, the others are of the target.",
              f"Line coverage is by the corpus alone; aim {AIM_COVERAGE:.0f} %."
              f" Aim for parsers of bytes: {AIM_RATE:,} executions/s."
              " The slowest input is processor time, sanitizers included.",
              "Made by `bazel run //fuzz:campaign`; the same with plots and"
              " the lines not reached: `index.html`."]
    found = [f"{row.name}/{name}" for row in rows
             for name in row.open_findings]
    lines.append("Open findings: " + (", ".join(found) or "none") + ".")
    return "\n".join(lines) + "\n"
