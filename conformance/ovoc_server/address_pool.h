// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_ADDRESS_POOL_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_ADDRESS_POOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"

namespace ovoc::conformance {

// protocol.md 2: what a client takes.
inline constexpr int kMinOverlayPrefix = 16;
inline constexpr int kMaxOverlayPrefix = 30;

// BroadcastUse says how the last address of the prefix is used.
enum class BroadcastUse {
  kReserved,  // it is the broadcast address
  kGivenOut,  // tun-ws gives it to a device: a /30 serves two (recording 12)
};

// AddressPool assigns the first free overlay address after OVOC's own.
class AddressPool {
 public:
  struct Options {
    netif::Ipv4Address ovoc = netif::kOvocAddress;
    int prefix_length = 18;
    // The distance of the first address from OVOC's own. If it is above 1, a
    // restarted server assigns other addresses than before.
    uint32_t first_offset = 1;
    BroadcastUse broadcast = BroadcastUse::kReserved;
  };

  // InvalidArgument if the prefix length is not 16..30, if OVOC's address is
  // the network or broadcast address, or if no address is left to assign.
  [[nodiscard]] static absl::StatusOr<AddressPool> Create(
      const Options& options);

  // The first free address, or nullopt when all are taken.
  std::optional<netif::Ipv4Address> Take();

  // Gives a taken address back; anything else is ignored.
  void Return(netif::Ipv4Address address);

  size_t capacity() const { return taken_.size(); }
  size_t taken() const { return taken_count_; }

  // The index of an address in the pool, 0..capacity()-1; nullopt if it is not
  // in the pool.
  std::optional<size_t> IndexOf(netif::Ipv4Address address) const;

 private:
  AddressPool(uint32_t first, size_t capacity)
      : first_(first), taken_(capacity, false) {}

  uint32_t first_;           // host order
  std::vector<bool> taken_;  // by offset from first_
  size_t taken_count_ = 0;
  size_t lowest_free_ = 0;  // nothing below it is free
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_ADDRESS_POOL_H_
