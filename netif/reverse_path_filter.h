// SPDX-License-Identifier: Apache-2.0
//
// Which interfaces let somebody else pose as a host behind ours.

#ifndef OVOC_NETIF_REVERSE_PATH_FILTER_H_
#define OVOC_NETIF_REVERSE_PATH_FILTER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/rtnetlink_message.h"

namespace ovoc::netif {

// OpenInterface takes packets whose source is routed through another interface.
struct OpenInterface {
  std::string name;
  int rp_filter = 0;  // in effect: 0 none, 2 loose; never 1, strict

  friend bool operator==(const OpenInterface&, const OpenInterface&) = default;
};

// At most so many are listed: a status is for people.
inline constexpr size_t kMaxOpenInterfaces = 16;

// OpenInterfaces are the devices that are up, other than loopback and `own`,
// whose reverse path filter is not strict. The value in effect is the larger
// one of the device and of "all" (Documentation/networking/ip-sysctl.rst).
// `state` holds links and path filters.
std::vector<OpenInterface> OpenInterfaces(const InterfaceState& state,
                                          absl::string_view own);

// FindOpenInterfaces asks the kernel first.
absl::StatusOr<std::vector<OpenInterface>> FindOpenInterfaces(
    absl::string_view own);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_REVERSE_PATH_FILTER_H_
