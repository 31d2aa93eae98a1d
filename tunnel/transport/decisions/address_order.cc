// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/address_order.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

// RFC 8305 4: the families take turns, IPv6 first unless it came last.
void AppendAlternating(absl::Span<const IpAddress> addresses,
                       std::vector<IpAddress>* out) {
  std::deque<IpAddress> v6;
  std::deque<IpAddress> v4;
  for (const IpAddress& address : addresses) {
    (address.is_v4() ? v4 : v6).push_back(address);
  }
  bool v6_next = out->empty() || out->back().is_v4();
  while (!v6.empty() || !v4.empty()) {
    std::deque<IpAddress>& from =
        v4.empty() || (v6_next && !v6.empty()) ? v6 : v4;
    v6_next = from.front().is_v4();
    out->push_back(from.front());
    from.pop_front();
  }
}

}  // namespace

void AddressOrder::Begin() {
  tried_.clear();
  connected_.reset();
}

void AddressOrder::OnTrying(const IpAddress& address) {
  if (tried_.size() < kMaxRemembered) {
    tried_.push_back(address);
  }
}

void AddressOrder::OnConnected(const IpAddress& address) {
  connected_ = address;
}

void AddressOrder::OnWorked() {
  if (!connected_.has_value()) {
    return;
  }
  if (best_ != connected_) {
    early_losses_ = 0;
  }
  best_ = connected_;
  failed_.erase(std::remove(failed_.begin(), failed_.end(), *best_),
                failed_.end());
}

void AddressOrder::OnEnd(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNothing:
      return;
    case Outcome::kLost:
      early_losses_ = 0;
      return;
    case Outcome::kLostEarly:
      if (++early_losses_ < kMaxEarlyLosses) {
        return;
      }
      break;
    case Outcome::kFailed:
      break;
  }
  early_losses_ = 0;
  if (connected_.has_value()) {
    MarkFailed(*connected_);
  } else if (!tried_.empty()) {
    std::rotate(tried_.begin(), tried_.begin() + 1, tried_.end());
    absl::c_for_each(tried_,
                     [this](const IpAddress& tried) { MarkFailed(tried); });
  }
}

void AddressOrder::MarkFailed(const IpAddress& address) {
  if (best_ == address) {
    best_.reset();
  }
  failed_.erase(std::remove(failed_.begin(), failed_.end(), address),
                failed_.end());
  failed_.push_back(address);
  if (failed_.size() > kMaxRemembered) {
    failed_.pop_front();
  }
}

bool AddressOrder::HasFailed(const IpAddress& address) const {
  return absl::c_linear_search(failed_, address);
}

bool AddressOrder::HasLeft(absl::Span<const IpAddress> addresses) const {
  return absl::c_any_of(addresses, [this](const IpAddress& address) {
    return !HasFailed(address) &&
           (connected_ == address || !absl::c_linear_search(tried_, address));
  });
}

std::vector<IpAddress> AddressOrder::Arrange(
    absl::Span<const IpAddress> addresses) const {
  std::vector<IpAddress> ordered;
  std::vector<IpAddress> fresh;
  for (const IpAddress& address : addresses) {
    if (best_ == address) {
      ordered.assign(1, address);
    } else if (!HasFailed(address)) {
      fresh.push_back(address);
    }
  }
  AppendAlternating(fresh, &ordered);
  for (const IpAddress& address : failed_) {
    if (absl::c_linear_search(addresses, address)) {
      ordered.push_back(address);
    }
  }
  return ordered;
}

bool AddressOrder::ShouldWait(absl::Span<const IpAddress> addresses) const {
  if (best_.has_value()) {
    return !absl::c_linear_search(addresses, *best_);
  }
  return absl::c_all_of(addresses, [this](const IpAddress& address) {
    return HasFailed(address);
  });
}

}  // namespace ovoc::tunnel
