# SPDX-License-Identifier: Apache-2.0
"""Cases of C2SP/x509-limbo's form, put to //conformance:verify_chain."""

import collections
import datetime
import json
import lzma
import pathlib
import subprocess
import tempfile

ACCEPTED, REFUSED, NOT_SUPPORTED = 0, 1, 89

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


def question(case, folder, with_demands):
    """One line for verify_chain --batch; its files are made in the folder."""
    roots = pathlib.Path(folder, "roots.pem")
    chain = pathlib.Path(folder, "chain.pem")
    folder.mkdir()
    roots.write_text("\n".join(case["trusted_certs"]))
    chain.write_text("\n".join([case["peer_certificate"], *case["untrusted_intermediates"]]))
    arguments = [f"--roots={roots}", f"--chain={chain}", *options(case)]
    return "\t".join(arguments + (demands(case) if with_demands else [])) + "\n"


def judge_all(binary, cases, with_demands=True):
    """{id: Verdict} of all cases, by one run of verify_chain."""
    with tempfile.TemporaryDirectory() as folder:
        questions = [question(case, pathlib.Path(folder, str(number)), with_demands)
                     for number, case in enumerate(cases.values())]
        done = subprocess.run([binary, "--batch"], input="".join(questions),
                              stdout=subprocess.PIPE, text=True, check=True)
    answers = [line.split(" ", 1) for line in done.stdout.splitlines()]
    if len(answers) != len(cases):
        raise RuntimeError(f"{len(cases)} questions, {len(answers)} answers")
    verdicts = {id: Verdict(int(code), text) for id, (code, text) in zip(cases, answers)}
    for id, verdict in verdicts.items():
        if verdict.code not in (ACCEPTED, REFUSED, NOT_SUPPORTED):
            raise RuntimeError(f"{id}: verify_chain ended with {verdict.code}: {verdict.reason}")
    return verdicts


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
