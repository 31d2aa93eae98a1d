// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_HELD_DEVICE_H_
#define OVOC_TUNNEL_KEEPER_HELD_DEVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netif/tun_device.h"
#include "tunnel/keeper/interface_guard.h"

namespace ovoc::tunnel {

// HeldDevice is the device that a keeper holds open, whatever becomes of its
// workers, and the one that new settings want instead.
class HeldDevice {
 public:
  using Opener =
      std::function<absl::StatusOr<std::unique_ptr<netif::TunDevice>>(
          const std::string& name)>;

  // `guard` outlives it, and is told of each device that is in use.
  HeldDevice(Opener open, InterfaceGuard* guard);
  HeldDevice(const HeldDevice&) = delete;
  HeldDevice& operator=(const HeldDevice&) = delete;

  // Opens the first one. The error is the opener's.
  absl::Status Open(const std::string& name, int mtu_bytes);

  // What is in use; after Open.
  const netif::TunDevice& device() const { return *device_; }
  const std::string& name() const { return name_; }

  // Opens the device `name` beside the one in use, unless it is that one or was
  // prepared before. What another name was prepared for is given back. After an
  // error, which is the opener's, all is as before.
  absl::Status Prepare(const std::string& name);

  // Uses what was prepared, if anything was, and gives the other one back.
  void Move(int mtu_bytes);

 private:
  const Opener open_;
  InterfaceGuard* const guard_;
  std::unique_ptr<netif::TunDevice> device_;
  std::string name_;
  std::unique_ptr<netif::TunDevice> next_;  // null: the device stays
  std::string next_name_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_HELD_DEVICE_H_
