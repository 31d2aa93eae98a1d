// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/address_hint.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kItself = "write the address of the server itself";

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsAscii(char c) {
  return absl::ascii_isascii(static_cast<unsigned char>(c));
}

AddressHint HintForV4(netif::Ipv4Address address) {
  if (address.IsMulticast()) {
    return {"a multicast address", kItself};
  }
  if (address.value() == 0xFFFFFFFF) {
    return {"the broadcast address", kItself};
  }
  return address.IsReserved() ? AddressHint{"a reserved address", kItself}
                              : AddressHint{"an address of no host", kItself};
}

AddressHint HintForV6(const netif::IpAddress& address) {
  const absl::Span<const uint8_t> bytes = address.bytes();
  if (bytes[0] == 0xff) {  // RFC 4291 2.7
    return {"a multicast address", kItself};
  }
  if (address.WithZone("0").has_value()) {
    return {"a link-local address without its interface",
            "write it as fe80::1%eth0, with the interface behind a %"};
  }
  if (address == *netif::IpAddress::Parse("::")) {
    return {"an address of no host", kItself};
  }
  return {"an IPv4 address written as IPv6",
          "write it as IPv4, such as 192.0.2.1"};
}

// Of an address that has a '%' in it.
AddressHint HintForZone(absl::string_view address) {
  const std::optional<netif::IpAddress> known =
      netif::IpAddress::Parse(address);
  if (!known.has_value()) {
    return {"a % in it", "only a link-local address has one, as fe80::1%eth0"};
  }
  return known->WithZone("0").has_value()
             ? AddressHint{"a zone that is the name of no interface",
                           "write it as fe80::1%eth0"}
             : AddressHint{"a zone behind an address that is not link-local",
                           "leave out the % and what follows it"};
}

// "name:443", but not an IPv6 address, which has more colons.
bool HasPort(absl::string_view value) {
  const size_t colon = value.find(':');
  return colon != absl::string_view::npos && colon > 0 &&
         std::all_of(value.begin() + static_cast<ptrdiff_t>(colon) + 1,
                     value.end(), IsDigit);
}

bool IsMeantAsV4(absl::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return IsDigit(c) || c == '.';
  });
}

AddressHint HintForName(absl::string_view value) {
  if (!std::all_of(value.begin(), value.end(), IsAscii)) {
    return {"letters outside of ASCII",
            "write the name as DNS has it (xn--..., RFC 5890 2.3.2.1)"};
  }
  if (absl::EndsWith(value, ".")) {
    return {"a dot at its end", "leave it out"};
  }
  if (absl::StrContains(value, '_')) {
    return {"an underscore, which no host name has", "check the name"};
  }
  if (value.find_first_of(" \t") != absl::string_view::npos) {
    return {"a blank", "write one name or address"};
  }
  return {};
}

}  // namespace

AddressHint HintForAddress(absl::string_view value) {
  constexpr absl::string_view kPort =
      "leave it out (OVOC's port goes into WSTunServerPort)";
  if (absl::StrContains(value, "://")) {
    return {"a URL",
            "write its host alone (port and path go into WSTunServerPort and "
            "WSTunServerPath)"};
  }
  if (const auto address = netif::IpAddress::Parse(value)) {
    return address->is_v4() ? HintForV4(address->v4()) : HintForV6(*address);
  }
  if (absl::StartsWith(value, "[")) {
    return {"brackets",
            "write the address without them (OVOC's port goes into "
            "WSTunServerPort)"};
  }
  if (absl::StrContains(value, '/')) {
    return {"a path or a prefix length",
            "leave it out (OVOC's path goes into WSTunServerPath)"};
  }
  if (absl::StrContains(value, '%')) {
    return HintForZone(value.substr(0, value.find('%')));
  }
  if (HasPort(value)) {
    return {"a port", kPort};
  }
  if (IsMeantAsV4(value)) {
    return {"no IPv4 address",
            "write four numbers of 0 to 255 without leading zeros"};
  }
  return HintForName(value);
}

}  // namespace ovoc::tunnel
