// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/landlock.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "netif/unique_fd.h"

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

absl::Status Failure(const char* call) {
  return absl::ErrnoToStatus(errno, call);
}

}  // namespace

absl::StatusOr<int> RestrictByLandlock(absl::Span<const uint16_t> tcp_ports) {
  const long abi =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  if (abi < 0) {
    if (errno == ENOSYS || errno == EOPNOTSUPP) {
      return 0;
    }
    return Failure("landlock_create_ruleset");
  }
  const RulesetAttributes attributes = AttributesOf(static_cast<int>(abi));
  const netif::UniqueFd ruleset(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes,
                               SizeOf(static_cast<int>(abi)), 0)));
  if (!ruleset.valid()) {
    return Failure("landlock_create_ruleset");
  }
  if (attributes.handled_access_net != 0) {
    for (const uint16_t port : tcp_ports) {
      const NetPortAttributes rule = {kConnectTcp, port};
      if (syscall(SYS_landlock_add_rule, ruleset.get(), kRuleNetPort, &rule,
                  0) != 0) {
        return Failure("landlock_add_rule");
      }
    }
  }
  if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) {
    return Failure("landlock_restrict_self");
  }
  return static_cast<int>(abi);
}

}  // namespace ovoc::tunnel
