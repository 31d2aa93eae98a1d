# SPDX-License-Identifier: Apache-2.0
"""What a release binary promises, each promise a function of its own.

Each takes an ElfFile (and, where the code is looked at, the ranges of code
that the promise is about) and returns what is wrong: an empty list when it
holds. How it is shown is in each function's comment.
"""

import re
from collections.abc import Iterable

import elf_file
from elf_file import EM_X86_64, ElfFile

MAX_BYTES = 9 << 19  # 4.5 MiB

Range = tuple[int, int]  # address, size

# What code of each processor looks like, as bytes (Intel SDM volume 2; Arm
# ARM, C6.2). x86-64: mov %fs:0x28,%reg; endbr64; ud1 with clang's number 2
# for a failed CFI check; subtracting and touching a page of the stack.
_CANARY = re.compile(rb"\x64[\x48\x4c]\x8b[\x04\x0c\x14\x1c\x24\x2c\x34\x3c]"
                     rb"\x25\x28\0\0\0", re.DOTALL)
_ENDBR64 = b"\xf3\x0f\x1e\xfa"
_CFI_TRAP = {
    EM_X86_64: b"\x67\x0f\xb9\x40\x02",
    elf_file.EM_AARCH64: b"\x40\xa0\x2a\xd4",  # brk #0x5502
}
_PROBE = re.compile(rb"\x48\x81\xec\0\x10\0\0\x48\xc7\x04\x24\0\0\0\0", re.DOTALL)
_SUB_RSP = re.compile(rb"\x48\x81\xec(.{4})", re.DOTALL)
_PAGE = 4096
# bti c, bti jc, paciasp, pacibsp: where BTI lets an indirect call arrive.
_LANDING_PADS = (b"\x5f\x24\x03\xd5", b"\xdf\x24\x03\xd5",
                 b"\x3f\x23\x03\xd5", b"\x7f\x23\x03\xd5")

# C library functions that load a name service, or further code, at run time.
# Its own parts behind them may be in the file, out of reach.
_LOADERS = re.compile(
    r"getaddrinfo|getnameinfo|getgrouplist|initgroups"
    r"|get(host|net|serv|proto|pw|gr|sp)"
    r"(by(name2?|addr|port|number)|ent|nam|uid|gid)(_r)?")


def is_static_pie(elf: ElfFile) -> list[str]:
    """ET_DYN with DF_1_PIE, no interpreter, no library needed."""
    wrong = []
    if elf.kind != elf_file.ET_DYN:
        wrong.append(f"the file type is {elf.kind}, but must be ET_DYN (3)")
    if not elf.dynamic_value(elf_file.DT_FLAGS_1) & elf_file.DF_1_PIE:
        wrong.append("DF_1_PIE is not set")
    if elf.of_kind(elf_file.PT_INTERP):
        wrong.append("there is an interpreter")
    if any(tag == elf_file.DT_NEEDED for tag, _ in elf.dynamic()):
        wrong.append("it needs shared libraries")
    return wrong


def has_full_relro(elf: ElfFile) -> list[str]:
    """PT_GNU_RELRO over the dynamic section, and binding at start."""
    relro = elf.of_kind(elf_file.PT_GNU_RELRO)
    dynamic = elf.of_kind(elf_file.PT_DYNAMIC)
    wrong = []
    if not any(r.address <= d.address < r.address + r.memory_size
               for r in relro for d in dynamic):
        wrong.append("no PT_GNU_RELRO over the dynamic section")
    now = (elf.dynamic_value(elf_file.DT_FLAGS) & elf_file.DF_BIND_NOW
           or elf.dynamic_value(elf_file.DT_FLAGS_1) & elf_file.DF_1_NOW)
    if not now:
        wrong.append("neither DF_BIND_NOW nor DF_1_NOW is set")
    return wrong


def has_no_executable_stack(elf: ElfFile) -> list[str]:
    """PT_GNU_STACK is there and not executable."""
    stacks = elf.of_kind(elf_file.PT_GNU_STACK)
    if len(stacks) != 1 or stacks[0].flags & elf_file.PF_X:
        return ["the stack is executable"]
    return []


def has_no_writable_code(elf: ElfFile) -> list[str]:
    """No segment is both writable and executable."""
    both = elf_file.PF_W | elf_file.PF_X
    return [f"the segment at {s.address:#x} is writable and executable"
            for s in elf.segments if s.flags & both == both]


def has_no_run_path(elf: ElfFile) -> list[str]:
    """Neither DT_RPATH nor DT_RUNPATH."""
    return ["there is a DT_RPATH or DT_RUNPATH" for tag, _ in elf.dynamic()
            if tag in (elf_file.DT_RPATH, elf_file.DT_RUNPATH)]


def is_stripped(elf: ElfFile) -> list[str]:
    """No symbol table and no debugging sections."""
    return [f"there is a section {s.name}" for s in elf.sections
            if s.kind == elf_file.SHT_SYMTAB or s.name.startswith(".debug")]


