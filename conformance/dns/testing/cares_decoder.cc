// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/cares_decoder.h"

// ares.h uses sockets' types.
#include <ares.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstddef>

namespace ovoc::conformance {
namespace {

constexpr int kMostAddresses = 6000;  // 65,535 bytes hold fewer records

template <typename Address>
void Take(const Address& address, int ttl, CaresVerdict* verdict) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(&address);
  verdict->addresses.push_back(
      {std::vector<uint8_t>(bytes, bytes + sizeof(address)), ttl});
}

}  // namespace

CaresVerdict DecodeWithCares(absl::Span<const uint8_t> message, uint16_t type) {
  CaresVerdict verdict;
  const int size = static_cast<int>(message.size());
  int count = kMostAddresses;
  int status = ARES_SUCCESS;
  static std::vector<ares_addrttl> v4(kMostAddresses);
  static std::vector<ares_addr6ttl> v6(kMostAddresses);
  if (type == 1) {
    status =
        ares_parse_a_reply(message.data(), size, nullptr, v4.data(), &count);
  } else {
    status =
        ares_parse_aaaa_reply(message.data(), size, nullptr, v6.data(), &count);
  }
  if (status != ARES_SUCCESS && status != ARES_ENODATA) {
    verdict.error = ares_strerror(status);
    return verdict;
  }
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    if (type == 1) {
      Take(v4[i].ipaddr, v4[i].ttl, &verdict);
    } else {
      Take(v6[i].ip6addr, v6[i].ttl, &verdict);
    }
  }
  return verdict;
}

}  // namespace ovoc::conformance
