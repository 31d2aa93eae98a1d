# SPDX-License-Identifier: Apache-2.0
"""The client's resolver, end to end, against dnsmasq, unbound and a hostile
name server: `resolve` in the lab's network, its output and exit code."""

import unittest
from dataclasses import dataclass

from conformance.dns import hostile_dns, name_servers
from conformance.lab import namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import binary
from conformance.lab.namespaces import (CLOUD_ADDRESS, CLOUD_ADDRESS_6, DEVICE,
                                        ROUTER, SECOND_CLOUD_ADDRESS,
                                        SILENT_ADDRESS)
from conformance.lab.programs import Program

# Exit codes of resolve; see its --help.
(DONE, NXDOMAIN, NO_DATA, SERVFAIL, REFUSED, SERVER_ERROR, TIMEOUT, MALFORMED,
 LOOP, TOO_LONG, TCP_FAILED, UNREACHABLE, PORT_CLOSED) = (
     0, *range(3, 14), 15)
WORDS = {NXDOMAIN: "NXDOMAIN", NO_DATA: "no data", SERVFAIL: "SERVFAIL",
         REFUSED: "REFUSED", SERVER_ERROR: "server error",
         TIMEOUT: "timeout", MALFORMED: "malformed", LOOP: "CNAME loop",
         TOO_LONG: "CNAME chain too long",
         TCP_FAILED: "truncated and TCP failed", UNREACHABLE: "unreachable",
         PORT_CLOSED: "port closed"}

LONGEST_SECONDS = 10  # the resolver's own limit


@dataclass(frozen=True)
class Case:
    """One question and what has to come of it: addresses or an exit code."""

    name: str
    lines: tuple[str, ...] = ()
    exit: int = DONE
    options: tuple[str, ...] = ()


def both(ttl: int) -> tuple[str, ...]:
    """The good addresses of both families with a lifetime."""
    return (f"AAAA {hostile_dns.GOOD_6} ttl {ttl}",
            f"A {hostile_dns.GOOD} ttl {ttl}")


# What dnsmasq and unbound have in common.
REAL = (
    Case("host.example.net", ("AAAA 2001:db8::7 ttl 300",
                              "A 192.0.2.7 ttl 300")),
    Case("HOST.Example.NET.", ("AAAA 2001:db8::7 ttl 300",
                               "A 192.0.2.7 ttl 300")),
    Case("host.example.net", ("A 192.0.2.7 ttl 300",), DONE, ("--type=A",)),
    Case("host.example.net", ("AAAA 2001:db8::7 ttl 300",), DONE,
         ("--type=AAAA",)),
    Case("v4.example.net", ("A 192.0.2.8 ttl 60",)),
    Case("v6.example.net", ("AAAA 2001:db8::8 ttl 60",)),
    Case("v4.example.net", exit=NO_DATA, options=("--type=AAAA",)),
    Case("nosuch.example.net", exit=NXDOMAIN),
    Case("n4.example.net", ("AAAA 2001:db8::7 ttl 90", "A 192.0.2.7 ttl 90")),
    Case("refused.example.org", exit=REFUSED),
)

GOOD = both(300)

