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

// HeldDevice is the device that a keeper holds open while its workers come and
// go, and the device that takes its place when new settings name another one.
class HeldDevice {
 public:
  using Opener =
      std::function<absl::StatusOr<std::unique_ptr<netif::TunDevice>>(
          const std::string& name)>;

  // `guard` must outlive it. It is told which device is in use.
  HeldDevice(Opener open, InterfaceGuard* guard);
  HeldDevice(const HeldDevice&) = delete;
  HeldDevice& operator=(const HeldDevice&) = delete;

  // Opens the first device. The error is the opener's.
  absl::Status Open(const std::string& name, int mtu_bytes);

  // The device in use. Valid after Open.
  const netif::TunDevice& device() const { return *device_; }
  const std::string& name() const { return name_; }

  // Opens the device `name` in addition to the one in use. Opens nothing if
  // that device is in use or prepared already. A device that was prepared under
  // another name is closed. The error is the opener's, and nothing has changed
  // then.
  absl::Status Prepare(const std::string& name);

  // If a device was prepared, uses it from now on and closes the other one.
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
