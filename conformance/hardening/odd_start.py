# SPDX-License-Identifier: Apache-2.0
"""Runs a program as some supervisors, shells and containers do.

odd_start.py KIND... -- PROGRAM ARGUMENT...

Kinds:
  ignored        every signal that can be is ignored, SIGCHLD above all
  blocked        every signal that can be is blocked
  closed         standard input, output and error are closed
  alarm          SIGALRM is to come in 2 s
  limits         soft limits that nothing can live with
  processes=N    RLIMIT_NPROC is N, soft and hard
  data=N         RLIMIT_DATA is N bytes, soft and hard
  mask           umask 0777
  refuse=N:E     system call N fails with errno E (seccomp)
"""

import ctypes
import os
import resource
import signal
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
# linux/filter.h, linux/seccomp.h
_LOAD_NUMBER = (0x20, 0, 0, 0)  # ld [offsetof(seccomp_data, nr)]
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06
_ALLOW = 0x7fff0000
_ERRNO = 0x00050000
# Soft ones; what is not named stays.
_LIMITS = {resource.RLIMIT_NOFILE: 8, resource.RLIMIT_FSIZE: 0,
           resource.RLIMIT_CPU: 1, resource.RLIMIT_NPROC: 1}


def ignore() -> None:
    """Ignores what can be ignored."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)


def limit() -> None:
    """Lowers the soft limits."""
    for number, soft in _LIMITS.items():
        hard = resource.getrlimit(number)[1]
        resource.setrlimit(number, (soft, hard))


def refuse(number: int, error: int) -> None:
    """Makes a system call fail, for this process and its children."""
    steps = [_LOAD_NUMBER, (_JUMP_IF_EQUAL, 0, 1, number),
             (_RETURN, 0, 0, _ERRNO | error), (_RETURN, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack(
        "@HP", len(steps), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")


def main() -> None:
    """Does what the kinds say, then becomes the program."""
    end = sys.argv.index("--")
    for kind in sys.argv[1:end]:
        name, _, value = kind.partition("=")
        if name == "ignored":
            ignore()
        elif name == "blocked":
            signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
        elif name == "closed":
            os.closerange(0, 3)
        elif name == "alarm":
            signal.alarm(2)
        elif name == "limits":
            limit()
        elif name == "processes":
            resource.setrlimit(resource.RLIMIT_NPROC, (int(value), int(value)))
        elif name == "data":
            resource.setrlimit(resource.RLIMIT_DATA, (int(value), int(value)))
        elif name == "mask":
            os.umask(0o777)
        elif name == "refuse":
            number, _, error = value.partition(":")
            refuse(int(number), int(error))
        else:
            sys.exit(f"unknown kind {kind}")
    command = sys.argv[end + 1:]
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
