# SPDX-License-Identifier: Apache-2.0
"""The released client keeps each promise of hardening.py.

The file that ships has no symbols; what is said of its code is read in its
twin, the same link with a symbol table, and a test shows that the two load
the same bytes. The linker's map says which of them are ours.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import elf_file
import hardening
import link_map
from elf_file import ElfFile

_CLIENT = Path(sys.argv.pop(1))
_EMULATOR = ["qemu-aarch64-static"] if "aarch64" in _CLIENT.name else []


class ReleaseTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.client = ElfFile(_CLIENT)
        cls.symbols = ElfFile(f"{_CLIENT}.symbols")
        cls.pieces = [p for p in link_map.read_map(f"{_CLIENT}.map")
                      if p.section.startswith(".text")]
        cls.ours = cls.ranges(link_map.is_ours)
        cls.built_here = cls.ranges(link_map.is_built_here)

    @classmethod
    def ranges(cls, wanted):
        return [(p.address, p.size) for p in cls.pieces if wanted(p.object)]

    def only_x86(self):
        if self.client.machine != elf_file.EM_X86_64:
            self.skipTest("the check reads x86-64 code")

    def test_the_twin_loads_the_same_bytes(self):
        def loaded(elf):
            # The first segment begins with the ELF header, which says where
            # the sections' table lies in the file.
            return [(s.flags, s.address, s.memory_size,
                     elf.data[s.offset + (64 if s.offset == 0 else 0):
                              s.offset + s.file_size])
                    for s in elf.of_kind(elf_file.PT_LOAD)]

        def without_build_id(segments):
            return [(*rest, data.replace(build_id(data), b""))
                    for *rest, data in segments]

        def build_id(data):
            at = data.find(b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0")
            return data[at:at + 36] if at >= 0 else b"none"
        self.assertEqual(without_build_id(loaded(self.client)),
                         without_build_id(loaded(self.symbols)))

    def test_it_is_a_static_pie(self):
        self.assertEqual(hardening.is_static_pie(self.client), [])

    def test_it_has_full_relro(self):
        self.assertEqual(hardening.has_full_relro(self.client), [])

    def test_its_stack_is_not_executable(self):
        self.assertEqual(hardening.has_no_executable_stack(self.client), [])

    def test_nothing_is_writable_and_executable(self):
        self.assertEqual(hardening.has_no_writable_code(self.client), [])

    def test_it_has_no_run_path(self):
        self.assertEqual(hardening.has_no_run_path(self.client), [])

    def test_it_is_stripped(self):
        self.assertEqual(hardening.is_stripped(self.client), [])

    def test_it_exports_nothing(self):
        self.assertEqual(hardening.exports_nothing(self.client), [])

    def test_it_is_small(self):
        self.assertEqual(hardening.is_small(self.client), [])
        print(f"{len(self.client.data)} bytes; at most {hardening.MAX_BYTES}"
              " are allowed")

    def test_it_names_no_folder_it_was_built_in(self):
        here = os.path.realpath(_CLIENT)
        folders = ["/proc/self/cwd", "/root/", "/home/", "bazel-out/",
                   here.partition("/bazel-out/")[0]]
        self.assertEqual(hardening.names_no_folder(self.client, folders), [])

    def test_its_code_has_stack_canaries(self):
        self.only_x86()
        self.assertEqual(
            hardening.has_stack_canaries(self.symbols, self.ours), [])

    def test_its_code_calls_fortified_functions(self):
        self.only_x86()
        self.assertEqual(
            hardening.has_fortified_calls(self.symbols, self.ours), [])

    def test_its_code_probes_large_frames(self):
        self.only_x86()
        self.assertEqual(
            hardening.probes_large_frames(self.symbols, self.built_here), [])

    def test_its_indirect_calls_arrive_at_landing_pads(self):
        self.assertEqual(
            hardening.marks_indirect_targets(self.symbols, self.built_here), [])

    def test_its_note_does_not_promise_more_than_its_parts(self):
        # Debian 12's libc.a, libm.a and start files, and the assembler files
        # of this BoringSSL, have no landing pads; the linker therefore leaves
        # the note out, and a kernel that enforces by it leaves us alone. When
        # this fails, they have, and SECURITY.md may promise enforcement.
        self.assertEqual(self.client.property_bits(), 0)

    def test_our_code_has_control_flow_integrity(self):
        self.assertEqual(
            hardening.has_control_flow_integrity(self.symbols, self.ours), [])

    def test_it_asks_no_name_service_of_the_c_library(self):
        self.assertEqual(hardening.loads_no_name_service(self.symbols), [])

    def test_it_runs(self):
        for flag in ("--version", "--help"):
            done = subprocess.run([*_EMULATOR, _CLIENT, flag], check=False,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("client", done.stdout)


if __name__ == "__main__":
    unittest.main()
