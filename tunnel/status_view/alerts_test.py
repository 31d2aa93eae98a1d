# SPDX-License-Identifier: Apache-2.0
"""docs/prometheus-alerts.yml does what it says, by Debian's promtool.

So do the commands of docs/operating.md that collect the metrics.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

_RULES, _CASES, _METRICS, _OPERATING = (Path(sys.argv.pop(1)).absolute()
                                        for _ in range(4))
_ALERT = re.compile(r"^ *- alert: (\w+)$", re.MULTILINE)
_COMMAND = re.compile(r"d=/var/lib/prometheus/node-exporter; /usr/local/sbin/"
                      r"client --status --prometheus >.*?(?='?$)",
                      re.MULTILINE)


def promtool(rules: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs it in a folder with these rules and the cases."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "prometheus-alerts.yml").write_text(rules)
        shutil.copy(_CASES, Path(folder) / "cases.yml")
        return subprocess.run(["promtool", *arguments], cwd=folder, text=True,
                              check=False, capture_output=True, timeout=60)


class AlertsTest(unittest.TestCase):
    """The rules."""

    def assert_passes(self, rules: str, *arguments: str) -> None:
        """What promtool complains of is the error."""
        done = promtool(rules, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_finds_nothing_wrong(self) -> None:
        """In their form."""
        rules = _RULES.read_text()
        self.assert_passes(rules, "check", "rules", "prometheus-alerts.yml")
        broken = promtool(rules.replace(" == 0", " === 0"), "check", "rules",
                          "prometheus-alerts.yml")
        self.assertNotEqual(broken.returncode, 0, "so that it can fail")

    def test_the_cases_hold(self) -> None:
        """Each device is told of, or is not, and in these words."""
        self.assert_passes(_RULES.read_text(), "test", "rules", "cases.yml")

    def test_the_cases_notice_a_rule_that_is_wrong(self) -> None:
        """A threshold, a time, and what one rule leaves to another."""
        rules = _RULES.read_text()
        for right, wrong in (("up == 0", "up == 1"), ("for: 10m", "for: 1m"),
                             ("> 120", "> 12000"),
                             ("unless on (instance, file) ovoc_tunnel_exit",
                              "unless on (instance, file) ovoc_tunnel_no"),
                             ("30 * 86400", "3 * 86400"),
                             ("refused == 1", "refused == 0")):
            with self.subTest(right):
                self.assertIn(right, rules)
                done = promtool(rules.replace(right, wrong), "test", "rules",
                                "cases.yml")
                self.assertNotEqual(done.returncode, 0)

    def test_each_alert_has_a_case(self) -> None:
        """And no case is for none."""
        alerts = _ALERT.findall(_RULES.read_text())
        self.assertEqual(len(alerts), len(set(alerts)))
        tested = re.findall(r"alertname: (\w+)", _CASES.read_text())
        self.assertEqual(set(tested), set(alerts))

    def test_they_ask_for_metrics_that_there_are(self) -> None:
        """In the document, which is held against the client."""
        known = set(re.findall(r"^\| `(ovoc_tunnel_\w+)`",
                               _METRICS.read_text(), re.MULTILINE))
        for text in (_RULES.read_text(), _CASES.read_text()):
            used = set(re.findall(r"\bovoc_tunnel_\w+", text))
            self.assertIn("ovoc_tunnel_up", used)
            self.assertEqual(used - known, set())


class TextfileTest(unittest.TestCase):
    """The commands for timer and cron."""

    def run_command(self, command: str, client: str, folder: Path) -> str:
        """What is in the file when the client says this."""
        program = folder / "client"
        program.write_text(f"#!/bin/sh\n{client}\n")
        program.chmod(0o755)
        command = command.replace("/usr/local/sbin/client", str(program))
        command = command.replace("/var/lib/prometheus/node-exporter",
                                  str(folder))
        subprocess.run(["/bin/sh", "-c", command], check=False, timeout=60,
                       capture_output=True)
        file = folder / "ovoc.prom"
        return file.read_text() if file.exists() else "none"

    def test_a_file_is_never_replaced_by_an_empty_one(self) -> None:
        """Whether the tunnel is up or not, its metrics are taken."""
        text = _OPERATING.read_text()
        commands = [found[0] for found in _COMMAND.finditer(text)]
        self.assertEqual(len(commands), 2, "timer and cron")
        self.assertEqual(len(set(commands)), 1, commands)
        for command in commands:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                for client, left in (("exit 127", "none"),
                                     ("echo up 1", "up 1\n"),
                                     ("echo up 0; exit 13", "up 0\n"),
                                     ("exit 127", "up 0\n"),
                                     ("exit 0", "up 0\n")):
                    self.assertEqual(self.run_command(command, client, folder),
                                     left, client)


if __name__ == "__main__":
    unittest.main()