# Each behaviour of the hostile server. What is forged or malformed comes
# before the right answer, unless the name says "only".
HOSTILE = (
    Case("good", GOOD),
    Case("silence", exit=TIMEOUT),
    Case("wrong-id", GOOD),
    Case("spoof", GOOD),
    Case("wrong-name", GOOD),
    Case("wrong-type", GOOD),
    Case("wrong-class", GOOD),
    Case("changed-case", GOOD),
    Case("no-question", GOOD),
    Case("qr-clear", GOOD),
    Case("opcode", GOOD),
    Case("other-port", GOOD),
    Case("other-address", GOOD),
    Case("empty", GOOD),
    Case("echo", GOOD),
    Case("half-header", GOOD),
    Case("forward-pointer", GOOD),
    Case("pointer-loop", GOOD),
    Case("short-address", GOOD),
    Case("cut", GOOD),
    Case("10000-records", GOOD),
    Case("only-malformed", exit=MALFORMED),
    Case("only-wrong-id", exit=TIMEOUT),
    Case("only-forward-pointer", exit=MALFORMED),
    Case("tcp", GOOD),
    Case("tcp-bytewise", GOOD),
    Case("tcp-64k", GOOD),
    Case("tcp-4000", ("A 192.0.2.7 ttl 300",
                      *(f"A 10.0.0.{i} ttl 300" for i in range(7)))),
    Case("tcp-garbage", exit=TCP_FAILED),
    Case("tcp-silent", exit=TCP_FAILED),
    Case("tcp-closes", exit=TCP_FAILED),
    Case("tcp-long-length", exit=TCP_FAILED),
    Case("tcp-short-length", exit=TCP_FAILED),
    Case("tcp-zero-length", exit=TCP_FAILED),
    Case("tcp-wrong-id", exit=TCP_FAILED),
    Case("tcp-truncated", exit=TCP_FAILED),
    Case("cname-loop", exit=LOOP),
    Case("cname-self", exit=LOOP),
    Case("cname-8", both(60)),
    Case("cname-9", exit=TOO_LONG),
    Case("step-8", both(300)),
    Case("step-9", exit=TOO_LONG),
    Case("foreign", GOOD),
    Case("only-foreign", exit=NO_DATA),
    Case("foreign-cname", GOOD),
    Case("in-authority", exit=NO_DATA),
    Case("ttl-0", both(0)),
    Case("ttl-2147483647", both(86400)),  # a day at most
    Case("ttl-2147483648", both(0)),      # RFC 2181 8
    Case("ttl-4294967295", both(0)),
    Case("formerr-edns", GOOD),
    Case("notimp-edns", GOOD),
    Case("formerr", exit=SERVER_ERROR),
    Case("servfail", exit=SERVFAIL),
    Case("notimp", exit=SERVER_ERROR),
    Case("refused", exit=REFUSED),
    Case("rcode-11", exit=SERVER_ERROR),
    Case("nxdomain", exit=NXDOMAIN),
    Case("no-data", exit=NO_DATA),
    Case("referral", exit=SERVER_ERROR),
    Case("unusable", exit=NO_DATA),
)


