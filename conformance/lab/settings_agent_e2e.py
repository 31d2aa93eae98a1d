# SPDX-License-Identifier: Apache-2.0
"""The settings agent beside a real client: commits, rights, what is undone."""

import contextlib
import grp
import json
import os
import re
import socket
import tempfile
from pathlib import Path
from typing import Any

from conformance.lab import enclosure, namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import PASSWORD, binary
from conformance.lab.namespaces import DEVICE
from conformance.lab.programs import Program

Answer = dict[str, Any]

_VIEWERS, _ADMINS = "nogroup", "daemon"
_NOBODY = 65534
_OTHER_GROUP = 54321


def ask_as(groups: list[int], path: Path, asked: bytes) -> bytes:
    """What a user in these groups gets; to be called in a child process."""
    os.setgroups(groups)
    os.setgid(_OTHER_GROUP)
    os.setuid(_NOBODY)
    got = b""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        # Who is not let in is told so, and is not listened to.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(asked)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(4096):
                got += piece
    return got


class Caller:
    """A program that uses the agent."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")
        self._last = 0
        self.notices: list[Answer] = []
        self.more: list[Answer] = []  # before the last answer

    def send(self, operation: str, **keys: object) -> int:
        """Asks without waiting for the answer; returns the id."""
        self._last += 1
        request = {"op": operation, "id": self._last, **keys}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        return self._last

    def next(self) -> Answer:
        """The next line."""
        self._socket.settimeout(40)
        line: Answer = json.loads(self._lines.readline())
        return line

    def ask(self, operation: str, **keys: object) -> Answer:
        """Asks and waits for the answer."""
        number = self.send(operation, **keys)
        self.more = []
        while True:
            line = self.next()
            if "notice" in line:
                self.notices.append(line)
            elif line["id"] == number and "ok" in line:
                return line
            else:
                self.more.append(line)

    def notice(self, kind: str) -> Answer:
        """Waits for a notice."""
        while True:
            line = self.next()
            if line.get("notice") == kind:
                return line

    def close(self) -> None:
        """Ends as if the program had died."""
        self._lines.close()
        self._socket.close()


class SettingsAgentTest(LabCase):
    """An agent, mostly with a client whose settings it writes."""

    LIMIT_SECONDS = 120

    def setUp(self) -> None:
        """Chooses the agent's files."""
        super().setUp()
        # Others than root are to reach the socket.
        self.folder = Path(tempfile.mkdtemp(prefix="agent"))
        self.folder.chmod(0o755)
        self.socket = self.folder / "agent.sock"
        self.settings = self.lab.settings()
        self.status = self.lab.status_file()

    def agent(self) -> Program:
        """Starts the agent."""
        program = self.lab.start("settings_agent", DEVICE, [
            binary("tunnel/manage/agent/settings_agent", "OVOC_AGENT"),
            f"--settings={self.settings}", f"--socket={self.socket}",
            f"--state={self.folder}/state", f"--status_file={self.status}",
            f"--client={self.lab.client_command(self.settings)[0]}",
            f"--admin_group={_ADMINS}", f"--view_group={_VIEWERS}"])
        program.wait_for("agent_start")
        return program

    def caller(self) -> Caller:
        """Connects to the agent."""
        caller = Caller(self.socket)
        self.addCleanup(caller.close)
        return caller

    def client_with_tunnel(self) -> Program:
        """A client of these settings whose tunnel is up."""
        services.name_server(self.lab)
        self.lab.server(self.lab.authority.good())
        client = self.lab.client(self.settings, f"--status_file={self.status}")
        client.wait_for("tunnel_up")
        return client

    def test_a_commit_is_written_and_the_client_takes_it_over(self) -> None:
        """With a new tunnel if it must, and all other lines stay."""
        client = self.client_with_tunnel()
        agent = self.agent()
        caller = self.caller()
        self.assertEqual(caller.ask("hello")["access"], "change")
        before = self.settings.read_text()
        self.assertTrue(caller.ask("edit", name="wstunmtu",
                                   value="1400")["ok"])
        self.assertEqual(self.settings.read_text(), before)
        self.assertEqual(caller.ask("compare")["lines"], ["+WSTunMtu = 1400"])
        done = caller.ask("commit", comment="as agreed")
        self.assertEqual((done["ok"], done["client"]), (True, "up"), done)
        self.assertEqual(caller.more[0]["progress"], "written")
        client.wait_for("reload", result="ok", tunnel="new",
                        changed="WSTunMtu")
        self.assertEqual(self.settings.read_text(),
                         before + "WSTunMtu = '1400'\n")
        self.assertEqual(self.settings.stat().st_mode & 0o777, 0o600)
        self.assert_tunnel_carries()
        caller.ask("edit", name="WSTunKeepAlive", value="5")
        self.assertEqual(caller.ask("commit")["client"], "kept")
        self.assertEqual(caller.ask("status")["status"]["state"], "up")
        commits = caller.ask("history")["commits"]
        self.assertEqual([commit["comment"] for commit in commits],
                         ["", "as agreed", "written without the agent"])
        self.assertIn("root (uid 0)", commits[1]["who"])
        self.assertEqual(agent.stop(), 0)
        self.assertFalse(self.socket.exists())

    def test_what_is_wrong_is_said_and_nothing_is_written(self) -> None:
        """By edit, by validate and by commit; no answer has a secret."""
        self.agent()
        caller = self.caller()
        before = self.settings.read_text()
        for name, value, wrong in (
                ("WSTunServerPort", "70000", "use 0 to 65535"),
                ("WSTunServr", "x", "did you mean WSTunServer?"),
                ("WSTunPassword", "(hidden)", "is not shown"),
                ("WSTunPassword", "two\nlines", "WSTunPasswordFile")):
            answer = caller.ask("edit", name=name, value=value)
            self.assertFalse(answer["ok"])
            self.assertIn(wrong, answer["errors"][0])
        self.assertTrue(caller.ask("edit", name="WSTunServer",
                                   value=None)["ok"])
        for operation in ("validate", "commit"):
            answer = caller.ask(operation)
            self.assertIn("WSTunServer: this required setting is missing",
                          answer["errors"][0])
        self.assertEqual(self.settings.read_text(), before)
        shown = json.dumps([caller.ask("get"), caller.ask("compare"),
                            caller.ask("get", which="running")])
        self.assertNotIn(PASSWORD, shown)
        self.assertIn("(hidden)", shown)

    def as_user(self, group: str, *requests: Answer) -> list[Answer]:
        """What a user of this group alone gets."""
        asked = "".join(json.dumps(request) + "\n" for request in requests)
        groups = [grp.getgrnam(group).gr_gid] if group else []
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(theirs, ask_as(groups, self.socket, asked.encode()))
            finally:
                os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, "rb") as pipe:
            got = pipe.read()
        os.waitpid(child, 0)
        return [json.loads(line) for line in got.splitlines()]

    def test_groups_decide_who_may_do_what(self) -> None:
        """Supplementary groups count; who has none is not let in."""
        if enclosure.USER_MARK in os.environ:
            self.skipTest("a user namespace of one user has no other users")
        agent = self.agent()
        edit = {"op": "edit", "id": 2, "name": "WSTunMtu", "value": "1400"}
        got, refused = self.as_user(_VIEWERS, {"op": "get", "id": 1}, edit)
        self.assertTrue(got["ok"])
        self.assertFalse(refused["ok"])
        self.assertRegex(refused["errors"][0], r"^edit: nobody \(uid 65534\) "
                         "may only view; ask somebody in the group daemon$")
        self.assertEqual(self.caller().ask("compare")["lines"], [])
        (answer,) = self.as_user(_ADMINS, edit)
        self.assertTrue(answer["ok"], answer)
        (answer,) = self.as_user("", {"op": "hello", "id": 1})
        self.assertIn("may not use the agent", answer["errors"][0])
        agent.wait_for("agent_refused", who="nobody (uid 65534)")

    def test_it_takes_no_new_rights_and_leaves_no_memory_behind(self) -> None:
        """As the kernel shows it; the passwords are in that memory."""
        program = self.agent()
        shown = Path(f"/proc/{program.pid}/status").read_text()
        self.assertIn("NoNewPrivs:\t1\n", shown)
        self.assertNotIn("VmLck:\t       0 kB\n", shown)

    def test_sessions_are_told_about_each_other(self) -> None:
        """Who comes, what is edited, who leaves."""
        self.agent()
        first, second = self.caller(), self.caller()
        (other,) = second.ask("hello")["others"]
        self.assertEqual(other["session"], first.ask("hello")["session"])
        second.ask("edit", name="WSTunMtu", value="1400")
        notice = first.notice("edit")
        self.assertEqual((notice["who"], notice["name"]),
                         ("root (uid 0)", "WSTunMtu"))
        self.assertTrue(first.ask("hello")["edited"])
        second.close()
        first.notice("left")

    def test_a_commit_that_nobody_confirms_is_undone(self) -> None:
        """Also if whoever made it is gone, as behind a tunnel that broke."""
        client = self.client_with_tunnel()
        agent = self.agent()
        before = self.settings.read_text()
        caller, witness = self.caller(), self.caller()
        caller.ask("edit", name="WSTunServerPort", value="444")
        number = caller.send("commit", confirm=1)
        self.assertEqual(caller.next(),
                         {"id": number, "more": True, "progress": "written"})
        caller.close()
        client.wait_for("reload", result="ok", tunnel="new")
        self.assertNotEqual(self.settings.read_text(), before)
        revert = agent.wait_for("revert", timeout=75)
        self.assertEqual(self.settings.read_text(), before)
        self.assertEqual(witness.notice("revert")["number"],
                         int(revert["number"]))
        client.wait_for("reload", result="ok", tunnel="new")
        client.wait_for("tunnel_up", 20)
        commits = witness.ask("history")["commits"]
        self.assertEqual(commits[0]["comment"],
                         "commit 2 was not confirmed in time")

    def test_a_killed_agent_undoes_what_it_has_to(self) -> None:
        """It goes on where it was, and what is overdue is undone at once."""
        agent = self.agent()
        before = self.settings.read_text()
        caller = self.caller()
        caller.ask("edit", name="WSTunMtu", value="1400")
        self.assertEqual(caller.ask("commit", confirm=5)["unconfirmed"], 2)
        agent.kill()
        agent = self.agent()
        hello = self.caller().ask("hello")
        self.assertEqual(hello["unconfirmed"], 2)
        self.assertLessEqual(hello["seconds_left"], 300)
        self.assertGreater(hello["seconds_left"], 200)
        self.assertNotEqual(self.settings.read_text(), before)
        agent.kill()
        pending = self.folder / "state" / "pending"
        overdue = re.sub(r" \d{4}-", " 2020-", pending.read_text())
        pending.write_text(overdue)
        agent = self.agent()
        agent.wait_for("revert", number="2", back_to="1")
        self.assertEqual(self.settings.read_text(), before)
        self.assertFalse(pending.exists())
        self.assertNotIn("unconfirmed", self.caller().ask("hello"))

    def test_a_confirmed_commit_stays_and_can_be_gone_back_to(self) -> None:
        """Over a restart; rollback makes a candidate of an earlier one."""
        agent = self.agent()
        before = self.settings.read_text()
        caller = self.caller()
        caller.ask("edit", name="WSTunMtu", value="1400")
        caller.ask("commit", confirm=1)
        self.assertTrue(caller.ask("confirm")["ok"])
        agent.kill()
        self.agent()
        caller = self.caller()
        self.assertNotEqual(self.settings.read_text(), before)
        self.assertEqual(caller.ask("rollback", back=1)["lines"],
                         ["-WSTunMtu = 1400"])
        self.assertTrue(caller.ask("commit")["ok"])
        self.assertEqual(self.settings.read_text(), before)

    def test_the_candidate_is_tested_before_it_is_committed(self) -> None:
        """By the client's own --check, line by line."""
        self.client_with_tunnel()
        self.agent()
        caller = self.caller()
        caller.ask("edit", name="WSTunServerPort", value="444")
        failed = caller.ask("test")
        self.assertTrue(failed["ok"])
        self.assertNotEqual(failed["exit_code"], 0)
        caller.ask("discard")
        caller.ask("edit", name="WSTunInterface", value="ovoc9")
        passed = caller.ask("test")
        self.assertEqual(passed["exit_code"], 0, caller.more)
        self.assertEqual(caller.more[-1]["check"]["reason"], None)
        self.assertNotIn(PASSWORD, json.dumps(caller.more))
        self.assertEqual([path.name for path in
                          (self.folder / "state").glob("candidate*")], [])
        self.assertTrue(namespaces.exists(DEVICE, "ovoc0"))


if __name__ == "__main__":
    main()
