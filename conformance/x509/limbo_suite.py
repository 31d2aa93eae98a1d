# SPDX-License-Identifier: Apache-2.0
"""Cases of C2SP/x509-limbo's form, given to //conformance:verify_chain one by one."""

import collections
import concurrent.futures
import datetime
import json
import lzma
import pathlib
import subprocess
import tempfile

ACCEPTED, REFUSED, NOT_SUPPORTED = 0, 1, 89
SECONDS_PER_CASE = 60

# Verdict: exit code and first line of verify_chain's answer.
Verdict = collections.namedtuple("Verdict", "code reason")


def read_cases(path):
    """The cases of an .xz file, by their id."""
    with lzma.open(path) as file:
        return {case["id"]: case for case in json.load(file)["testcases"]}


def unix_time(case):
    """When the case is to be judged: the time it gives, else now."""
    text = case["validation_time"]
    time = (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text
            else datetime.datetime.now(datetime.timezone.utc))
    return int(time.timestamp())


def options(case):
    """What verify_chain has to be told beside the two files."""
    result = [f"--time={unix_time(case)}"]
    name = case["expected_peer_name"]
    result.append(f"--name={name['value']}" if name else "--name_check=off")
    if case["validation_kind"] == "CLIENT":
        result.append("--purpose=client")
    return result


def demands(case):
    """Options for what a case asks beyond the plain question, see README."""
    result = ["--crl=crl.pem"] if case.get("crls") else []
    if case.get("max_chain_depth") is not None:
        result.append(f"--max_depth={case['max_chain_depth']}")
    return result


def judge(binary, case, with_demands):
    """verify_chain's Verdict of one case."""
    with tempfile.TemporaryDirectory() as folder:
        roots = pathlib.Path(folder, "roots.pem")
        chain = pathlib.Path(folder, "chain.pem")
        roots.write_text("\n".join(case["trusted_certs"]))
        chain.write_text("\n".join([case["peer_certificate"], *case["untrusted_intermediates"]]))
        arguments = [binary, f"--roots={roots}", f"--chain={chain}", *options(case)]
        if with_demands:
            arguments += demands(case)
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=SECONDS_PER_CASE, check=False)
    if done.returncode not in (ACCEPTED, REFUSED, NOT_SUPPORTED):
        raise RuntimeError(f"{case['id']}: verify_chain ended with {done.returncode}: "
                           f"{done.stdout}{done.stderr}")
    return Verdict(done.returncode, done.stdout.strip())


def judge_all(binary, cases, with_demands=True):
    """{id: Verdict} of all cases, two at a time."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = pool.map(lambda case: judge(binary, case, with_demands), cases.values())
        return dict(zip(cases, verdicts))


def outcome(case, verdict):
    """One word: agree, wrong-accept, wrong-refuse or not-supported."""
    if verdict.code == NOT_SUPPORTED:
        return "not-supported"
    accepted = verdict.code == ACCEPTED
    if accepted == (case["expected_result"] == "SUCCESS"):
        return "agree"
    return "wrong-accept" if accepted else "wrong-refuse"


def summary(cases, verdicts):
    """The four counts on one line."""
    count = collections.Counter(outcome(cases[id], verdict) for id, verdict in verdicts.items())
    return ", ".join(f"{word} {count[word]}"
                     for word in ("agree", "wrong-accept", "wrong-refuse", "not-supported"))
