# SPDX-License-Identifier: Apache-2.0
"""Writes the SPDX 2.3 bill of what the linker's map says is in the client.

  sbom.py CLIENT MAP SOURCES_LOCK VERSION_H

Libraries that this build compiles are named by their Debian source package
and the SHA-256 of its files (third_party/sources.lock), of BoringSSL's
versions there the one that the client itself says it has in it; a copy of
BoringSSL that came by --override_repository is named as unknown. Archives and
start files of the machine are named by the Debian package that owns them, with
the SHA-256 of the file itself. Nothing depends on the clock: the document was
created, it says, at the release's date (tunnel/command_line/version.h).
"""

import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import link_map

# debian/copyright of each source package, as SPDX writes it.
_LICENCES = {
    "abseil": "Apache-2.0",
    "android-platform-external-boringssl":
        "OpenSSL AND ISC AND MIT AND BSD-3-Clause",
    "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "libseccomp": "LGPL-2.1-only",
}
_CROSS = {"cross-toolchain-base": "glibc", "gcc-12-cross": "gcc-12"}
_ROOT = "SPDXRef-client"
# tunnel/command_line/library_version.cc.
_BORINGSSL = re.compile(
    rb"BoringSSL (?:(\S+) \(revision ([0-9a-f]{40})\)"
    rb"|(of another origin \(API \d+\)))\0")
_ARCHIVE_MEMBER = re.compile(r"\([^()]*\)$")


def part_of(name: str) -> str | None:
    """The part of the bill that an object of the map belongs to: a Bazel
    repository, or a file of the machine; None for our own code and what the
    linker made itself."""
    if name.startswith("external/"):
        return name.split("/")[1]
    if name.startswith("/"):
        return str(Path(_ARCHIVE_MEMBER.sub("", name)).resolve())
    if link_map.is_ours(name) or name == "<internal>":
        return None
    raise ValueError(f"the map names {name}, of which nothing is known")


def boringssl(client: bytes) -> tuple[str | None, str]:
    """The version in the lock file of the BoringSSL that is in a client, None
    for a copy of another origin, and what more the client says of it."""
    found = {match.groups() for match in _BORINGSSL.finditer(client)}
    if len(found) != 1:
        raise ValueError(f"the client names {len(found)} versions of BoringSSL")
    version, revision, other = found.pop()
    if version is None:
        return None, other.decode()
    return version.decode(), f"upstream revision {revision.decode()}"


def locked(lock: str, repository: str, version: str = ""
           ) -> tuple[str, str, list[list[str]]]:
    """Source package, version (the first, unless one is asked for), and
    [SHA-256, name] of its files."""
    lines = [line.split() for line in lock.splitlines()
             if line and not line.startswith("#")]
    at = next(i for i, words in enumerate(lines)
              if len(words) == 4 and words[1] == repository
              and version in ("", words[3]))
    files = []
    for words in lines[at + 1:]:
        if len(words) == 4:
            break
        files.append(words)
    return lines[at][2], lines[at][3], files


def _identifier(name: str) -> str:
    return "SPDXRef-" + re.sub("[^A-Za-z0-9.]+", "-", name).strip("-")


def _package(name, version, file_name, digest, licence, **more):
    return {
        "SPDXID": _identifier(name),
        "name": name,
        "versionInfo": version,
        "packageFileName": file_name,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
        **more,
    }


def library(repository: str, lock: str, client: bytes) -> dict:
    """A library that this build compiles."""
    asked, remark = "", ""
    if repository == "boringssl":
        asked, remark = boringssl(client)
        if asked is None:
            return _of_another_origin(repository, remark)
        remark = f", {remark}"
    source, version, files = locked(lock, repository, asked)
    listed = ", ".join(f"{name} SHA256 {value}" for value, name in files)
    digest, name = next(f for f in files
                        if f[1].endswith((".dsc", ".orig.tar.xz")))
    what = "source package" if name.endswith(".dsc") else "upstream tarball of"
    return _package(
        repository, version, name, digest, _LICENCES[source],
        supplier="Organization: Debian",
        sourceInfo=f"Debian {what} {source} {version}{remark}: {listed}",
        externalRefs=[_url("deb", source, version, "source")])


def _of_another_origin(repository: str, what: str) -> dict:
    """A copy that --override_repository brought: who built it knows more."""
    package = _package(repository, "NOASSERTION", repository, "", "NOASSERTION",
                       supplier="NOASSERTION", sourceInfo=what)
    del package["checksums"]
    return package


def machine_file(path: str) -> dict:
    """An archive or a start file of the machine."""
    owner = _ask("dpkg-query", "-S", path).partition(":")[0]
    version, source, source_version = _ask(
        "dpkg-query", "-W", "-f",
        "${Version} ${source:Package} ${source:Version}\n", owner).split()[:3]
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return _package(
        path.lstrip("/"), version, Path(path).name, digest,
        _LICENCES[_CROSS.get(source, source)],
        supplier="Organization: Debian",
        sourceInfo=f"{path} of the Debian package {owner} {version}, made of"
                   f" the source package {source} {source_version}",
        externalRefs=[_url("deb", owner, version)])


def _ask(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def _url(kind: str, name: str, version: str, arch: str = "") -> dict:
    version = version.replace("+", "%2B").replace(":", "%3A")
    return {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": f"pkg:{kind}/debian/{name}@{version}"
                            + (f"?arch={arch}" if arch else ""),
    }


def bill(client: bytes, objects: list[str], lock: str, version_h: str) -> dict:
    """The whole document."""
    version = re.search(r'kVersion\[\] = "([^"]+)"', version_h)[1]
    released = int(re.search(r"kReleaseUnixSeconds = (\d+);", version_h)[1])
    digest = hashlib.sha256(client).hexdigest()
    parts = sorted({part for part in map(part_of, objects) if part})
    packages = [machine_file(part) if part.startswith("/")
                else library(part, lock, client) for part in parts]
    root = _package("client", version, "client", digest, "Apache-2.0",
                    primaryPackagePurpose="APPLICATION",
                    supplier="Organization: ovoc-tunnel")
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"ovoc-tunnel-client-{version}",
        "documentNamespace": f"urn:ovoc-tunnel:sbom:{version}:{digest}",
        "creationInfo": {
            "created": datetime.fromtimestamp(released, timezone.utc)
                       .strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: ovoc-tunnel-sbom-{version}"],
        },
        "packages": [root, *packages],
        "relationships": [
            _relationship("SPDXRef-DOCUMENT", "DESCRIBES", _ROOT),
            *(_relationship(_ROOT, "STATIC_LINK", package["SPDXID"])
              for package in packages),
        ],
    }


def _relationship(one: str, kind: str, other: str) -> dict:
    return {"spdxElementId": one, "relationshipType": kind,
            "relatedSpdxElement": other}


def main() -> None:
    client, linker_map, lock, version_h = map(Path, sys.argv[1:])
    document = bill(client.read_bytes(),
                    [piece.object for piece in link_map.read_map(linker_map)],
                    lock.read_text(), version_h.read_text())
    json.dump(document, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
