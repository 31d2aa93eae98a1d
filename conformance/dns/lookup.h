// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_LOOKUP_H_
#define OVOC_CONFORMANCE_DNS_LOOKUP_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/dns/resolver.h"
#include "tunnel/transport/decisions/socket_maker.h"
#include "tunnel/transport/dns_client.h"

namespace ovoc::conformance {

// LookUp resolves `name` with the client's own DnsClient. It waits for both
// families, or for the one that is wanted, at most the resolver's 10 s. The
// result has addresses, or says why there are none. An error comes from the
// event loop.
absl::StatusOr<netif::ResolverResult> LookUp(
    const tunnel::DnsClient::Options& options, tunnel::SocketMaker* sockets,
    const tunnel::DnsClient::RandomBytes& random, absl::string_view name);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_LOOKUP_H_
