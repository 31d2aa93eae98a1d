// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tunnel/sandbox/identity.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/system/secure_random.h"

namespace ovoc::tunnel {
namespace {

constexpr int kDone = 42;      // the action came to its end
constexpr int kConfining = 7;  // the process could not be confined

int report_fd = -1;

void WriteViolation(int system_call) {
  (void)!write(report_fd, &system_call, sizeof(system_call));
}

// What became of a process that did something.
struct Outcome {
  int wait_status;
  std::optional<int> violation;  // the system call that was refused

  bool done() const {
    return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == kDone;
  }
  std::string refused() const {
    return violation.has_value() && WIFEXITED(wait_status) &&
                   WEXITSTATUS(wait_status) == kViolationExitCode
               ? SystemCallName(*violation)
               : "";
  }
};

using Action = std::function<int()>;  // the exit code

Outcome InProcess(const Action& action) {
  std::array<int, 2> ends = {};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    report_fd = ends[1];
    _exit(action());
  }
  close(ends[1]);
  Outcome outcome = {};
  int system_call = 0;
  if (read(ends[0], &system_call, sizeof(system_call)) ==
      static_cast<ssize_t>(sizeof(system_call))) {
    outcome.violation = system_call;
  }
  close(ends[0]);
  EXPECT_EQ(waitpid(child, &outcome.wait_status, 0), child);
  return outcome;
}

// The action in a worker of a keeper, both confined as in the client; `prepare`
// is done before by neither.
Outcome InWorker(
    const Action& action,
    const std::function<bool()>& prepare = [] { return true; }) {
  return InProcess([&] {
    if (!prepare()) {
      return 1;
    }
    if (!ConfineKeeper(kDefaultWorkerId, WriteViolation).ok()) {
      return kConfining;
    }
    const pid_t keeper = getpid();
    const pid_t worker = fork();
    if (worker == 0) {
      const bool ok =
          ConfineWorker({kDefaultWorkerId, keeper, WriteViolation}).ok();
      _exit(ok ? action() : kConfining);
    }
    int status = 0;
    waitpid(worker, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  });
}

Outcome InKeeper(const Action& action) {
  return InProcess([&action] {
    return ConfineKeeper(kDefaultWorkerId, WriteViolation).ok() ? action()
                                                                : kConfining;
  });
}

class SandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) {
      GTEST_SKIP() << "sanitizers make system calls of their own";
    }
    if (geteuid() != 0) {
      GTEST_SKIP() << "needs root, as the client does";
    }
    if (InProcess([] {
          return ReserveWorkerId(kDefaultWorkerId).ok() ? kDone : kConfining;
        }).done() == false) {
      GTEST_SKIP() << "this user namespace has no user "
                   << kDefaultWorkerId.user;
    }
  }
};

struct Forbidden {
  const char* what;
  std::function<long()> attempt;
  const char* call;  // that must be refused
};

constexpr int kSocketFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
constexpr int kSomeSocket = 4;  // of a worker: not the channel

