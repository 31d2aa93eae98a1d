// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/system_call_filter.h"

#include <errno.h>
#include <seccomp.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

struct Releaser {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Releaser>;

absl::Status Failure(absl::string_view call, int negative_errno) {
  return absl::UnavailableError(
      absl::StrCat("system-call filter: ",
                   absl::ErrnoToStatus(-negative_errno, call).message()));
}

// One call with its rules; a call that this architecture lacks cannot be made.
absl::Status Add(const AllowedCall& call, scmp_filter_ctx filter) {
  if (call.number < 0) {
    return absl::OkStatus();
  }
  std::vector<scmp_arg_cmp> comparisons;
  comparisons.reserve(call.rules.size());
  for (const ArgumentRule& rule : call.rules) {
    comparisons.push_back(
        {rule.argument, SCMP_CMP_MASKED_EQ, rule.mask, rule.value});
  }
  const int added = seccomp_rule_add_array(
      filter, SCMP_ACT_ALLOW, call.number,
      static_cast<unsigned>(comparisons.size()), comparisons.data());
  // The keeper's list holds some calls both with and without rules.
  return added == 0 || added == -EEXIST ? absl::OkStatus()
                                        : Failure(call.name, added);
}

}  // namespace

absl::Status LoadSystemCallFilter(Confined who) {
  const Filter filter(seccomp_init(SCMP_ACT_TRAP));
  if (filter == nullptr) {
    return Failure("seccomp_init", -ENOMEM);
  }
  for (const AllowedCall& call : AllowedCalls(who, getpid())) {
    const absl::Status added = Add(call, filter.get());
    if (!added.ok()) {
      return added;
    }
  }
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  const int loaded = seccomp_load(filter.get());
  return loaded == 0 ? absl::OkStatus() : Failure("seccomp_load", loaded);
}

}  // namespace ovoc::tunnel
