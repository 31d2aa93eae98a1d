# SPDX-License-Identifier: Apache-2.0
"""The client's bill of materials: valid SPDX 2.3, and neither more nor less
than what the linker's map says is linked."""

import copy
import hashlib
import json
import re
import sys
import unittest
from pathlib import Path

import link_map
import sbom

_SBOM, _CLIENT, _LOCK = (Path(sys.argv.pop(1)) for _ in range(3))
_ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
_DOCUMENT = "SPDXRef-DOCUMENT"

# SPDX 2.3, chapters 6 and 7: the fields that are mandatory, or conditionally.
_DOCUMENT_FIELDS = ("spdxVersion", "dataLicense", "SPDXID", "name",
                    "documentNamespace", "creationInfo", "packages",
                    "relationships")
_PACKAGE_FIELDS = ("SPDXID", "name", "versionInfo", "downloadLocation",
                   "filesAnalyzed", "checksums", "licenseDeclared",
                   "licenseConcluded", "copyrightText", "supplier")


def mistakes(document: dict) -> list[str]:
    """What SPDX 2.3 asks and the document has not."""
    wrong = [f"the document has no {field}" for field in _DOCUMENT_FIELDS
             if field not in document]
    if wrong:
        return wrong
    if (document["spdxVersion"], document["dataLicense"],
            document["SPDXID"]) != ("SPDX-2.3", "CC0-1.0", _DOCUMENT):
        wrong.append("version, data licence or identifier")
    if not re.fullmatch(r"[a-z]+:[^#]+", document["documentNamespace"]):
        wrong.append("the namespace is no URI without a fragment")
    created = document["creationInfo"].get("created", "")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created):
        wrong.append("the time of creation")
    creators = document["creationInfo"].get("creators", [])
    if not creators or not all(re.match("(Tool|Person|Organization): ", c)
                               for c in creators):
        wrong.append("the creators")
    return wrong + _mistakes_of_parts(document)


def _mistakes_of_parts(document: dict) -> list[str]:
    wrong = []
    for package in document["packages"]:
        name = package.get("name")
        # Of a copy that somebody else brought there is nothing to sum.
        unknown = package.get("supplier") == "NOASSERTION"
        wrong += [f"{name} has no {field}" for field in _PACKAGE_FIELDS
                  if package.get(field) in (None, "", [])
                  and not (unknown and field == "checksums")]
        wrong += [f"{name}: checksum" for sum in package.get("checksums", [])
                  if sum["algorithm"] != "SHA256"
                  or not re.fullmatch("[0-9a-f]{64}", sum["checksumValue"])]
    known = [p.get("SPDXID", "") for p in document["packages"]]
    wrong += [f"identifier {i}" for i in known if not _ID.fullmatch(i)]
    if len(set(known)) != len(known):
        wrong.append("an identifier is given twice")
    ends = {end for r in document["relationships"]
            for end in (r["spdxElementId"], r["relatedSpdxElement"])}
    wrong += [f"{end} is related and not there"
              for end in ends - set(known) - {_DOCUMENT}]
    wrong += [f"{i} is related to nothing" for i in set(known) - ends]
    return wrong


class SbomTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.document = json.loads(_SBOM.read_text())
        cls.objects = {p.object for p in link_map.read_map(f"{_CLIENT}.map")}
        cls.linked = [p for p in cls.document["packages"]
                      if p["SPDXID"] != "SPDXRef-client"]

    def test_it_is_valid(self):
        self.assertEqual(mistakes(self.document), [])

    def test_a_document_that_lacks_something_is_not_valid(self):
        for field in _DOCUMENT_FIELDS:
            broken = {k: v for k, v in self.document.items() if k != field}
            self.assertNotEqual(mistakes(broken), [], field)
        for field in _PACKAGE_FIELDS:
            broken = copy.deepcopy(self.document)
            del broken["packages"][-1][field]
            self.assertNotEqual(mistakes(broken), [], field)
        broken = copy.deepcopy(self.document)
        del broken["relationships"][-1]
        self.assertNotEqual(mistakes(broken), [])
        broken = copy.deepcopy(self.document)
        broken["packages"].append(broken["packages"][-1])
        self.assertNotEqual(mistakes(broken), [])

    def test_it_describes_the_client_of_these_bytes(self):
        client = next(p for p in self.document["packages"]
                      if p["SPDXID"] == "SPDXRef-client")
        self.assertEqual(client["checksums"][0]["checksumValue"],
                         hashlib.sha256(_CLIENT.read_bytes()).hexdigest())

    def test_each_linked_object_belongs_to_a_package_and_the_reverse(self):
        belonging = {p["name"]: 0 for p in self.linked}
        for name in self.objects:
            part = sbom.part_of(name)
            if part is not None:
                self.assertIn(part.lstrip("/"), belonging, name)
                belonging[part.lstrip("/")] += 1
        self.assertEqual([n for n, count in belonging.items() if not count], [])

    def test_an_object_of_unknown_origin_is_refused(self):
        with self.assertRaises(ValueError):
            sbom.part_of("somewhere/else.o")

    def test_the_libraries_are_as_the_lock_file_pins_them(self):
        repositories = {o.split("/")[1] for o in self.objects
                        if o.startswith("external/")}
        self.assertIn("boringssl", repositories)
        ours, _ = sbom.boringssl(_CLIENT.read_bytes())
        for package in self.linked:
            name = package["name"]
            if name in repositories and (name != "boringssl" or ours):
                _, version, files = sbom.locked(
                    _LOCK.read_text(), name,
                    ours if name == "boringssl" else "")
                self.assertEqual(package["versionInfo"], version)
                for digest, name in files:
                    self.assertIn(f"{name} SHA256 {digest}",
                                  package["sourceInfo"])

    def test_boringssl_is_the_one_that_the_client_names(self):
        lock = ("original boringssl b 14.0.0+r45\naa b_14.0.0+r45.orig.tar.xz\n"
                "source boringssl b 13.0.0+r24-2\nbb b_13.0.0+r24-2.dsc\n")
        sbom._LICENCES["b"] = "ISC"
        self.addCleanup(sbom._LICENCES.pop, "b")
        for version, digest in (("14.0.0+r45", "aa"), ("13.0.0+r24-2", "bb")):
            package = sbom.library(
                "boringssl", lock,
                f"\0BoringSSL {version} (revision {'5' * 40})\0".encode())
            self.assertEqual(package["versionInfo"], version)
            self.assertEqual(package["checksums"][0]["checksumValue"], digest)
            self.assertIn("5" * 40, package["sourceInfo"])

    def test_boringssl_of_another_origin_is_not_said_to_be_debians(self):
        client = b"\0BoringSSL of another origin (API 43)\0"
        package = sbom.library("boringssl", _LOCK.read_text(), client)
        self.assertEqual(package["versionInfo"], "NOASSERTION")
        self.assertEqual(package["supplier"], "NOASSERTION")
        self.assertIn("API 43", package["sourceInfo"])
        self.assertNotIn("checksums", package)
        document = copy.deepcopy(self.document)
        document["packages"] = [
            package if p["name"] == "boringssl" else p
            for p in document["packages"]]
        self.assertEqual(mistakes(document), [])

    def test_a_client_that_names_no_boringssl_or_two_is_refused(self):
        one = f"BoringSSL 14.0.0+r45 (revision {'5' * 40})\0".encode()
        other = b"BoringSSL of another origin (API 43)\0"
        for client in (b"", one + other):
            with self.assertRaises(ValueError):
                sbom.boringssl(client)
        self.assertEqual(sbom.boringssl(one + one)[0], "14.0.0+r45")

    def test_the_archives_are_those_of_this_machine(self):
        files = [p for p in self.linked if "/" in p["name"]]
        self.assertTrue(files)
        for package in files:
            data = Path("/", package["name"]).read_bytes()
            self.assertEqual(package["checksums"][0]["checksumValue"],
                             hashlib.sha256(data).hexdigest())

    def test_it_says_the_release_as_its_date(self):
        self.assertTrue(self.document["creationInfo"]["created"]
                        .endswith("T00:00:00Z"))


if __name__ == "__main__":
    unittest.main()