sockaddr_in LocalPort(uint16_t port) {
  return {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
}

long SendToPort(uint16_t port, int flags) {
  const sockaddr_in there = LocalPort(port);
  return sendto(kSomeSocket, "x", 1, flags,
                reinterpret_cast<const sockaddr*>(&there), sizeof(there));
}

// What attacks are made of, each by the call that a worker would have to make.
const Forbidden kForbidden[] = {
    {"open a file", [] { return open("/etc/passwd", O_RDONLY); }, "openat"},
    {"open a file of the working folder",
     [] { return open("etc/passwd", O_RDONLY); }, "openat"},
    {"make a file", [] { return creat("x", 0600); }, "creat"},
    {"remove a file", [] { return unlink("x"); }, "unlink"},
    {"go elsewhere", [] { return chdir("/"); }, "chdir"},
    {"take another root", [] { return chroot("/"); }, "chroot"},
    {"mount", [] { return mount("a", "/", "tmpfs", 0, nullptr); }, "mount"},
    {"fork", [] { return fork(); }, "clone"},
    {"make a thread",
     [] { return syscall(SYS_clone, CLONE_VM | CLONE_THREAD, 0, 0, 0, 0); },
     "clone"},
    {"make a process by clone3", [] { return syscall(SYS_clone3, nullptr, 0); },
     "clone3"},
    {"run a program",
     [] {
       char* none[] = {nullptr};
       return execve("/bin/sh", none, none);
     },
     "execve"},
    {"a TCP socket",
     [] { return socket(AF_INET, SOCK_STREAM | kSocketFlags, 0); }, "socket"},
    {"a UDP socket",
     [] { return socket(AF_INET6, SOCK_DGRAM | kSocketFlags, 0); }, "socket"},
    {"connect",
     [] {
       const sockaddr_in there = LocalPort(443);
       return connect(kSomeSocket, reinterpret_cast<const sockaddr*>(&there),
                      sizeof(there));
     },
     "connect"},
    {"connect to nobody, to be free again",
     [] {
       const sockaddr nobody = {AF_UNSPEC, {}};
       return connect(kSomeSocket, &nobody, sizeof(nobody));
     },
     "connect"},
    {"send UDP to another address", [] { return SendToPort(53, 0); }, "sendto"},
    {"connect TCP by sending", [] { return SendToPort(443, MSG_FASTOPEN); },
     "sendto"},
    {"send several to other addresses",
     [] { return syscall(SYS_sendmmsg, kSomeSocket, nullptr, 0, 0); },
     "sendmmsg"},
    {"receive a descriptor by another socket",
     [] {
       msghdr none = {};
       return recvmsg(kSomeSocket, &none, 0);
     },
     "recvmsg"},
    {"receive several",
     [] {
       return syscall(SYS_recvmmsg, kChannelDescriptor, nullptr, 0, 0, nullptr);
     },
     "recvmmsg"},
    {"copy a descriptor", [] { return dup2(1, kChannelDescriptor); }, "dup2"},
    {"take a descriptor of another process",
     [] { return syscall(SYS_pidfd_getfd, 3, 0, 0); }, "pidfd_getfd"},
    {"bind a socket to a device",
     [] {
       return setsockopt(kSomeSocket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2);
     },
     "setsockopt"},
    {"take on a TCP socket's queues",  // TCP_REPAIR
     [] {
       const int on = 1;
       return setsockopt(kSomeSocket, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on));
     },
     "setsockopt"},
    {"a raw socket", [] { return socket(AF_INET, SOCK_RAW, IPPROTO_TCP); },
     "socket"},
    {"a packet socket", [] { return socket(AF_PACKET, SOCK_DGRAM, 0); },
     "socket"},
    {"a UNIX socket", [] { return socket(AF_UNIX, SOCK_STREAM, 0); }, "socket"},
    {"a UNIX socket pair",
     [] {
       std::array<int, 2> ends;
       return socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data());
     },
     "socketpair"},
    {"a netlink socket", [] { return socket(AF_NETLINK, SOCK_RAW, 0); },
     "socket"},
    {"a socket of another protocol",
     [] {
       return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                     IPPROTO_SCTP);
     },
     "socket"},
    {"bind",
     [] {
       const sockaddr_in any = {AF_INET, 0, {INADDR_ANY}, {}};
       return bind(3, reinterpret_cast<const sockaddr*>(&any), sizeof(any));
     },
     "bind"},
    {"listen", [] { return listen(3, 1); }, "listen"},
    {"accept", [] { return accept(3, nullptr, nullptr); }, "accept"},
    {"pass a descriptor",
     [] {
       const msghdr none = {};
       return sendmsg(3, &none, 0);
     },
     "sendmsg"},
    {"debug its keeper",
     [] { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); },
     "getppid"},
    {"debug", [] { return ptrace(PTRACE_ATTACH, 1, nullptr, nullptr); },
     "ptrace"},
    {"read another's memory",
     [] { return syscall(SYS_process_vm_readv, 1, nullptr, 0, nullptr, 0, 0); },
     "process_vm_readv"},
    {"signal another", [] { return kill(1, SIGTERM); }, "kill"},
    {"signal another's thread", [] { return syscall(SYS_tgkill, 1, 1, 9); },
     "tgkill"},
    {"map executable memory",
     [] {
       return reinterpret_cast<long>(mmap(nullptr, 4096, PROT_READ | PROT_EXEC,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
     },
     "mmap"},
    {"map a file",
     [] {
       return reinterpret_cast<long>(
           mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, 3, 0));
     },
     "mmap"},
    {"make memory executable",
     [] {
       void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       return mprotect(page, 4096, PROT_READ | PROT_EXEC);
     },
     "mprotect"},
    {"an ioctl of a TUN device", [] { return ioctl(3, 0x400454ca, nullptr); },
     "ioctl"},
    {"get its user back", [] { return setresuid(0, 0, 0); }, "setresuid"},
    {"another filter", [] { return syscall(SYS_seccomp, 1, 0, nullptr); },
     "seccomp"},
    {"unshare", [] { return unshare(CLONE_NEWUSER); }, "unshare"},
    {"an event for somebody", [] { return syscall(SYS_bpf, 0, nullptr, 0); },
     "bpf"},
    {"a ring of system calls",
     [] { return syscall(SYS_io_uring_setup, 1, nullptr); }, "io_uring_setup"},
    {"handle SIGSYS itself",
     [] { return reinterpret_cast<long>(signal(SIGSYS, SIG_IGN)); },
     "rt_sigaction"},
};

