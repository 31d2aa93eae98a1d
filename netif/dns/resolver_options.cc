// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolver_options.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::netif {
namespace {

absl::Status CheckDuration(absl::string_view name, absl::Duration value,
                           absl::Duration least) {
  if (value >= least && value < absl::InfiniteDuration()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("resolver: ", name, " is ", absl::FormatDuration(value),
                   ", but it must be a finite time of at least ",
                   absl::FormatDuration(least)));
}

absl::Status CheckNumber(absl::string_view name, int value, int least,
                         int most) {
  if (value >= least && value <= most) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("resolver: ", name, " is ",
                                                 value, ", but it must be ",
                                                 least, " to ", most));
}

}  // namespace

absl::Status CheckResolverOptions(const ResolverOptions& options) {
  if (options.servers.empty() || options.servers.size() > kMaxDnsServers) {
    return absl::InvalidArgumentError(absl::StrCat(
        "resolver: ", options.servers.size(),
        " name servers are given, but there must be 1 to ", kMaxDnsServers));
  }
  if (!options.random) {
    return absl::InvalidArgumentError("resolver: no random source is given");
  }
  const absl::Status checks[] = {
      CheckNumber("the number of rounds", options.rounds, 1, 8),
      CheckNumber("the CNAME limit", options.max_cname_chain, 0, 16),
      CheckDuration("the initial time-out", options.initial_timeout,
                    absl::Milliseconds(1)),
      CheckDuration("the TCP time-out", options.tcp_timeout,
                    absl::Milliseconds(1)),
      CheckDuration("the deadline", options.deadline, absl::Milliseconds(1)),
      CheckDuration("the resolution delay", options.resolution_delay,
                    absl::ZeroDuration()),
  };
  for (const absl::Status& status : checks) {
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace ovoc::netif