def exports_nothing(elf: ElfFile) -> list[str]:
    """No symbol of the dynamic table is defined here."""
    return [f"{s.name} is exported" for s in elf.symbols(elf_file.SHT_DYNSYM)
            if s.section]


def is_small(elf: ElfFile) -> list[str]:
    """At most MAX_BYTES."""
    if len(elf.data) > MAX_BYTES:
        return [f"the file has {len(elf.data)} bytes, but at most "
                f"{MAX_BYTES} are allowed"]
    return []


def names_no_folder(elf: ElfFile, folders: Iterable[str]) -> list[str]:
    """None of the folders it was built in is in the file."""
    return [f"the file names {folder}" for folder in folders
            if folder.encode() in elf.data]


def _code(elf: ElfFile, ranges: Iterable[Range]) -> list[bytes]:
    return [elf.code(address, size) for address, size in ranges]


def has_stack_canaries(elf: ElfFile, ranges: Iterable[Range]) -> list[str]:
    """The code reads the canary from its place at %fs:0x28, and its symbols
    know the function that ends the program (x86-64)."""
    wrong = []
    if not any(_CANARY.search(code) for code in _code(elf, ranges)):
        wrong.append("no code reads the stack canary")
    return wrong + _wants_symbol(elf, re.compile("__stack_chk_fail(_local)?"))


def has_fortified_calls(elf: ElfFile, ranges: Iterable[Range]) -> list[str]:
    """The code calls (x86-64: E8 or E9 and the distance) a checking variant of
    a function of the C library, one whose name ends in _chk; memcpy's and its
    like are reached by a jump through a slot that a resolver fills."""
    checked = {s.address for s in elf.symbols()
               if re.fullmatch(r"__\w+_chk", s.name) and s.section
               and not s.name.startswith("__stack_chk")}
    resolvers = elf.resolvers()
    for address, size in ranges:
        code = elf.code(address, size)
        for call in re.finditer(rb"(?=[\xe8\xe9](.{4}))", code, re.DOTALL):
            target = address + call.end(1) + _signed(call[1])
            jump = elf.code(target, 6)
            if jump[:2] == b"\xff\x25":
                slot = target + 6 + _signed(jump[2:])
                target = resolvers.get(slot, 0)
            if target in checked:
                return []
    return ["no code calls a checked function of the C library"]


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _wants_symbol(elf: ElfFile, pattern: re.Pattern) -> list[str]:
    if any(pattern.fullmatch(s.name) for s in elf.symbols()):
        return []
    return [f"there is no symbol {pattern.pattern}"]


def probes_large_frames(elf: ElfFile, ranges: Iterable[Range]) -> list[str]:
    """Each page of a large frame is touched as it is taken, and no frame of
    more than a page is taken at once (x86-64)."""
    wrong, probes = [], 0
    for address, size in ranges:
        code = elf.code(address, size)
        probes += len(_PROBE.findall(code))
        wrong += [f"a frame of {taken} bytes is taken at once at "
                  f"{address + match.start():#x}"
                  for match in _SUB_RSP.finditer(code)
                  for taken in [int.from_bytes(match[1], "little")]
                  if _PAGE < taken < 1 << 31]
    return wrong if probes else wrong + ["no stack probe anywhere"]


def marks_indirect_targets(elf: ElfFile, ranges: Iterable[Range]) -> list[str]:
    """Each function of these ranges whose address the program's data holds
    begins with a landing pad: endbr64 (CET), or bti and its like (BTI)."""
    pads = (_ENDBR64,) if elf.machine == EM_X86_64 else _LANDING_PADS
    inside = sorted(ranges)
    targets = [t for t in elf.pointers_to_code()
               if any(a <= t < a + s for a, s in inside)]
    wrong = [f"{t:#x} is called through a pointer and has no landing pad"
             for t in sorted(targets) if elf.code(t, 4) not in pads]
    return wrong if targets else ["no address of a function was found"]


def has_control_flow_integrity(elf: ElfFile, ranges: Iterable[Range]) -> list[str]:
    """clang's jump tables are there, and checks that end in its trap for a
    failed one (llvm.ubsantrap 2)."""
    wrong = []
    if not any(_CFI_TRAP[elf.machine] in code for code in _code(elf, ranges)):
        wrong.append("no code traps on a failed CFI check")
    return wrong + _wants_symbol(elf, re.compile(r".*\.cfi(_jt)?"))


def loads_no_name_service(elf: ElfFile) -> list[str]:
    """No function of the C library that reads /etc/nsswitch.conf and loads
    shared code, which a static program must not."""
    return [f"{s.name} is linked" for s in elf.symbols()
            if s.section and s.kind == elf_file.STT_FUNC
            and _LOADERS.fullmatch(s.name)]
