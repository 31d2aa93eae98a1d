// SPDX-License-Identifier: Apache-2.0
//
// One DNS message out of a TCP stream.

#ifndef OVOC_NETIF_DNS_DNS_STREAM_H_
#define OVOC_NETIF_DNS_DNS_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::netif {

inline constexpr size_t kDnsStreamPrefixBytes = 2;  // RFC 1035 4.2.2

// DnsStreamReader collects the first message of a TCP connection, which has its
// length in front. It stores at most 65,535 bytes, and never more than the
// length says.
class DnsStreamReader {
 public:
  enum class Result { kNeedMore, kMessage };

  // Add takes bytes in any portions. After kMessage it ignores further bytes: a
  // connection is for one answer only.
  Result Add(absl::Span<const uint8_t> bytes);

  // message is whole after kMessage. It lives until Clear.
  absl::Span<const uint8_t> message() const { return message_; }

  void Clear();  // for a new connection

 private:
  size_t prefix_bytes_ = 0;  // of the two, so far
  size_t length_ = 0;        // from them
  std::vector<uint8_t> message_;
};

// AddDnsStreamPrefix puts the length of a message in front of it. The
// message has at most 65,535 bytes.
std::vector<uint8_t> AddDnsStreamPrefix(absl::Span<const uint8_t> message);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_STREAM_H_
