// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_INSECURE_SURROUNDINGS_H_
#define OVOC_TUNNEL_INSECURE_SURROUNDINGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// InsecureSurroundings is what gives up a protection in this machine's own
// settings, as sysctl(8) writes them: "net.ipv4.conf.eth0.rp_filter=2" for each
// interface, other than `own`, through which others can pose as OVOC (see
// guard/README.md), and "net.ipv4.conf.all.ignore_routes_with_linkdown=1", with
// which what is for OVOC leaves elsewhere while the tunnel is down. What cannot
// be found out is left out: it is no reason not to start.
std::vector<std::string> InsecureSurroundings(absl::string_view own);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_INSECURE_SURROUNDINGS_H_
