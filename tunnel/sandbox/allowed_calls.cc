// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/allowed_calls.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <iterator>

#include "tunnel/sandbox/sandbox.h"

namespace ovoc::tunnel {
namespace {

ArgumentRule Is(unsigned argument, uint64_t value) {
  return {argument, kWholeArgument, value};
}

// Integers are 32 bits of a 64-bit register; the kernel ignores the rest.
ArgumentRule IsInt(unsigned argument, int value) {
  return {argument, 0xffffffff, static_cast<uint32_t>(value)};
}

ArgumentRule Without(unsigned argument, uint64_t bits) {
  return {argument, bits, 0};
}

ArgumentRule With(unsigned argument, uint64_t bits) {
  return {argument, bits, bits};
}

using Calls = std::vector<AllowedCall>;

void Append(Calls more, Calls* calls) {
  calls->insert(calls->end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

// Descriptors that are open, and waiting for them. The data path is made of
// these: without rules the kernel decides on them by one bit (seccomp's action
// cache). With an address, sendto could send UDP anywhere, and TCP by
// MSG_FASTOPEN.
Calls DataCalls() {
  return {
      {SCMP_SYS(read), "read", ""},
      {SCMP_SYS(write), "write", ""},
      {SCMP_SYS(readv), "readv", ""},
      {SCMP_SYS(writev), "writev", ""},
      {SCMP_SYS(recvfrom), "recvfrom", ""},
      {SCMP_SYS(sendto), "sendto", "no address", {Is(4, 0)}},
      {SCMP_SYS(recvmsg),
       "recvmsg",
       "the channel's descriptor, 3",
       {IsInt(0, kChannelDescriptor)}},
      {SCMP_SYS(getsockopt),
       "getsockopt",
       "SO_ERROR",
       {IsInt(1, SOL_SOCKET), IsInt(2, SO_ERROR)}},
      {SCMP_SYS(setsockopt),
       "setsockopt",
       "TCP_NOTSENT_LOWAT",
       {IsInt(1, IPPROTO_TCP), IsInt(2, TCP_NOTSENT_LOWAT)}},
      {SCMP_SYS(epoll_wait), "epoll_wait", ""},
      {SCMP_SYS(epoll_pwait), "epoll_pwait", ""},
      {SCMP_SYS(epoll_ctl), "epoll_ctl", ""},
      {SCMP_SYS(close), "close", ""},
      {SCMP_SYS(shutdown), "shutdown", ""},
      {SCMP_SYS(clock_gettime), "clock_gettime", ""},
      {SCMP_SYS(gettimeofday), "gettimeofday", ""},
      {SCMP_SYS(time), "time", ""},
      {SCMP_SYS(getrandom), "getrandom", ""},
  };
}

// Making sockets: TCP and UDP over IPv4 and IPv6, nothing raw, nothing local.
Calls SocketCalls() {
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  Calls calls;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
      calls.push_back(
          {SCMP_SYS(socket),
           "socket",
           "AF_INET, AF_INET6 with SOCK_STREAM, SOCK_DGRAM, protocol 0",
           {IsInt(0, family), IsInt(1, type | kFlags), IsInt(2, 0)}});
    }
  }
  calls.push_back({SCMP_SYS(connect), "connect", ""});
  for (const int option : {SO_KEEPALIVE, SO_BINDTODEVICE}) {
    calls.push_back({SCMP_SYS(setsockopt),
                     "setsockopt",
                     "SO_KEEPALIVE, SO_BINDTODEVICE",
                     {IsInt(1, SOL_SOCKET), IsInt(2, option)}});
  }
  for (const int option :
       {TCP_NODELAY, TCP_USER_TIMEOUT, TCP_KEEPIDLE, TCP_KEEPINTVL}) {
    calls.push_back({SCMP_SYS(setsockopt),
                     "setsockopt",
                     "TCP_NODELAY, TCP_USER_TIMEOUT, TCP_KEEPIDLE, "
                     "TCP_KEEPINTVL",
                     {IsInt(1, IPPROTO_TCP), IsInt(2, option)}});
  }
  return calls;
}

// Memory that is never executable, and the end.
Calls MemoryAndEndCalls(int own_process) {
  return {
      {SCMP_SYS(brk), "brk", ""},
      {SCMP_SYS(mmap),
       "mmap",
       "anonymous, not executable",
       {With(3, MAP_ANONYMOUS), Without(2, PROT_EXEC)}},
      {SCMP_SYS(mprotect),
       "mprotect",
       "not executable",
       {Without(2, PROT_EXEC)}},
      {SCMP_SYS(mremap), "mremap", ""},
      {SCMP_SYS(munmap), "munmap", ""},
      {SCMP_SYS(madvise), "madvise", ""},
      {SCMP_SYS(futex), "futex", ""},
      {SCMP_SYS(restart_syscall), "restart_syscall", ""},
      {SCMP_SYS(rt_sigreturn), "rt_sigreturn", ""},
      {SCMP_SYS(rt_sigprocmask), "rt_sigprocmask", ""},
      {SCMP_SYS(getpid), "getpid", ""},
      {SCMP_SYS(gettid), "gettid", ""},
      {SCMP_SYS(tgkill), "tgkill", "to itself", {IsInt(0, own_process)}},
      {SCMP_SYS(exit), "exit", ""},
      {SCMP_SYS(exit_group), "exit_group", ""},
  };
}

// Settings, roots, keys, the status file, the TUN device.
Calls FileCalls() {
  return {
      {SCMP_SYS(open), "open", ""},
      {SCMP_SYS(openat), "openat", ""},
      {SCMP_SYS(openat2), "openat2", ""},
      {SCMP_SYS(fstat), "fstat", ""},
      {SCMP_SYS(newfstatat), "newfstatat", ""},
      {SCMP_SYS(geteuid), "geteuid", ""},
      {SCMP_SYS(fcntl), "fcntl", ""},
      {SCMP_SYS(fchmod), "fchmod", ""},
      {SCMP_SYS(rename), "rename", ""},
      {SCMP_SYS(renameat), "renameat", ""},
      {SCMP_SYS(unlink), "unlink", ""},
      {SCMP_SYS(unlinkat), "unlinkat", ""},
      {SCMP_SYS(ioctl), "ioctl", "TUNSETIFF", {Is(1, TUNSETIFF)}},
      {SCMP_SYS(ioctl), "ioctl", "TUNSETOFFLOAD", {Is(1, TUNSETOFFLOAD)}},
      {SCMP_SYS(ioctl), "ioctl", "TUNSETCARRIER", {Is(1, TUNSETCARRIER)}},
      {SCMP_SYS(ioctl), "ioctl", "TUNGETIFF", {Is(1, TUNGETIFF)}},
      {SCMP_SYS(ioctl), "ioctl", "SIOCGIFINDEX", {Is(1, SIOCGIFINDEX)}},
  };
}

// rtnetlink, syslog, the service manager, the worker's channel and sockets.
Calls LocalSocketCalls() {
  return {
      {SCMP_SYS(sendto), "sendto", ""},
      {SCMP_SYS(sendmsg), "sendmsg", ""},
      {SCMP_SYS(socket),
       "socket",
       "AF_NETLINK, NETLINK_ROUTE",
       {IsInt(0, AF_NETLINK), IsInt(1, SOCK_RAW | SOCK_CLOEXEC), IsInt(2, 0)}},
      {SCMP_SYS(socket),
       "socket",
       "AF_UNIX, SOCK_DGRAM",
       {IsInt(0, AF_UNIX),
        {1, ~uint64_t{SOCK_NONBLOCK | SOCK_CLOEXEC} & 0xffffffff, SOCK_DGRAM}}},
      {SCMP_SYS(socketpair),
       "socketpair",
       "AF_UNIX, SOCK_SEQPACKET",
       {IsInt(0, AF_UNIX), IsInt(1, SOCK_SEQPACKET | SOCK_CLOEXEC)}},
      {SCMP_SYS(setsockopt),
       "setsockopt",
       "SO_RCVTIMEO, SO_SNDTIMEO",
       {IsInt(1, SOL_SOCKET), IsInt(2, SO_RCVTIMEO)}},
      {SCMP_SYS(setsockopt),
       "setsockopt",
       "SO_RCVTIMEO, SO_SNDTIMEO",
       {IsInt(1, SOL_SOCKET), IsInt(2, SO_SNDTIMEO)}},
  };
}

// Making, ending and burying the worker.
Calls ProcessCalls() {
  constexpr int kFork = 0x01200000 | SIGCHLD;  // CHILD_CLEARTID, CHILD_SETTID
  return {
      {SCMP_SYS(clone), "clone", "fork(3)'s flags", {IsInt(0, kFork)}},
      {SCMP_SYS(set_robust_list), "set_robust_list", ""},
      {SCMP_SYS(rseq), "rseq", ""},
      {SCMP_SYS(wait4), "wait4", ""},
      {SCMP_SYS(waitid), "waitid", ""},
      {SCMP_SYS(kill), "kill", "SIGKILL", {IsInt(1, SIGKILL)}},
      {SCMP_SYS(tgkill), "tgkill", ""},
      {SCMP_SYS(epoll_create1), "epoll_create1", ""},
      {SCMP_SYS(signalfd4), "signalfd4", ""},
      {SCMP_SYS(rt_sigaction), "rt_sigaction", ""},
  };
}

// What a child still does before it is the worker.
Calls ConfiningCalls() {
  return {
      {SCMP_SYS(chdir), "chdir", ""},
      {SCMP_SYS(close_range), "close_range", ""},
      {SCMP_SYS(dup2), "dup2", ""},
      {SCMP_SYS(dup3), "dup3", ""},
      {SCMP_SYS(setresuid), "setresuid", ""},
      {SCMP_SYS(setresgid), "setresgid", ""},
      {SCMP_SYS(capset), "capset", ""},
      {SCMP_SYS(getrlimit), "getrlimit", ""},
      {SCMP_SYS(setrlimit), "setrlimit", ""},
      {SCMP_SYS(prlimit64), "prlimit64", ""},
      {SCMP_SYS(mlockall), "mlockall", ""},
      {SCMP_SYS(getppid), "getppid", ""},
      {SCMP_SYS(prctl), "prctl", ""},
      {SCMP_SYS(seccomp), "seccomp", ""},
      {SCMP_SYS(landlock_create_ruleset), "landlock_create_ruleset", ""},
      {SCMP_SYS(landlock_add_rule), "landlock_add_rule", ""},
      {SCMP_SYS(landlock_restrict_self), "landlock_restrict_self", ""},
  };
}

}  // namespace

std::vector<AllowedCall> AllowedCalls(Confined who, int own_process) {
  Calls calls = DataCalls();
  Append(MemoryAndEndCalls(own_process), &calls);
  if (who != Confined::kWorker) {
    Append(SocketCalls(), &calls);
  }
  if (who == Confined::kKeeper) {
    Append(FileCalls(), &calls);
    Append(LocalSocketCalls(), &calls);
    Append(ProcessCalls(), &calls);
    Append(ConfiningCalls(), &calls);
  }
  return calls;
}

}  // namespace ovoc::tunnel
