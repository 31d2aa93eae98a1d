// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tunnel_device.h"

#include <sys/epoll.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// One segment above the largest MTU (tunnel/settings.h).
constexpr size_t kPacketBytes = 2048;

// Packets in a row before the other descriptors have their turn.
constexpr int kPacketsPerTurn = 64;

// Of the errors of netif::TunDevice, those after which there is no device.
bool IsLoss(const absl::Status& status) {
  return !status.ok() && !absl::IsInvalidArgument(status) &&
         !absl::IsUnavailable(status);
}

}  // namespace

TunnelDevice::TunnelDevice(EventLoop* loop,
                           std::unique_ptr<netif::TunDevice> tun,
                           netif::InterfaceConfig* config, std::string name,
                           size_t mtu_bytes, PacketTaker* taker)
    : loop_(loop),
      tun_(std::move(tun)),
      config_(config),
      name_(std::move(name)),
      mtu_bytes_(mtu_bytes),
      taker_(taker),
      packet_(kPacketBytes) {}

TunnelDevice::~TunnelDevice() { loop_->Unwatch(tun_->fd()); }

absl::Status TunnelDevice::Start() {
  return loop_->Watch(tun_->fd(), 0,
                      [this](uint32_t events) { OnEvents(events); });
}

absl::Status TunnelDevice::Apply(const auth::OverlayAssignment& overlay) {
  applied_ = overlay;
  return config_->Configure(
      name_, netif::Ipv4Address::FromHostOrder(overlay.address),
      overlay.prefix_length, static_cast<int>(mtu_bytes_));
}

void TunnelDevice::Write(absl::Span<const uint8_t> packet) {
  const absl::StatusOr<size_t> written = tun_->Write(packet);
  if (!written.ok() || *written == 0) {
    ++refused_writes_;
    was_down_ = was_down_ || absl::IsUnavailable(written.status());
  }
}

absl::Status TunnelDevice::Repair() {
  if (!std::exchange(was_down_, false) || !applied_.has_value()) {
    return absl::OkStatus();
  }
  return Apply(*applied_);
}

void TunnelDevice::Resume() { loop_->SetEvents(tun_->fd(), EPOLLIN); }

void TunnelDevice::OnEvents(uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    Lose(absl::UnavailableError(absl::StrCat("interface ", name_, " is gone")));
    return;
  }
  ReadBurst();
}

void TunnelDevice::Lose(const absl::Status& why) {
  loop_->Unwatch(tun_->fd());
  taker_->DeviceLost(why);
}

void TunnelDevice::ReadBurst() {
  int taken = 0;
  bool more = true;
  while (more && taken < kPacketsPerTurn) {
    if (!taker_->CanTake()) {
      loop_->SetEvents(tun_->fd(), 0);
      break;
    }
    const absl::StatusOr<size_t> size = tun_->Read(absl::MakeSpan(packet_));
    if (IsLoss(size.status())) {
      Lose(size.status());
    }
    more = size.ok() && *size > 0;
    if (more) {
      taker_->Take(absl::MakeConstSpan(packet_).first(*size));
      ++taken;
    }
  }
  if (taken > 0) {
    taker_->BurstTaken();
  }
}

}  // namespace ovoc::tunnel
