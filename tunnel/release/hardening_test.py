# SPDX-License-Identifier: Apache-2.0
"""Each promise of hardening.py is kept by a program that is built for it, and
seen to be broken in one that is built with the opposite flag."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import hardening
import link_map
from elf_file import ElfFile

_CLANG = "/usr/lib/llvm-19/bin/clang++"

_PROGRAM = r"""
#include <netdb.h>
#include <string.h>
#include <unistd.h>

struct Shape {
  virtual int Area(int n) = 0;
};
struct Square : Shape {
  int Area(int n) override { return n * n; }
};
struct Line : Shape {
  int Area(int n) override { return -n; }
};
__attribute__((noinline)) int Area(Shape* shape, int n) { return shape->Area(n); }

__attribute__((noinline)) int Read(unsigned long n) {
  char page[3 * 4096];
  long got = read(0, page, n);
  return got > 0 ? page[got - 1] : 0;
}

// clang knows memcpy; the checking variants of read, recv and so on in the
// headers of glibc 2.36 are for gcc.
char copy[64];
__attribute__((noinline)) void Copy(const void* from, unsigned long n) {
  memcpy(copy, from, n);
}

int Negative(int n) { return -n; }
int Twice(int n) { return 2 * n; }
int (*const volatile kFunctions[])(int) = {Negative, Twice};

int main(int count, char**) {
  Square square;
  Line line;
#ifdef LOOK_UP
  struct addrinfo* found = nullptr;
  getaddrinfo("localhost", nullptr, nullptr, &found);
#endif
  Copy(&line, count);
  return copy[count] + Area(count > 1 ? static_cast<Shape*>(&square) : &line, count) +
         Read(count) + kFunctions[count & 1](count);
}
"""

_COMPILE = [
    "-O2", "-fPIE", "-flto=thin", "-fsplit-lto-unit", "-fvisibility=hidden",
    "-ffunction-sections", "-fstack-protector-strong",
    "-fstack-clash-protection", "-fcf-protection=full", "-D_FORTIFY_SOURCE=3",
    "-fsanitize=cfi", "-fsanitize-trap=cfi", "-fno-exceptions", "-fno-rtti",
]
_LINK = [
    "-fuse-ld=lld", "-flto=thin", "-static-pie", "-Wl,--gc-sections",
    "-Wl,-z,relro,-z,now,-z,noexecstack,--pack-dyn-relocs=relr",
]


class HardeningTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls._folder.name)
        (cls.folder / "tiny.cc").write_text(_PROGRAM)
        cls.good = cls.build("good")

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    @classmethod
    def build(cls, name, compile=(), link=(), without=()):
        """The small program's ELF file, and the ranges of its own code."""
        output = cls.folder / name
        flags = [f for f in _COMPILE if f not in without]
        links = [f for f in _LINK if f not in without]
        subprocess.run([_CLANG, *flags, *compile, "-c", "tiny.cc", "-o",
                        f"{name}.o"], cwd=cls.folder, check=True)
        subprocess.run([_CLANG, *links, *link, f"{name}.o", "-o", name,
                        f"-Wl,-Map={name}.map"], cwd=cls.folder, check=True)
        ranges = [(p.address, p.size)
                  for p in link_map.read_map(f"{output}.map")
                  if p.object == f"{name}.o"
                  and p.section.startswith(".text")]
        return ElfFile(output), ranges

    def expect_of_file(self, check, **flags):
        self.assertEqual(check(self.good[0]), [])
        bad, _ = self.build(check.__name__, **flags)
        self.assertNotEqual(check(bad), [])

    def expect_of_code(self, check, **flags):
        self.assertTrue(self.good[1])
        self.assertEqual(check(*self.good), [])
        bad = self.build(check.__name__, **flags)
        self.assertTrue(bad[1])
        self.assertNotEqual(check(*bad), [])

    def test_a_static_pie(self):
        self.expect_of_file(hardening.is_static_pie, link=["-static"],
                            without=["-static-pie"])
        shared, _ = self.build("shared", link=["-pie"], without=["-static-pie"])
        wrong = hardening.is_static_pie(shared)
        self.assertIn("there is an interpreter", wrong)
        self.assertIn("it needs shared libraries", wrong)

    def test_full_relro(self):
        self.expect_of_file(hardening.has_full_relro, link=["-Wl,-z,norelro"])
        lazy, _ = self.build("lazy", link=["-pie", "-Wl,-z,lazy"],
                             without=["-static-pie"])
        self.assertEqual(hardening.has_full_relro(lazy),
                         ["neither DF_BIND_NOW nor DF_1_NOW is set"])

    def test_no_executable_stack(self):
        self.expect_of_file(hardening.has_no_executable_stack,
                            link=["-Wl,-z,execstack"])

    def test_no_writable_code(self):
        self.expect_of_file(hardening.has_no_writable_code, link=["-Wl,-N"])

    def test_no_run_path(self):
        for name, tags in (("run_path", "--enable-new-dtags"),
                           ("r_path", "--disable-new-dtags")):
            bad, _ = self.build(name, link=[f"-Wl,-rpath,/opt,{tags}"])
            self.assertNotEqual(hardening.has_no_run_path(bad), [])
        self.assertEqual(hardening.has_no_run_path(self.good[0]), [])

    def test_stripped(self):
        stripped, _ = self.build("stripped", link=["-Wl,--strip-all"])
        self.assertEqual(hardening.is_stripped(stripped), [])
        self.assertNotEqual(hardening.is_stripped(self.good[0]), [])

    def test_nothing_exported(self):
        self.expect_of_file(hardening.exports_nothing,
                            compile=["-fvisibility=default", "-fno-sanitize=cfi"],
                            link=["-Wl,--export-dynamic"])

    def test_small(self):
        self.assertEqual(hardening.is_small(self.good[0]), [])
        with (self.folder / "large").open("wb") as large:
            large.write(self.good[0].data)
            large.truncate(hardening.MAX_BYTES)
        self.assertEqual(hardening.is_small(ElfFile(self.folder / "large")), [])
        with (self.folder / "large").open("ab") as large:
            large.write(b"\0")
        self.assertNotEqual(hardening.is_small(ElfFile(self.folder / "large")), [])

    def test_folders(self):
        self.assertEqual(
            hardening.names_no_folder(self.good[0], [str(self.folder)]), [])
        (self.folder / "name.h").write_text(
            "__attribute__((used, retain)) "
            f"static const char kName[] = \"{self.folder}\";")
        bad, _ = self.build("folders", compile=["-include", "name.h"])
        self.assertNotEqual(
            hardening.names_no_folder(bad, [str(self.folder)]), [])

    def test_no_name_service(self):
        self.expect_of_file(hardening.loads_no_name_service,
                            compile=["-DLOOK_UP"])

    def test_stack_canaries(self):
        self.expect_of_code(hardening.has_stack_canaries,
                            compile=["-fno-stack-protector"],
                            without=["-fstack-protector-strong"])

    def test_fortified_calls(self):
        self.expect_of_code(hardening.has_fortified_calls,
                            without=["-D_FORTIFY_SOURCE=3"])

    def test_stack_probes(self):
        self.expect_of_code(hardening.probes_large_frames,
                            without=["-fstack-clash-protection"])

    def test_landing_pads(self):
        self.expect_of_code(hardening.marks_indirect_targets,
                            without=["-fcf-protection=full"])

    def test_control_flow_integrity(self):
        self.expect_of_code(hardening.has_control_flow_integrity,
                            compile=["-fno-sanitize=cfi"])


if __name__ == "__main__":
    unittest.main()
