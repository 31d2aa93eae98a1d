// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/held_device.h"

#include <utility>

namespace ovoc::tunnel {

HeldDevice::HeldDevice(Opener open, InterfaceGuard* guard)
    : open_(std::move(open)), guard_(guard) {}

absl::Status HeldDevice::Open(const std::string& name, int mtu_bytes) {
  const absl::Status prepared = Prepare(name);
  if (prepared.ok()) {
    Move(mtu_bytes);
  }
  return prepared;
}

absl::Status HeldDevice::Prepare(const std::string& name) {
  if (device_ != nullptr && name == name_) {
    next_.reset();
    return absl::OkStatus();
  }
  // The kernel would refuse another of that name.
  if (next_ != nullptr && name == next_name_) {
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<netif::TunDevice>> device = open_(name);
  if (!device.ok()) {
    return device.status();
  }
  next_ = *std::move(device);
  next_name_ = name;
  return absl::OkStatus();
}

void HeldDevice::Move(int mtu_bytes) {
  if (next_ == nullptr) {
    return;
  }
  name_ = next_name_;
  guard_->SetDevice(next_.get(), name_, mtu_bytes);
  device_ = std::move(next_);
}

}  // namespace ovoc::tunnel
