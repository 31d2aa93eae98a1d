# SPDX-License-Identifier: Apache-2.0
"""Makes another process make a system call, as an intruder in it would.

By ptrace(2), as root, on x86-64 only: an intruder's code cannot be brought
into a worker, so its registers are set to the call and to the address of a
`syscall` instruction that is in its memory already.
"""

import ctypes
import os
import platform

from conformance.hardening.process_view import ProcessView

OPENAT = 257
SOCKET = 41
CONNECT = 42
SENDTO = 44
RECVMSG = 47
EXIT_GROUP = 231
AF_UNIX = 1
AF_INET = 2
SOCK_STREAM = 1
SOCK_DGRAM = 2
SOCK_FLAGS = 0o2004000  # SOCK_CLOEXEC, SOCK_NONBLOCK
MSG_FASTOPEN = 0x20000000

_ATTACH = 16
_DETACH = 17
_GETREGS = 12
_SETREGS = 13
_SYSCALL = b"\x0f\x05"


class Registers(ctypes.Structure):
    """struct user_regs_struct of x86-64 (sys/user.h)."""

    _fields_ = [(name, ctypes.c_ulonglong) for name in (
        "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax"
        " rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()]


def is_possible() -> bool:
    """Whether this machine's registers are known here."""
    return platform.machine() == "x86_64"


def make_call(view: ProcessView, number: int, *arguments: int) -> None:
    """Has the process make the system call when it runs on; does not wait."""
    instruction = _find_instruction(view)
    _ptrace(_ATTACH, view.pid)
    os.waitpid(view.pid, 0x40000000)  # __WALL: a process that is no child
    registers = Registers()
    _ptrace(_GETREGS, view.pid, ctypes.byref(registers))
    registers.rax = number
    # Else the kernel would start the interrupted call again.
    registers.orig_rax = ctypes.c_ulonglong(-1).value
    registers.rip = instruction
    for name, value in zip(("rdi", "rsi", "rdx", "r10", "r8", "r9"), arguments):
        setattr(registers, name, ctypes.c_ulonglong(value).value)
    _ptrace(_SETREGS, view.pid, ctypes.byref(registers))
    _ptrace(_DETACH, view.pid)


def _find_instruction(view: ProcessView) -> int:
    """The address of a `syscall` instruction in executable memory."""
    for mapping in view.maps():
        if "x" in mapping.access and not mapping.name.startswith("["):
            position = view.read(mapping).find(_SYSCALL)
            if position >= 0:
                return mapping.start + position
    raise LookupError(f"process {view.pid} has no syscall instruction")


def _ptrace(request: int, pid: int, data: object = None,
            address: object = None) -> None:
    """ptrace(2); raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                            ctypes.c_void_p]
    if libc.ptrace(request, pid, address, data) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request} of {pid}")
