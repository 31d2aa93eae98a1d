// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ENGINE_TUNNEL_DEVICE_H_
#define OVOC_TUNNEL_ENGINE_TUNNEL_DEVICE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/coalescing.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "netif/segmentation.h"
#include "netif/tun_device.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// TunnelDevice is the network interface of the tunnel, as the client uses it: a
// TUN device and the overlay address on it. The device exists as long as this
// object, through all reconnects.
class TunnelDevice {
 public:
  // PacketTaker gets the packets that the device's programs send.
  class PacketTaker {
   public:
    virtual ~PacketTaker() = default;
    // Takes a packet. After kNoRoom there may be room once BurstTaken was
    // called. After kNotOpen the device is not read until Resume is called.
    virtual SendResult Take(const OutboundPacket& packet, absl::Time now) = 0;
    // Counts a packet of `bytes` that is dropped because there was no room. Any
    // full link drops packets like this: the sender slows down, and no other
    // packet waits behind it.
    virtual void Drop(size_t bytes) = 0;
    // There are no more packets for now, so what was taken should be sent.
    virtual void BurstTaken() = 0;
    // The interface is gone, for example because another program has deleted
    // it. Called once.
    virtual void DeviceLost(const absl::Status& why) = 0;
  };

  // Gives the device its address, or says why that cannot be done.
  using AddressSetter = std::function<absl::Status(const netif::Overlay&)>;

  // `loop` and `taker` must outlive the device. `name` is for messages.
  TunnelDevice(EventLoop* loop, std::unique_ptr<netif::TunDevice> tun,
               AddressSetter set_address, std::string name, PacketTaker* taker);
  TunnelDevice(const TunnelDevice&) = delete;
  TunnelDevice& operator=(const TunnelDevice&) = delete;
  ~TunnelDevice();

  // Prepares for reading, which begins when Resume is called.
  absl::Status Start();

  // Gives the device its overlay address, which replaces the one before.
  absl::Status Apply(const netif::Ipv4Prefix& overlay);

  // Hands a packet to the device's programs, at the latest when Flush is
  // called, because it may be joined with packets that follow. The kernel
  // refuses some packets, for example while the interface is being taken down.
  // They are counted, and a joined packet counts as one.
  void Write(absl::Span<const uint8_t> packet);
  void Flush() { coalescer_.Flush(); }

  // If the kernel has refused a packet because the interface was down, applies
  // the address again. Another program has taken the interface down then, or
  // has removed the address.
  absl::Status Repair();

  // Goes on reading after PacketTaker::Take has returned kNotOpen.
  void Resume();

  const std::string& name() const { return name_; }
  uint64_t refused_writes() const { return refused_writes_; }

 private:
  void OnEvents(uint32_t events);
  void ReadTurn();
  size_t ReadBurst();
  bool PassOn(absl::Time now);
  void DropPacket();
  void WriteBurst(const netif::Burst& burst);
  void Lose(const absl::Status& why);

  EventLoop* const loop_;
  const std::unique_ptr<netif::TunDevice> tun_;
  const AddressSetter set_address_;
  const std::string name_;
  PacketTaker* const taker_;
  // kTunReadBytes, for the burst that segmenter_ cuts. It is not zeroed, so
  // bytes that are never used take no memory.
  const std::unique_ptr<uint8_t[]> buffer_;
  netif::Segmenter segmenter_;
  size_t flow_ = 0;  // of the burst, see netif::FlowHash
  netif::Coalescer coalescer_;
  bool taken_ = false;  // since PacketTaker::BurstTaken
  std::optional<netif::Ipv4Prefix> applied_;
  bool was_down_ = false;
  uint64_t refused_writes_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ENGINE_TUNNEL_DEVICE_H_