TEST_F(SandboxTest, AWorkerIsStoppedAtEachForbiddenCallAndItIsNamed) {
  for (const Forbidden& forbidden : kForbidden) {
    const Outcome outcome = InWorker([&forbidden] {
      forbidden.attempt();
      return kDone;
    });
    EXPECT_EQ(outcome.refused(), forbidden.call) << forbidden.what;
  }
}

// An end of a socket pair at the descriptor of the channel, the other above.
bool MakeChannel() {
  std::array<int, 2> ends = {};
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) ==
             0 &&
         dup2(ends[0], kChannelDescriptor) == kChannelDescriptor &&
         dup2(ends[1], kSomeSocket) == kSomeSocket;
}

TEST_F(SandboxTest, AWorkerMayDoWhatTheTunnelNeeds) {
  const Outcome outcome = InWorker(
      [] {
        const auto memory = std::make_unique<std::array<char, 1 << 20>>();
        char byte = 0;
        iovec content = {&byte, 1};
        msghdr message = {};
        message.msg_iov = &content;
        message.msg_iovlen = 1;
        return send(kSomeSocket, "x", 1, MSG_NOSIGNAL) == 1 &&
                       recvmsg(kChannelDescriptor, &message, MSG_DONTWAIT) ==
                           1 &&
                       byte == 'x' && memory != nullptr
                   ? kDone
                   : 1;
      },
      MakeChannel);
  EXPECT_TRUE(outcome.done()) << outcome.wait_status << outcome.refused();
}

