// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/address_pool.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::conformance {

absl::StatusOr<AddressPool> AddressPool::Create(const Options& options) {
  const std::optional<netif::Ipv4Prefix> prefix =
      netif::Ipv4Prefix::Create(options.ovoc, options.prefix_length);
  if (!prefix.has_value() || options.prefix_length < kMinOverlayPrefix ||
      options.prefix_length > kMaxOverlayPrefix) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the overlay's prefix length is ", options.prefix_length,
        ", but it must be ", kMinOverlayPrefix, " to ", kMaxOverlayPrefix));
  }
  if (!prefix->ContainsHost(options.ovoc)) {
    return absl::InvalidArgumentError(absl::StrCat(options.ovoc.ToString(),
                                                   " is not a host address of ",
                                                   prefix->ToString()));
  }
  // 64 bits: neither an offset nor the end of the range can wrap around.
  const uint64_t first = uint64_t{options.ovoc.value()} +
                         std::max(options.first_offset, uint32_t{1});
  const uint64_t end = uint64_t{prefix->Broadcast().value()} +
                       (options.broadcast == BroadcastUse::kGivenOut ? 1 : 0);
  if (first >= end) {
    return absl::InvalidArgumentError(absl::StrCat("no address is left after ",
                                                   options.ovoc.ToString(),
                                                   " in ", prefix->ToString()));
  }
  return AddressPool(static_cast<uint32_t>(first),
                     static_cast<size_t>(end - first));
}

std::optional<netif::Ipv4Address> AddressPool::Take() {
  while (lowest_free_ < taken_.size() && taken_[lowest_free_]) {
    ++lowest_free_;
  }
  if (lowest_free_ == taken_.size()) {
    return std::nullopt;
  }
  taken_[lowest_free_] = true;
  ++taken_count_;
  return netif::Ipv4Address::FromHostOrder(first_ +
                                           static_cast<uint32_t>(lowest_free_));
}

void AddressPool::Return(netif::Ipv4Address address) {
  const std::optional<size_t> index = IndexOf(address);
  if (!index.has_value() || !taken_[*index]) {
    return;
  }
  taken_[*index] = false;
  --taken_count_;
  lowest_free_ = std::min(lowest_free_, *index);
}

std::optional<size_t> AddressPool::IndexOf(netif::Ipv4Address address) const {
  if (address.value() < first_ || address.value() - first_ >= taken_.size()) {
    return std::nullopt;
  }
  return address.value() - first_;
}

}  // namespace ovoc::conformance