class ResolverTest(LabCase):
    """Starts resolve, many at once, and looks at what each has to say."""

    def ask(self, server: str, case: Case, namespace: str = DEVICE) -> Program:
        """Starts one question."""
        return self.lab.start("resolve", namespace, [
            binary("conformance/dns/resolve", "OVOC_RESOLVE"),
            f"--server={server}", f"--name={case.name}", *case.options])

    def hold(self, program: Program, case: Case) -> None:
        """What came of it is what has to."""
        with self.subTest(case.name, options=case.options):
            code = program.wait(2 * LONGEST_SECONDS)
            self.assertEqual(code, case.exit, program.tail())
            self.assertNotIn(hostile_dns.EVIL, program.tail())
            if case.exit == DONE:
                self.assertEqual(tuple(program.lines()), case.lines)
            else:
                (line,) = program.lines()
                self.assertTrue(line.startswith(WORDS[case.exit] + ": "), line)
                self.assertIn(case.name.lower().rstrip("."), line)

    def hold_all(self, server: str, cases: tuple[Case, ...],
                 namespace: str = DEVICE) -> None:
        """Asks all questions at once."""
        programs = [self.ask(server, case, namespace) for case in cases]
        for program, case in zip(programs, cases):
            self.hold(program, case)
        self.figure(f"{len(cases)} questions")

    def hold_many(self, server: str) -> None:
        """An answer over the EDNS size comes by TCP; eight are kept."""
        program = self.ask(server, Case("many.example.net"))
        self.assertEqual(program.wait(2 * LONGEST_SECONDS), DONE,
                         program.tail())
        found = [line.split()[1] for line in program.lines()]
        self.assertEqual(len(set(found)), 8, found)
        self.assertLessEqual(set(found), set(name_servers.many()))

    def test_dnsmasq(self) -> None:
        """dnsmasq answers both families, chains, nothing and no."""
        name_servers.dnsmasq(self.lab)
        self.hold_all(CLOUD_ADDRESS, REAL)
        self.hold_many(CLOUD_ADDRESS)

    def test_unbound(self) -> None:
        """unbound does the same, and forwards to dnsmasq."""
        name_servers.dnsmasq(self.lab, SECOND_CLOUD_ADDRESS)
        name_servers.unbound(self.lab)
        forwarded = Case("forwarded.example.org", ("A 192.0.2.9 ttl 60",))
        self.hold_all(CLOUD_ADDRESS, (*REAL, forwarded))
        self.hold_many(CLOUD_ADDRESS)

    @unittest.skipUnless(namespaces.has_ipv6(), "THIS KERNEL HAS NO IPV6")
    def test_real_servers_over_ipv6(self) -> None:
        """The same questions go out by IPv6."""
        for start in (name_servers.dnsmasq, name_servers.unbound):
            program = start(self.lab)
            self.hold_all(f"[{CLOUD_ADDRESS_6}]:53", REAL)
            program.stop()

    def test_every_behaviour_of_the_hostile_server(self) -> None:
        """No forged address is believed, and each failure has its name.

        Asked from the router, so that no translation of addresses keeps
        forged answers away.
        """
        self.assertEqual({case.name for case in HOSTILE},
                         set(hostile_dns.BEHAVIOURS))
        log = name_servers.hostile(self.lab, CLOUD_ADDRESS)
        cases = tuple(Case(f"{case.name}.hostile.example", case.lines,
                           case.exit) for case in HOSTILE)
        self.hold_all(SECOND_CLOUD_ADDRESS, cases, ROUTER)
        asked = set(log.lines())
        for case in HOSTILE:
            for kind in (hostile_dns.A, hostile_dns.AAAA):
                self.assertIn(f"query {case.name} {kind} over UDP", asked)
                if case.name.startswith("tcp"):
                    self.assertIn(f"query {case.name} {kind} over TCP", asked)
        self.assertFalse([line for line in asked if "dropped" in line
                          and "PipeError" not in line
                          and "ResetError" not in line])

    @unittest.skipUnless(namespaces.has_ipv6(), "THIS KERNEL HAS NO IPV6")
    def test_the_hostile_server_over_ipv6(self) -> None:
        """Forged sources of IPv6 are as little believed."""
        name_servers.hostile(self.lab)
        cases = tuple(Case(f"{name}.hostile.example", GOOD) for name in
                      ("good", "spoof", "other-port", "tcp", "tcp-64k"))
        self.hold_all(CLOUD_ADDRESS_6, cases, ROUTER)

    def test_the_second_server_is_asked_when_the_first_is_no_good(self) -> None:
        """REFUSED, and silence; the second one is dnsmasq."""
        name_servers.hostile(self.lab)
        name_servers.dnsmasq(self.lab, CLOUD_ADDRESS)
        refused = Case("refused.hostile.example", ("A 192.0.2.10 ttl 60",),
                       DONE, ("--type=A",))
        self.hold(self.ask(f"{SECOND_CLOUD_ADDRESS},{CLOUD_ADDRESS}", refused),
                  refused)
        lost = Case("host.example.net", ("A 192.0.2.7 ttl 300",), DONE,
                    ("--type=A",))
        self.hold(self.ask(f"{SILENT_ADDRESS},{CLOUD_ADDRESS}", lost), lost)

    def test_nobody_listens(self) -> None:
        """ICMP says so, at once and again: not a timeout."""
        case = Case("host.example.net", exit=PORT_CLOSED)
        self.hold(self.ask(SECOND_CLOUD_ADDRESS, case), case)

    def test_a_bad_argument_is_named(self) -> None:
        """Exit code 2, the option and what was found."""
        program = self.ask("198.51.100.10:x", Case("host.example.net"))
        self.assertEqual(program.wait(), 2)
        self.assertIn("--server: '198.51.100.10:x' is not valid",
                      program.tail())
        program = self.ask(CLOUD_ADDRESS, Case("no..name"))
        self.assertEqual(program.wait(), 2)
        self.assertIn("--name: host name: label 2 is empty", program.tail())


if __name__ == "__main__":
    main(needs_tun=False)
