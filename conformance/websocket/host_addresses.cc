// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/host_addresses.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace ovoc::conformance {
namespace {

using netif::IpAddress;

std::optional<IpAddress> AddressOf(const addrinfo& entry) {
  if (entry.ai_family == AF_INET) {
    const auto* const in = reinterpret_cast<const sockaddr_in*>(entry.ai_addr);
    return IpAddress::FromBytes(absl::MakeConstSpan(
        reinterpret_cast<const uint8_t*>(&in->sin_addr), sizeof(in->sin_addr)));
  }
  if (entry.ai_family == AF_INET6) {
    const auto* const in = reinterpret_cast<const sockaddr_in6*>(entry.ai_addr);
    return IpAddress::FromBytes(
        absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(&in->sin6_addr),
                            sizeof(in->sin6_addr)));
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<IpAddress>> HostAddresses(const std::string& host) {
  if (const auto address = IpAddress::Parse(host); address.has_value()) {
    return std::vector<IpAddress>{*address};
  }
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
      error != 0) {
    return absl::UnavailableError(
        absl::StrCat("the host has no address: ", gai_strerror(error)));
  }
  std::vector<IpAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (const auto address = AddressOf(*entry); address.has_value()) {
      addresses.push_back(*address);
    }
  }
  freeaddrinfo(list);
  if (addresses.empty()) {
    return absl::UnavailableError("the host has no IP address");
  }
  return addresses;
}

}  // namespace ovoc::conformance
