// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/interface_guard.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// A program that changes an interface does so in several steps.
constexpr absl::Duration kSettle = absl::Milliseconds(200);
// Between two repairs in a row; twice as long each time.
constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Seconds(60);
// What was left alone for so long is not in a row.
constexpr absl::Duration kPeace = absl::Minutes(5);

netif::Overlay WithoutAddress() {
  return netif::Overlay(netif::Overlay::Options());
}

}  // namespace

void InterfaceGuard::SetDevice(netif::TunDevice* device, absl::string_view name,
                               int mtu_bytes) {
  if (device == device_) {
    return;
  }
  device_ = device;
  look_at_ = absl::InfiniteFuture();
  SetCarrier(netif::Carrier::kOff);
  const absl::Status prepared = Prepare(name, mtu_bytes);
  if (!prepared.ok()) {
    parts_.logger->Log(
        LogLevel::kWarning,
        LogLine("interface_unprepared").Add("detail", prepared.message()));
    LookAt(parts_.clock() + kFirstPause);
  }
}

void InterfaceGuard::TunnelIsUp(bool up) {
  SetCarrier(up ? netif::Carrier::kOn : netif::Carrier::kOff);
}

void InterfaceGuard::Hear(const WorkerMessage& message) {
  if (const auto* progress = std::get_if<Progress>(&message)) {
    TunnelIsUp(progress->state == TunnelState::kUp);
  }
}

// The device is known by its name everywhere else. One that was renamed is lost
// to us, and what has its name then is another's.
absl::Status InterfaceGuard::CheckName(absl::string_view name) const {
  if (device_ == nullptr) {
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> now = device_->Name();
  if (!now.ok() || *now == name) {
    return absl::OkStatus();  // gone: the worker learns that
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the tunnel's interface ", name, " was renamed to ", *now,
                   "; rename it back or restart the client"));
}

// `status` is of a call by the device's name. A device that is not found but
// answers is in a namespace that we do not reach.
absl::Status InterfaceGuard::Moved(const absl::Status& status,
                                   absl::string_view name) const {
  if (!absl::IsNotFound(status) || device_ == nullptr ||
      !device_->Name().ok()) {
    return status;
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the tunnel's interface ", name,
                   " is in another network namespace; move it back or restart "
                   "the client"));
}

// Before Linux 5.0 there is no such call: programs see a carrier always.
void InterfaceGuard::SetCarrier(netif::Carrier carrier) {
  if (device_ == nullptr || carrier_failed_) {
    return;
  }
  const absl::Status status = device_->SetCarrier(carrier);
  if (status.ok()) {
    return;
  }
  carrier_failed_ = true;
  if (!absl::IsUnimplemented(status) && !device_->Name().ok()) {
    parts_.logger->Log(
        LogLevel::kError,
        LogLine("interface_deleted")
            .Add("interface", wanted_.has_value() ? wanted_->name : "")
            .Add("detail",
                 "another program has deleted the tunnel's interface, so the "
                 "client closes its connection and ends"));
    return;
  }
  parts_.logger->Log(LogLevel::kWarning,
                     LogLine("carrier_failed").Add("detail", status.message()));
}

// As it is wanted.
absl::Status InterfaceGuard::SetUp() {
  return wanted_->overlay.HasAddress()
             ? parts_.config->Configure(wanted_->name, wanted_->overlay,
                                        wanted_->mtu_bytes)
             : parts_.config->Prepare(wanted_->name, wanted_->mtu_bytes);
}

absl::Status InterfaceGuard::Prepare(absl::string_view name, int mtu_bytes) {
  wanted_ = Wanted{std::string(name), WithoutAddress(), mtu_bytes};
  SetTrouble("");
  const absl::Status named = CheckName(name);
  return named.ok() ? SetUp() : named;
}

absl::Status InterfaceGuard::Configure(absl::string_view name,
                                       const netif::Overlay& overlay,
                                       int mtu_bytes) {
  absl::Status status = CheckName(name);
  if (!status.ok()) {
    return status;
  }
  SetCarrier(netif::Carrier::kOn);
  status = Moved(parts_.config->Configure(name, overlay, mtu_bytes), name);
  if (!status.ok()) {
    SetCarrier(netif::Carrier::kOff);
    return status;
  }
  wanted_ = Wanted{std::string(name), overlay, mtu_bytes};
  SetTrouble("");
  return status;
}

void InterfaceGuard::OnNews() {
  // Read in any case: what nobody reads keeps the event loop awake.
  const bool concerned =
      parts_.inspector->Concerned(wanted_.has_value() ? wanted_->name : "");
  if (wanted_.has_value() && concerned) {
    LookAt(parts_.clock() + kSettle);
  }
}

void InterfaceGuard::LookAt(absl::Time at) {
  look_at_ = std::min(look_at_, at);
}

void InterfaceGuard::OnTime(absl::Time now) {
  if (now < look_at_ || !wanted_.has_value()) {
    return;
  }
  look_at_ = absl::InfiniteFuture();
  if (const absl::Status named = CheckName(wanted_->name); !named.ok()) {
    CannotMend(named.message());
    return;
  }
  const absl::StatusOr<std::string> difference = parts_.inspector->Inspect(
      wanted_->name, wanted_->overlay, wanted_->mtu_bytes);
  if (absl::IsNotFound(difference.status())) {
    const absl::Status moved = Moved(difference.status(), wanted_->name);
    if (!absl::IsNotFound(moved)) {
      CannotMend(moved.message());
    }
    return;  // gone: the worker learns that from its descriptor
  }
  if (!difference.ok()) {
    LookAt(now + kFirstPause);
    return;
  }
  if (difference->empty()) {
    SetTrouble("");
    return;
  }
  Mend(*difference, now);
}

void InterfaceGuard::Mend(const std::string& difference, absl::Time now) {
  const std::string text = absl::StrCat(wanted_->name, " ", difference);
  if (now < mend_at_) {
    SetTrouble(text);
    LookAt(mend_at_);
    return;
  }
  pause_ = now - mended_at_ > kPeace ? kFirstPause
                                     : std::min(2 * pause_, kLongestPause);
  mended_at_ = now;
  mend_at_ = now + pause_;
  const absl::Status mended = SetUp();
  LogLine line("interface_changed");
  line.Add("detail", text);
  line.Add("mended", mended.ok() ? "yes" : mended.message());
  parts_.logger->Log(LogLevel::kWarning, line);
  SetTrouble(mended.ok() ? "" : absl::StrCat(text, "; ", mended.message()));
  if (!mended.ok()) {
    LookAt(mend_at_);
  }
}

// Only another program can: it is said once, until it is another trouble.
void InterfaceGuard::CannotMend(absl::string_view trouble) {
  if (trouble != trouble_) {
    parts_.logger->Log(LogLevel::kWarning, LogLine("interface_changed")
                                               .Add("detail", trouble)
                                               .Add("mended", "no"));
  }
  SetTrouble(std::string(trouble));
}

void InterfaceGuard::SetTrouble(std::string trouble) {
  if (trouble != trouble_) {
    trouble_ = std::move(trouble);
    parts_.tell(trouble_);
  }
}

}  // namespace ovoc::tunnel
