# SPDX-License-Identifier: Apache-2.0
"""docs/metrics.md and the dashboard name the metrics that the client prints.

The client shows a status file in which everything is known. Debian's promtool
reads the output, as Prometheus' older format and as OpenMetrics.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_CLIENT, _DOCUMENT, _DASHBOARD = (Path(sys.argv.pop(1)) for _ in range(3))
_LABELS = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
_SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? ([0-9.e+-]+)")
_METRIC = re.compile(r"\bovoc_tunnel_\w+")


def status() -> dict[str, object]:
    """A status that is fresh as long as this test runs."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
    return {
        "schema_version": 1, "state": "up", "version": "1.0",
        "policy": "compat", "server": "ovoc.example", "interface": "ovoc0",
        "reason": None, "reload_refused": "f.ini:1: it is wrong",
        "insecure": ["WSTunVerifyPeer=0"], "started": now, "state_since": now,
        "updated": now, "update_period_s": 60, "pid": os.getpid(),
        "exit_code": None,
        "certificate": {"subject": "CN=a", "not_after": now,
                        "chain_not_after": now},
        "client_certificate": {"subject": "CN=b", "not_after": now},
        "round_trip": {"last_ms": 1.25, "minimum_ms": 1, "smoothed_ms": 1.5},
        "counters": {"packets_in": 1, "packets_out": 2, "bytes_in": 3,
                     "bytes_out": 4, "pings_sent": 5, "pings_received": 6,
                     "pongs_received": 7, "pings_unanswered": 8,
                     "dropped_in_wrong_source": 9, "dropped_out_closing": 10,
                     "device_refused_writes": 11, "frames_skipped_text": 12,
                     "worker_log_lines_dropped": 13, "log_lines_dropped": 14},
        "ends": {"dead_peer": 15},
    }


def show(content: object, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs client --status on a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "status.json"
        file.write_text(json.dumps(content))
        return subprocess.run([_CLIENT, f"--status={file}", *options],
                              check=False, text=True, capture_output=True,
                              timeout=60)


def metrics(content: object) -> str:
    """What it prints for Prometheus."""
    return show(content, "--prometheus").stdout


def whole() -> str:
    """The same with every metric: that of a client that has ended."""
    return metrics({**status(), "reason": "done", "exit_code": 0})


def promtool(*arguments: str, text: str = "") -> None:
    """Runs it; what it complains of is the error."""
    done = subprocess.run(["promtool", *arguments], input=text, text=True,
                          check=False, capture_output=True, timeout=60)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"promtool {arguments}: {done.stdout}{done.stderr}")


def table() -> dict[str, tuple[str, set[str]]]:
    """The document's rows: the type and the labels of each metric."""
    rows = {}
    for line in _DOCUMENT.read_text().splitlines():
        if line.startswith("| `ovoc_tunnel_"):
            name, kind, labels, _ = line.strip("| ").split(" | ")
            rows[name.strip("`")] = (kind, set(re.findall(r"`(\w+)`", labels)))
    return rows


def expressions(value: object) -> Iterator[str]:
    """The texts of all members `expr` of a dashboard."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "expr":
                yield inner
            yield from expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from expressions(inner)


class MetricsTest(unittest.TestCase):
    """The output of --prometheus."""

    def test_the_document_has_each_metric_with_its_labels(self) -> None:
        """And no other."""
        shown: dict[str, tuple[str, set[str]]] = {}
        text = whole()
        kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
        for line in text.splitlines():
            if not line.startswith("#"):
                found = _SAMPLE.fullmatch(line)
                assert found is not None, line
                labels = set(_LABELS.findall(found[2] or "")) - {"file"}
                self.assertIn("{file=", line)
                kind = kinds.get(found[1], "counter")
                self.assertEqual(kind == "counter", found[1].endswith("_total"))
                self.assertEqual(shown.setdefault(found[1], (kind, labels)),
                                 (kind, labels))
        self.assertEqual(shown, table())

    def test_promtool_reads_both_formats(self) -> None:
        """`check metrics` reads the older one and complains of bad names.

        `tsdb create-blocks-from` reads OpenMetrics, with a time in each line.
        """
        texts = [whole(), metrics(status()), metrics({})]
        for text in texts:
            self.assertEqual(text.splitlines()[-1], "# EOF")
            promtool("check", "metrics", text=text)
            timed = re.sub(r"^([^#].*)$", r"\1 1795399200", text,
                           flags=re.MULTILINE)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "metrics"
                file.write_text(timed)
                promtool("tsdb", "create-blocks-from", "openmetrics", str(file),
                         folder)

    def test_promtool_refuses_what_is_wrong(self) -> None:
        """So that the test before can fail."""
        text = whole()
        with self.assertRaises(AssertionError):
            promtool("check", "metrics", text=text.replace("# HELP", "# HLP"))
        with self.assertRaises(AssertionError):
            promtool("check", "metrics", text=text.replace('"} ', '} '))

    def test_only_a_fresh_tunnel_is_up(self) -> None:
        """Also when there is no status that can be read."""
        self.assertRegex(metrics(status()), r"\novoc_tunnel_up\{.*\} 1\n")
        for content in ({**status(), "updated": "2020-01-01T00:00:00.000Z"},
                        {**status(), "state": "waiting"}, {}):
            self.assertRegex(metrics(content), r"\novoc_tunnel_up\{.*\} 0\n")

    def test_the_dashboard_asks_for_metrics_that_there_are(self) -> None:
        """For up and the drops among them."""
        dashboard = json.loads(_DASHBOARD.read_text())
        asked = set()
        for expression in expressions(dashboard):
            names = _METRIC.findall(expression)
            self.assertTrue(names, expression)
            asked |= set(names)
        self.assertEqual(asked - set(table()), set())
        self.assertLessEqual({"ovoc_tunnel_up",
                              "ovoc_tunnel_dropped_packets_total"}, asked)
        identifiers = [panel["id"] for panel in dashboard["panels"]]
        self.assertEqual(len(identifiers), len(set(identifiers)))


class StatusTest(unittest.TestCase):
    """The other forms, as a program sees them."""

    def test_json_is_the_file(self) -> None:
        """Byte for byte, with the exit code of an up tunnel."""
        content = status()
        done = show(content, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, json.dumps(content))

    def test_no_colour_but_on_a_terminal(self) -> None:
        """A pipe is none."""
        done = show(status())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn("tunnel       up for ", done.stdout)

    def test_each_failure_has_its_exit_code(self) -> None:
        """See operating.md."""
        for content, code in (
                ({**status(), "state": "waiting"}, 13),
                ({**status(), "exit_code": 0}, 13),
                ({**status(), "updated": "2020-01-01T00:00:00.000Z"}, 14),
                ({**status(), "schema_version": 2}, 15), ([], 15)):
            with self.subTest(code=code):
                done = show(content, "--json")
                self.assertEqual(done.returncode, code, done.stderr)


if __name__ == "__main__":
    unittest.main()
