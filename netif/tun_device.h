// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TUN_DEVICE_H_
#define OVOC_NETIF_TUN_DEVICE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ovoc::netif {

// TunDevice is a layer-3 network device of ours: what the host routes into it
// is read here, what is written here the host receives from it. One call moves
// one bare IP packet, without packet information. Nothing blocks. Destroying
// it removes the device from the host.
//
// Results of both calls: the bytes moved; 0 when it cannot be done now; an
// error when it cannot be done at all:
//   InvalidArgument  this packet is refused, the device goes on
//   Unavailable      the device is down for now
//   any other        the device is lost
class TunDevice {
 public:
  virtual ~TunDevice() = default;

  // Read moves the next packet into `buffer`. 0: there is none. A buffer
  // smaller than the device's MTU loses the end of a long packet.
  virtual absl::StatusOr<size_t> Read(absl::Span<uint8_t> buffer) = 0;

  // Write hands a packet to the host. 0: the host has no room, and the packet
  // may be dropped as any router would.
  virtual absl::StatusOr<size_t> Write(absl::Span<const uint8_t> packet) = 0;

  // fd is readable when Read has a packet. It is valid as long as this object.
  virtual int fd() const = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TUN_DEVICE_H_
