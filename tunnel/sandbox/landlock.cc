// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/landlock.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

// From Linux 6.12's linux/landlock.h; Debian 12's ends at ABI 2.
struct RulesetAttributes {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;  // ABI 4
  uint64_t scoped;              // ABI 6
};
#pragma pack(push, 1)
struct NetPortAttributes {
  uint64_t allowed_access;
  uint64_t port;
};
#pragma pack(pop)
constexpr uint32_t kVersionFlag = 1;
constexpr uint64_t kBindTcp = 1 << 0;
constexpr uint64_t kConnectTcp = 1 << 1;
constexpr uint64_t kScopeAbstractUnixSocket = 1 << 0;
constexpr uint64_t kScopeSignal = 1 << 1;
constexpr int kRuleNetPort = 2;

// How many kinds of file access each ABI handles, from 1 on.
constexpr std::array<int, 5> kFileAccessBits = {13, 14, 15, 15, 16};

RulesetAttributes AttributesOf(int abi) {
  const size_t row =
      std::min(static_cast<size_t>(abi), kFileAccessBits.size()) - 1;
  RulesetAttributes attributes = {};
  attributes.handled_access_fs = (uint64_t{1} << kFileAccessBits[row]) - 1;
  if (abi >= 4) {
    attributes.handled_access_net = kBindTcp | kConnectTcp;
  }
  if (abi >= 6) {
    attributes.scoped = kScopeAbstractUnixSocket | kScopeSignal;
  }
  return attributes;
}

// The kernel refuses members that it does not know, unless they are left out.
size_t SizeOf(int abi) {
  return abi >= 6   ? sizeof(RulesetAttributes)
         : abi >= 4 ? 2 * sizeof(uint64_t)
                    : sizeof(uint64_t);
}

// What a kernel says that has no Landlock (ENOSYS), or has it switched off
// (EOPNOTSUPP), and what container runtimes say of calls that they do not know
// (EPERM; also ENOSYS). With no_new_privs set, EPERM has no other meaning here.
bool IsUnavailable(int error) {
  return error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

// As much as this ABI knows, or an earlier one: a kernel that refuses what its
// ABI should have (EINVAL, E2BIG) still has that. The descriptor, or -1.
int CreateRuleset(int* abi) {
  for (; *abi >= 1; --*abi) {
    const RulesetAttributes attributes = AttributesOf(*abi);
    const long fd =
        syscall(SYS_landlock_create_ruleset, &attributes, SizeOf(*abi), 0);
    if (fd >= 0 || (errno != EINVAL && errno != E2BIG)) {
      return static_cast<int>(fd);
    }
  }
  errno = EOPNOTSUPP;
  return -1;
}

bool AllowPorts(int ruleset, absl::Span<const uint16_t> tcp_ports) {
  return std::all_of(tcp_ports.begin(), tcp_ports.end(),
                     [ruleset](uint16_t port) {
                       const NetPortAttributes rule = {kConnectTcp, port};
                       return syscall(SYS_landlock_add_rule, ruleset,
                                      kRuleNetPort, &rule, 0) == 0;
                     });
}

// The ABI 0 for what is not available, otherwise the error.
absl::StatusOr<int> NoneOr(const char* call) {
  if (IsUnavailable(errno)) {
    return 0;
  }
  return absl::ErrnoToStatus(errno, call);
}

}  // namespace

absl::StatusOr<int> RestrictByLandlock(absl::Span<const uint16_t> tcp_ports) {
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
    return absl::FailedPreconditionError("landlock needs no_new_privs");
  }
  const long newest =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  if (newest < 0) {
    return NoneOr("landlock_create_ruleset");
  }
  int abi = static_cast<int>(newest);
  const netif::UniqueFd ruleset(CreateRuleset(&abi));
  if (!ruleset.valid()) {
    return NoneOr("landlock_create_ruleset");
  }
  if (abi >= 4 && !AllowPorts(ruleset.get(), tcp_ports)) {
    return NoneOr("landlock_add_rule");
  }
  if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) {
    return NoneOr("landlock_restrict_self");
  }
  return abi;
}

}  // namespace ovoc::tunnel
