# SPDX-License-Identifier: Apache-2.0
"""Reads a 64-bit little-endian ELF file: what it says of itself, and its code.

Sources: the System V gABI (ELF-64), and for GNU's additions binutils' elf.h.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

ET_DYN = 3
EM_X86_64, EM_AARCH64 = 62, 183
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
PT_GNU_STACK, PT_GNU_RELRO = 0x6474E551, 0x6474E552
PF_X, PF_W, PF_R = 1, 2, 4
DT_RELRSZ, DT_RELR = 35, 36
DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_FLAGS, DT_FLAGS_1 = 1, 15, 29, 30, 0x6FFFFFFB
DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 0x8, 0x1, 0x08000000
SHT_SYMTAB, SHT_RELA, SHT_DYNSYM = 2, 4, 11
STT_OBJECT, STT_FUNC = 1, 2
NT_GNU_PROPERTY_TYPE_0 = 5
R_RELATIVE = {EM_X86_64: 8, EM_AARCH64: 1027}
R_IRELATIVE = {EM_X86_64: 37, EM_AARCH64: 1032}


@dataclass(frozen=True)
class Segment:
    kind: int
    flags: int
    offset: int
    address: int
    file_size: int
    memory_size: int


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    address: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True)
class Symbol:
    name: str
    kind: int
    section: int
    address: int
    size: int


class ElfFile:
    """One file, read whole."""

    def __init__(self, path: Path) -> None:
        self.data = Path(path).read_bytes()
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is not a 64-bit little-endian ELF file")
        (self.kind, self.machine, _, self.entry, segments, sections, _, _,
         segment_size, segment_count, section_size, section_count,
         names) = struct.unpack_from("<HHIQQQIHHHHHH", self.data, 16)
        self.segments = [self._segment(segments + i * segment_size)
                         for i in range(segment_count)]
        self.sections = self._sections(sections, section_size, section_count,
                                       names)

    def _segment(self, at: int) -> Segment:
        kind, flags, offset, address, _, file_size, memory_size, _ = (
            struct.unpack_from("<IIQQQQQQ", self.data, at))
        return Segment(kind, flags, offset, address, file_size, memory_size)

    def _sections(self, at: int, size: int, count: int,
                  names: int) -> list[Section]:
        raw = [struct.unpack_from("<IIQQQQI", self.data, at + i * size)
               for i in range(count)]
        table = raw[names][4] if count else 0
        return [Section(self._text(table + name), kind, address, offset, length,
                        link)
                for name, kind, _, address, offset, length, link in raw]

    def _text(self, at: int) -> str:
        return self.data[at:self.data.index(b"\0", at)].decode()

    def of_kind(self, kind: int) -> list[Segment]:
        """The segments of one kind."""
        return [s for s in self.segments if s.kind == kind]

    def dynamic(self) -> list[tuple[int, int]]:
        """The tags and values of PT_DYNAMIC, to DT_NULL."""
        found = []
        for segment in self.of_kind(PT_DYNAMIC):
            for at in range(0, segment.file_size, 16):
                tag, value = struct.unpack_from("<QQ", self.data,
                                                segment.offset + at)
                if tag == 0:
                    break
                found.append((tag, value))
        return found

    def dynamic_value(self, tag: int) -> int:
        """The value of one tag, 0 where there is none."""
        return next((v for t, v in self.dynamic() if t == tag), 0)

    def symbols(self, kind: int = SHT_SYMTAB) -> list[Symbol]:
        """The entries of the symbol table of that kind, but the first."""
        found = []
        for section in (s for s in self.sections if s.kind == kind):
            names = self.sections[section.link].offset
            for at in range(24, section.size, 24):
                name, info, _, index, address, size = struct.unpack_from(
                    "<IBBHQQ", self.data, section.offset + at)
                found.append(Symbol(self._text(names + name), info & 15, index,
                                    address, size))
        return found

    def code(self, address: int, size: int) -> bytes:
        """The bytes that are loaded there; fewer where the file has no more."""
        for s in self.of_kind(PT_LOAD):
            if s.address <= address < s.address + s.file_size:
                at = s.offset + address - s.address
                return self.data[at:min(at + size, s.offset + s.file_size)]
        return b""

    def is_code(self, address: int) -> bool:
        """Whether the address lies in an executable segment."""
        return any(s.flags & PF_X and s.address <= address < s.address + s.memory_size
                   for s in self.of_kind(PT_LOAD))

    def _relocations(self, kind: int):
        for section in (s for s in self.sections if s.kind == SHT_RELA):
            for at in range(0, section.size, 24):
                place, info, addend = struct.unpack_from(
                    "<QQq", self.data, section.offset + at)
                if info & 0xFFFFFFFF == kind:
                    yield place, addend

    def resolvers(self) -> dict[int, int]:
        """The slots filled at start by the function that a resolver (whose
        address is the value) picks for the processor: memcpy and its like."""
        return dict(self._relocations(R_IRELATIVE[self.machine]))

    def pointers_to_code(self) -> set[int]:
        """The code addresses that the start-up relocations write into data."""
        found = {addend for _, addend in
                 self._relocations(R_RELATIVE[self.machine])}
        found |= {int.from_bytes(self.code(place, 8), "little")
                  for place in self._packed_relocations()}
        return set(filter(self.is_code, found))

    def _packed_relocations(self):
        """The places that DT_RELR names: an address, then 63-bit maps."""
        table = self.code(self.dynamic_value(DT_RELR),
                          self.dynamic_value(DT_RELRSZ))
        place = 0
        for (entry,) in struct.iter_unpack("<Q", table):
            if entry & 1 == 0:
                yield entry
                place = entry + 8
                continue
            yield from (place + 8 * bit for bit in range(63)
                        if entry >> bit + 1 & 1)
            place += 8 * 63

    def property_bits(self) -> int:
        """GNU_PROPERTY_*_FEATURE_1_AND of the file's notes; 0 without one."""
        wanted = {EM_X86_64: 0xC0000002, EM_AARCH64: 0xC0000000}[self.machine]
        for segment in self.of_kind(PT_NOTE):
            note = self.data[segment.offset:segment.offset + segment.file_size]
            for kind, description in _notes(note):
                if kind == NT_GNU_PROPERTY_TYPE_0:
                    bits = _property(description, wanted)
                    if bits:
                        return bits
        return 0


def _notes(data: bytes):
    at = 0
    while at + 12 <= len(data):
        name_size, size, kind = struct.unpack_from("<III", data, at)
        start = at + 12 + (name_size + 3 & ~3)
        yield kind, data[start:start + size]
        at = start + (size + 3 & ~3)


def _property(data: bytes, wanted: int) -> int:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == wanted:
            return struct.unpack_from("<I", data, at + 8)[0]
        at += 8 + (size + 7 & ~7)
    return 0
