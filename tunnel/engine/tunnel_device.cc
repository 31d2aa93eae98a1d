// SPDX-License-Identifier: Apache-2.0
#include "tunnel/engine/tunnel_device.h"

#include <sys/epoll.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "netif/flow_hash.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {
namespace {

// Before the other descriptors have their turn.
constexpr int kReadsPerTurn = 64;
constexpr size_t kBytesPerTurn = 4 * netif::kMaxBurstBytes;

netif::Coalescer::Options JoinedFor(netif::TunOffload offload) {
  netif::Coalescer::Options options;
  options.tcp = offload != netif::TunOffload::kNone;
  options.udp = offload == netif::TunOffload::kTcpAndUdp;
  return options;
}

// Of the errors of netif::TunDevice, those after which there is no device.
bool IsLoss(const absl::Status& status) {
  return !status.ok() && !absl::IsInvalidArgument(status) &&
         !absl::IsUnavailable(status);
}

}  // namespace

TunnelDevice::TunnelDevice(EventLoop* loop,
                           std::unique_ptr<netif::TunDevice> tun,
                           AddressSetter set_address, std::string name,
                           PacketTaker* taker)
    : loop_(loop),
      tun_(std::move(tun)),
      set_address_(std::move(set_address)),
      name_(std::move(name)),
      taker_(taker),
      buffer_(std::make_unique_for_overwrite<uint8_t[]>(netif::kTunReadBytes)),
      coalescer_(JoinedFor(tun_->offload()),
                 [this](const netif::Burst& burst) { WriteBurst(burst); }) {}

TunnelDevice::~TunnelDevice() { loop_->Unwatch(tun_->fd()); }

absl::Status TunnelDevice::Start() {
  return loop_->Watch(tun_->fd(), 0,
                      [this](uint32_t events) { OnEvents(events); });
}

absl::Status TunnelDevice::Apply(const netif::Ipv4Prefix& overlay) {
  applied_ = overlay;
  return set_address_(netif::Overlay(
      {.address = overlay.address(), .prefix_length = overlay.length()}));
}

void TunnelDevice::Write(absl::Span<const uint8_t> packet) {
  coalescer_.Add(packet);
}

void TunnelDevice::WriteBurst(const netif::Burst& burst) {
  const absl::StatusOr<size_t> written = tun_->Write(burst);
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

// What is left of a burst does not make the device readable, but it is writable
// at once. It is not passed on from here: the taker may be in the middle of it.
void TunnelDevice::Resume() {
  loop_->SetEvents(tun_->fd(),
                   segmenter_.done() ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

void TunnelDevice::OnEvents(uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    Lose(absl::UnavailableError(absl::StrCat("interface ", name_, " is gone")));
    return;
  }
  ReadTurn();
}

void TunnelDevice::Lose(const absl::Status& why) {
  loop_->Unwatch(tun_->fd());
  taker_->DeviceLost(why);
}

// What is left of the last burst, then what the device has.
void TunnelDevice::ReadTurn() {
  const absl::Time now = MonotonicNow();
  bool up = PassOn(now);
  size_t bytes = 0;
  for (int i = 0; up && i < kReadsPerTurn && bytes < kBytesPerTurn; ++i) {
    const size_t read = ReadBurst();
    if (read == 0) {
      break;
    }
    bytes += read;
    up = PassOn(now);
  }
  loop_->SetEvents(tun_->fd(), up ? EPOLLIN : 0);
  if (std::exchange(taken_, false)) {
    taker_->BurstTaken();
  }
}

// The bytes read; 0: there are none now.
size_t TunnelDevice::ReadBurst() {
  const absl::StatusOr<netif::Burst> burst =
      tun_->Read({buffer_.get(), netif::kTunReadBytes});
  if (IsLoss(burst.status())) {
    Lose(burst.status());
  }
  if (!burst.ok() || burst->packet.empty()) {
    return 0;
  }
  // What no tunnel takes is left out: UDP bursts over IPv6, which Linux makes
  // wherever it makes them over IPv4.
  (void)segmenter_.Begin(*burst);
  flow_ = netif::FlowHash(burst->packet);
  return burst->packet.size();
}

// Whether the burst is done with: taken, or dropped for want of room.
bool TunnelDevice::PassOn(absl::Time now) {
  while (!segmenter_.done()) {
    bool written = false;
    const auto write = [&](absl::Span<uint8_t> place) {
      written = segmenter_.Next(place) > 0;
    };
    switch (taker_->Take({segmenter_.next_bytes(), flow_, write}, now)) {
      case SendResult::kQueued:
      case SendResult::kDropped:
        if (written) {
          taken_ = true;
        } else {
          segmenter_.Skip();
        }
        break;
      case SendResult::kNoRoom:
        if (std::exchange(taken_, false)) {
          taker_->BurstTaken();  // may make room
        } else {
          DropPacket();
        }
        break;
      case SendResult::kNotOpen:
        return false;
    }
  }
  return true;
}

void TunnelDevice::DropPacket() {
  const size_t bytes = segmenter_.next_bytes();
  segmenter_.Skip();
  taker_->Drop(bytes);
}

}  // namespace ovoc::tunnel
