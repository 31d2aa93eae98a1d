// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::netif {

DnsStreamReader::Result DnsStreamReader::Add(absl::Span<const uint8_t> bytes) {
  while (prefix_bytes_ < kDnsStreamPrefixBytes) {
    if (bytes.empty()) {
      return Result::kNeedMore;
    }
    length_ = length_ << 8 | bytes.front();
    ++prefix_bytes_;
    bytes.remove_prefix(1);
  }
  const size_t taken = std::min(length_ - message_.size(), bytes.size());
  message_.reserve(length_);
  message_.insert(message_.end(), bytes.begin(), bytes.begin() + taken);
  return message_.size() == length_ ? Result::kMessage : Result::kNeedMore;
}

void DnsStreamReader::Clear() {
  prefix_bytes_ = 0;
  length_ = 0;
  message_.clear();
}

std::vector<uint8_t> AddDnsStreamPrefix(absl::Span<const uint8_t> message) {
  // RFC 1035 4.2.2 MUST: a two byte length is in front of the message
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(message.size() >> 8),
                                static_cast<uint8_t>(message.size() & 0xFF)};
  bytes.insert(bytes.end(), message.begin(), message.end());
  return bytes;
}

}  // namespace ovoc::netif
