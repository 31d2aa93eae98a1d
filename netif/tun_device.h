// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TUN_DEVICE_H_
#define OVOC_NETIF_TUN_DEVICE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

// TunOffload is which packets of one flow a device moves joined, as a Burst.
enum class TunOffload {
  kNone,       // none: each packet by itself, its checksums complete
  kTcp,        // TCP over IPv4 (TSO)
  kTcpAndUdp,  // and UDP over IPv4 (USO; Linux 6.2)
};

// Carrier is the state of the line that a device shows to programs and to
// routing.
enum class Carrier { kOff, kOn };

// For TunDevice::Read: the longest burst and the header before it.
inline constexpr size_t kTunReadBytes = kVirtioNetHeaderBytes + kMaxBurstBytes;

// TunDevice is a layer-3 network device of ours. What the host routes into it
// is read here, and the host receives what is written here. One call moves one
// IP packet, or one burst if the device has the offload. Nothing blocks.
// Destroying it removes the device from the host.
//
// Errors of both calls:
//   InvalidArgument  this packet is refused, and the device goes on
//   Unavailable      the device is down for now
//   any other        the device is lost
class TunDevice {
 public:
  virtual ~TunDevice() = default;

  // Read moves the next packet or burst into `buffer`, of at least
  // kTunReadBytes. The result is a view of it, and is empty if there is none.
  virtual absl::StatusOr<Burst> Read(absl::Span<uint8_t> buffer) = 0;

  // Write hands a packet, or a burst of a kind that offload() names, to the
  // host. It returns the packet's bytes, or 0 if the host has no room; the
  // packet may then be dropped, as any router would do.
  virtual absl::StatusOr<size_t> Write(const Burst& burst) = 0;

  virtual TunOffload offload() const = 0;

  // SetCarrier shows the host whether there is a line. Without one the host
  // drops what it has to send. Packets that wait to be read stay, and what is
  // written here is still received. Unimplemented before Linux 5.0, where the
  // carrier is always on; other errors are the system's.
  virtual absl::Status SetCarrier(Carrier carrier) = 0;

  // Name is the current name of the device, which another program may have
  // changed. Errors are the system's, for example if the device was deleted.
  virtual absl::StatusOr<std::string> Name() const = 0;

  // fd is readable when Read has a packet. It is valid as long as this object.
  virtual int fd() const = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TUN_DEVICE_H_
