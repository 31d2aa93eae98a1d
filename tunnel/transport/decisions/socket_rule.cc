// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/socket_rule.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/dns/dns_name.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

constexpr uint32_t kLinkLocalNetwork = 0xA9FE;  // 169.254/16, RFC 3927 2.1

bool Holds(const std::vector<netif::IpAddress>& addresses,
           const netif::IpAddress& address) {
  return std::find(addresses.begin(), addresses.end(), address) !=
         addresses.end();
}

// localhost. and all below it (RFC 6761 6.3).
bool IsLocalhost(const std::string& server) {
  const absl::StatusOr<netif::DnsName> name = netif::DnsName::FromText(server);
  const absl::StatusOr<netif::DnsName> localhost =
      netif::DnsName::FromText("localhost");
  return name.ok() && localhost.ok() && name->IsWithin(*localhost);
}

bool IsLoopback(const netif::IpAddress& address) {
  return address.is_v4() ? address.v4().IsLoopback()
                         : address == *netif::IpAddress::Parse("::1");
}

// Why an IPv4 address is none of a server; empty: it may be one.
absl::string_view Objection(netif::Ipv4Address address,
                            const SocketRule& rule) {
  if (!address.IsUnicast()) {
    return "it is not a unicast address";
  }
  return rule.overlay.Contains(address) ? "it is inside WSTunOverlay" : "";
}

absl::string_view Objection(absl::Span<const uint8_t> v6) {
  if (v6[0] == 0xff) {
    return "it is not a unicast address";  // RFC 4291 2.7
  }
  // ::/96 with :: and ::1 in it, and ::ffff:0:0/96.
  const bool high_zero = std::all_of(v6.begin(), v6.begin() + 10,
                                     [](uint8_t byte) { return byte == 0; });
  const bool embeds_v4 =
      high_zero && v6[10] == v6[11] && (v6[10] == 0 || v6[10] == 0xff);
  return embeds_v4 ? "it is an IPv4 address, or not a unicast address, written "
                     "as IPv6"
                   : "";
}

// The administrator may have a way to the server through this machine, or on
// the link. The file's block lists have 0.0.0.0 for names, which the kernel
// would take for this machine.
absl::string_view HostsObjection(const netif::IpAddress& address,
                                 const SocketRule& rule) {
  if (!Holds(rule.hosts_addresses, address)) {
    return "/etc/hosts gives another address";
  }
  if (IsLoopback(address)) {
    return "";
  }
  return address.is_v4() ? Objection(address.v4(), rule)
                         : Objection(address.bytes());
}

absl::string_view ServerObjection(const netif::IpAddress& address,
                                  const SocketRule& rule) {
  if (!rule.server_addresses.empty()) {
    return Holds(rule.server_addresses, address)
               ? ""
               : "the settings give another address";
  }
  if (!rule.hosts_addresses.empty()) {
    return HostsObjection(address, rule);
  }
  if (!address.zone().empty()) {
    return "it has a zone, which no address from DNS has";
  }
  if (IsLoopback(address)) {
    return IsLocalhost(rule.server) ? "" : "it is this machine itself";
  }
  if (!address.is_v4()) {
    return Objection(address.bytes());
  }
  return address.v4().value() >> 16 == kLinkLocalNetwork
             ? "it is link-local"
             : Objection(address.v4(), rule);
}

// Why a rule for the other purpose does not allow it.
absl::string_view PurposeObjection(SocketPurpose purpose) {
  return purpose == SocketPurpose::kServer
             ? "the settings say that a proxy connects to the server"
             : "the settings have no proxy";
}

}  // namespace

absl::Status CheckSocketRequest(const SocketRequest& request,
                                const SocketRule& rule) {
  const bool to_server = request.purpose == SocketPurpose::kServer;
  if (to_server || request.purpose == SocketPurpose::kProxy) {
    const absl::string_view objection =
        request.purpose == rule.purpose ? ServerObjection(request.address, rule)
                                        : PurposeObjection(request.purpose);
    return objection.empty()
               ? absl::OkStatus()
               : WithCause(
                     absl::PermissionDeniedError(absl::StrCat(
                         request.address.ToString(), " is not accepted as the ",
                         to_server ? "server" : "proxy",
                         "'s address: ", objection)),
                     EndCause::kAddressRefused);
  }
  return Holds(rule.name_servers, request.address)
             ? absl::OkStatus()
             : absl::PermissionDeniedError(
                   absl::StrCat(request.address.ToString(),
                                " is not one of the name servers in use"));
}

absl::Status CheckSocketRequest(const SocketRequest& request,
                                const std::vector<SocketRule>& rules) {
  absl::Status reason = absl::PermissionDeniedError("there is no server");
  bool is_first = true;
  bool is_same = false;  // `reason` is of a rule for the same purpose
  for (const SocketRule& rule : rules) {
    absl::Status allowed = CheckSocketRequest(request, rule);
    if (allowed.ok()) {
      return allowed;
    }
    const bool same = rule.purpose == request.purpose;
    if (is_first || (same && !is_same)) {
      reason = std::move(allowed);
      is_first = false;
      is_same = same;
    }
  }
  return reason;
}

}  // namespace ovoc::tunnel
