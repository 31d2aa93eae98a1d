// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_RESOLVE_ARGUMENTS_H_
#define OVOC_CONFORMANCE_DNS_RESOLVE_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/dns/resolver_options.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// ResolveArguments is what `resolve` was asked to look up, and where.
struct ResolveArguments {
  bool help = false;                      // then nothing else is set
  std::vector<netif::IpAddress> servers;  // one to three
  uint16_t port = 53;                     // 1..65535, of all servers
  std::string name;                       // not empty, else unchecked
  netif::AddressFamilies families = netif::AddressFamilies::kBoth;
};

// Reads the arguments of main, including the program's name. InvalidArgument
// says in one line which option is wrong, and what is allowed. --help has
// precedence over all others. An option that is given twice is an error.
absl::StatusOr<ResolveArguments> ParseResolveArguments(
    absl::Span<const char* const> arguments);

// The text of --help.
extern const char kResolveHelp[];

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_RESOLVE_ARGUMENTS_H_
