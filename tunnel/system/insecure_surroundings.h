// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SYSTEM_INSECURE_SURROUNDINGS_H_
#define OVOC_TUNNEL_SYSTEM_INSECURE_SURROUNDINGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// InsecureSurroundings returns those settings of this machine that give up a
// protection, as sysctl(8) writes them:
// - "net.ipv4.conf.eth0.rp_filter=2" for each interface, except `own`, through
//   which others can pose as OVOC (see guard/README.md)
// - "net.ipv4.conf.all.ignore_routes_with_linkdown=1", with which packets for
//   OVOC leave through another interface while the tunnel is down
// A setting that cannot be read is left out, because the client can start
// without knowing it.
std::vector<std::string> InsecureSurroundings(absl::string_view own);

// SurroundingsRemedies says what to do about them: a clause for each kind of
// setting, however many there are.
std::vector<std::string> SurroundingsRemedies(
    absl::Span<const std::string> found);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SYSTEM_INSECURE_SURROUNDINGS_H_
