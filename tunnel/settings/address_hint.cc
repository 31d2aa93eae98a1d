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

constexpr absl::string_view kItself = "use the address of the server itself";

bool IsAscii(char c) {
  return absl::ascii_isascii(static_cast<unsigned char>(c));
}

AddressHint HintForV4(netif::Ipv4Address address) {
  if (address.IsMulticast()) {
    return {"is a multicast address", kItself};
  }
  if (address.value() == 0xFFFFFFFF) {
    return {"is the broadcast address", kItself};
  }
  return address.IsReserved() ? AddressHint{"is a reserved address", kItself}
                              : AddressHint{"is not a host's address", kItself};
}

AddressHint HintForV6(const netif::IpAddress& address) {
  const absl::Span<const uint8_t> bytes = address.bytes();
  if (bytes[0] == 0xff) {  // RFC 4291 2.7
    return {"is a multicast address", kItself};
  }
  if (address.WithZone("0").has_value()) {
    return {"is a link-local address without an interface",
            "add % and the interface, as in fe80::1%eth0"};
  }
  if (address == *netif::IpAddress::Parse("::")) {
    return {"is not a host's address", kItself};
  }
  return {"is an IPv4 address written as IPv6",
          "write it as IPv4, such as 192.0.2.1"};
}

// Of an address that has a '%' in it.
AddressHint HintForZone(absl::string_view address) {
  const std::optional<netif::IpAddress> known =
      netif::IpAddress::Parse(address);
  if (!known.has_value()) {
    return {"contains a %",
            "use a % in a link-local address only, as in fe80::1%eth0"};
  }
  return known->WithZone("0").has_value()
             ? AddressHint{"has a zone that is not the name of an interface",
                           "write it as in fe80::1%eth0"}
             : AddressHint{"has a zone, but is not a link-local address",
                           "leave out the % and what follows it"};
}

// "name:443", but not an IPv6 address, which has more colons.
bool HasPort(absl::string_view value) {
  const size_t colon = value.find(':');
  return colon != absl::string_view::npos && colon > 0 &&
         std::all_of(value.begin() + static_cast<ptrdiff_t>(colon) + 1,
                     value.end(), absl::ascii_isdigit);
}

bool IsMeantAsV4(absl::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.';
  });
}

// The texts that depend on whose address was wanted.
struct Texts {
  absl::string_view url;
  absl::string_view brackets;
  absl::string_view path;
  absl::string_view port;
};

constexpr Texts kOfServer = {
    "use its host alone (the port and the path go into WSTunServerPort and "
    "WSTunServerPath)",
    "write the address without them (OVOC's port goes into WSTunServerPort)",
    "leave it out (OVOC's path goes into WSTunServerPath)",
    "leave the port out (OVOC's port goes into WSTunServerPort)"};
constexpr Texts kOfNameServer = {
    "write the address of the name server alone",
    "write the address without them, and without a port", "leave it out",
    "leave the port out"};

AddressHint HintForNameServer(absl::string_view value) {
  constexpr absl::string_view kOne =
      "write one address (DNSSecServerIP takes a second one)";
  if (absl::StrContains(value, ',')) {
    return {"contains a comma", kOne};
  }
  return value.find_first_of(" \t") != absl::string_view::npos
             ? AddressHint{"contains a space", kOne}
             : AddressHint();
}

AddressHint HintForName(absl::string_view value) {
  if (absl::StrContains(value, '@')) {
    return {"contains an @",
            "write the server's name or address alone (a user name goes into "
            "WSTunUsername)"};
  }
  if (!std::all_of(value.begin(), value.end(), IsAscii)) {
    return {"contains letters that are not ASCII",
            "write the name as DNS has it (xn--..., RFC 5890 2.3.2.1)"};
  }
  if (absl::EndsWith(value, ".")) {
    return {"ends with a dot", "leave the dot out"};
  }
  if (absl::StrContains(value, '_')) {
    return {"contains an underscore, which no host name has", "check the name"};
  }
  if (value.find_first_of(" \t") != absl::string_view::npos) {
    return {"contains a space", "write commas between two hosts"};
  }
  if (absl::StrContains(value, ';')) {
    return {"contains a ;", "write commas between two hosts"};
  }
  return {};
}

}  // namespace

AddressHint HintForAddress(absl::string_view value, AddressOf whose) {
  const Texts& texts = whose == AddressOf::kServer ? kOfServer : kOfNameServer;
  if (absl::StrContains(value, "://")) {
    return {"is a URL", texts.url};
  }
  if (const auto address = netif::IpAddress::Parse(value)) {
    return address->is_v4() ? HintForV4(address->v4()) : HintForV6(*address);
  }
  if (absl::StartsWith(value, "[")) {
    return {"has brackets", texts.brackets};
  }
  if (absl::StrContains(value, '/')) {
    return {"has a path or a prefix length", texts.path};
  }
  if (absl::StrContains(value, '%')) {
    return HintForZone(value.substr(0, value.find('%')));
  }
  if (HasPort(value)) {
    return {"has a port", texts.port};
  }
  if (IsMeantAsV4(value)) {
    return {"is not an IPv4 address",
            "write four numbers from 0 to 255 without leading zeros"};
  }
  return whose == AddressOf::kServer ? HintForName(value)
                                     : HintForNameServer(value);
}

}  // namespace ovoc::tunnel
