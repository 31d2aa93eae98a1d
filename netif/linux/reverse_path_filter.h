// SPDX-License-Identifier: Apache-2.0
//
// Which interfaces let somebody else pose as a host behind our device.

#ifndef OVOC_NETIF_LINUX_REVERSE_PATH_FILTER_H_
#define OVOC_NETIF_LINUX_REVERSE_PATH_FILTER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::netif {

// OpenInterface is one that accepts packets whose source is routed through
// another interface.
struct OpenInterface {
  std::string name;   // '?' for each byte that has no place in a log
  int rp_filter = 0;  // in effect: 0 none, 2 loose; never 1, strict

  friend bool operator==(const OpenInterface&, const OpenInterface&) = default;
};

// The most interfaces that are named, because a status is for people.
inline constexpr size_t kMaxNamedInterfaces = 16;

// OpenInterfaces are the devices other than loopback and `own` that are up and
// whose reverse path filter is not strict. The value in effect is the larger
// one of the device's and that of "all"
// (Documentation/networking/ip-sysctl.rst). `state` has links and path filters.
std::vector<OpenInterface> OpenInterfaces(const InterfaceState& state,
                                          absl::string_view own);

// FindOpenInterfaces asks the kernel for that state first.
absl::StatusOr<std::vector<OpenInterface>> FindOpenInterfaces(
    absl::string_view own);

// DescribeOpenInterfaces names each as "net.ipv4.conf.eth0.rp_filter=0". Beyond
// kMaxNamedInterfaces one more line says how many there are.
std::vector<std::string> DescribeOpenInterfaces(
    absl::Span<const OpenInterface> open);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_REVERSE_PATH_FILTER_H_