TEST_F(SandboxTest, AloneAProcessMakesItsSocketsItself) {
  const Outcome outcome = InProcess([] {
    if (!ConfineAlone({kDefaultWorkerId, {443}, WriteViolation}).ok()) {
      return kConfining;
    }
    const int tcp = socket(AF_INET, SOCK_STREAM | kSocketFlags, 0);
    const int udp = socket(AF_INET6, SOCK_DGRAM | kSocketFlags, 0);
    const sockaddr_in there = LocalPort(443);
    const int connected =
        connect(tcp, reinterpret_cast<const sockaddr*>(&there), sizeof(there));
    return tcp >= 0 && udp >= 0 && connected != 0 && errno == EINPROGRESS
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done()) << outcome.wait_status << outcome.refused();
}

// What connecting to a TCP port of this machine fails with.
int ConnectError(uint16_t port) {
  const int tcp = socket(AF_INET, SOCK_STREAM | kSocketFlags, 0);
  const sockaddr_in there = LocalPort(port);
  return connect(tcp, reinterpret_cast<const sockaddr*>(&there),
                 sizeof(there)) == 0
             ? 0
             : errno;
}

TEST_F(SandboxTest, AloneAProcessReachesTheNamedTcpPortsOnly) {
  const bool has_ports = HoldsInProcess([] {
    const auto report = ConfineAlone({kDefaultWorkerId, {443}, WriteViolation});
    return report.ok() && report->landlock_abi >= 4;
  });
  if (!has_ports) {
    GTEST_SKIP() << "this kernel's Landlock knows no ports";
  }
  const Outcome outcome = InProcess([] {
    return ConfineAlone({kDefaultWorkerId, {443}, WriteViolation}).ok() &&
                   ConnectError(443) != EACCES && ConnectError(444) == EACCES
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done()) << outcome.wait_status << outcome.refused();
}

// The state of BoringSSL's generator is the keeper's at first: each worker has
// to have its own, in memory that is locked, too.
TEST_F(SandboxTest, EachWorkerDrawsRandomBytesOfItsOwn) {
  const Outcome outcome = InKeeper([] {
    constexpr size_t kBytes = 32;
    std::array<int, 2> ends = {};
    std::array<uint8_t, kBytes> unused;
    FillSecureRandom(absl::MakeSpan(unused));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) !=
        0) {
      return 1;
    }
    for (int worker = 0; worker < 2; ++worker) {
      if (fork() == 0) {
        std::array<uint8_t, kBytes> drawn;
        FillSecureRandom(absl::MakeSpan(drawn));
        _exit(send(ends[1], drawn.data(), kBytes, 0) == kBytes ? 0 : 1);
      }
    }
    std::array<uint8_t, kBytes> first;
    std::array<uint8_t, kBytes> second;
    return recv(ends[0], first.data(), kBytes, 0) == kBytes &&
                   recv(ends[0], second.data(), kBytes, 0) == kBytes &&
                   first != second
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done()) << outcome.wait_status << outcome.refused();
}

TEST_F(SandboxTest, AWorkerThatGrowsIsRefusedMemory) {
  const Outcome outcome = InWorker([] {
    return mmap(nullptr, 64 << 20, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done());
}

TEST_F(SandboxTest, AKeeperIsStoppedAtWhatItNeverNeeds) {
  const Forbidden kNever[] = {
      {"run a program",
       [] {
         char* none[] = {nullptr};
         return execve("/bin/sh", none, none);
       },
       "execve"},
      {"listen", [] { return listen(3, 1); }, "listen"},
      {"bind", [] { return bind(3, nullptr, 0); }, "bind"},
      {"debug", [] { return ptrace(PTRACE_ATTACH, 1, nullptr, nullptr); },
       "ptrace"},
      {"a packet socket", [] { return socket(AF_PACKET, SOCK_DGRAM, 0); },
       "socket"},
      {"a UNIX stream", [] { return socket(AF_UNIX, SOCK_STREAM, 0); },
       "socket"},
      {"another signal than SIGKILL", [] { return kill(1, SIGTERM); }, "kill"},
      {"make memory executable",
       [] { return mprotect(nullptr, 4096, PROT_READ | PROT_EXEC); },
       "mprotect"},
      {"mount", [] { return mount("a", "/", "tmpfs", 0, nullptr); }, "mount"},
      {"chroot again", [] { return chroot("."); }, "chroot"},
  };
  for (const Forbidden& forbidden : kNever) {
    const Outcome outcome = InKeeper([&forbidden] {
      forbidden.attempt();
      return kDone;
    });
    EXPECT_EQ(outcome.refused(), forbidden.call) << forbidden.what;
  }
}

TEST_F(SandboxTest, AKeeperReachesFilesWithoutLeadingSlashOnly) {
  const Outcome outcome = InKeeper([] {
    return open("/etc/passwd", O_RDONLY) < 0 &&
                   open("etc/passwd", O_RDONLY) >= 0
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done());
}

// Another user's settings file is refused, with its owner. The question itself
// ended the keeper.
TEST_F(SandboxTest, AKeeperMayAskWhoItIs) {
  const Outcome outcome = InKeeper([] {
    struct stat info = {};
    const int file = open("etc/passwd", O_RDONLY | O_CLOEXEC);
    return fstat(file, &info) == 0 && info.st_uid == geteuid() &&
                   open("etc/passwd", O_PATH | O_CLOEXEC) >= 0
               ? kDone
               : 1;
  });
  EXPECT_TRUE(outcome.done()) << outcome.refused();
}

TEST_F(SandboxTest, AKeeperEndsItsWorkerWithoutTheCapability) {
  const Outcome outcome = InKeeper([] {
    const pid_t keeper = getpid();
    const pid_t worker = fork();
    if (worker == 0) {
      ConfineWorker({kDefaultWorkerId, keeper, WriteViolation})
          .status()
          .IgnoreError();
      while (true) {
        getpid();
      }
    }
    const bool killed = kill(worker, SIGKILL) == 0;
    int status = 0;
    waitpid(worker, &status, 0);
    return killed ? kDone : 1;
  });
  EXPECT_TRUE(outcome.done());
}

TEST_F(SandboxTest, AloneAProcessIsConfinedAsAWorkerIs) {
  const Outcome outcome = InProcess([] {
    const bool ok =
        ConfineAlone({kDefaultWorkerId, {443}, WriteViolation}).ok();
    open("/etc/passwd", O_RDONLY);
    return ok ? kDone : kConfining;
  });
  EXPECT_EQ(outcome.refused(), "openat");
}

}  // namespace
}  // namespace ovoc::tunnel
