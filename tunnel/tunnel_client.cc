// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tunnel_client.h"

#include <algorithm>
#include <utility>

namespace ovoc::tunnel {
namespace {

constexpr ReconnectPolicy::Options kReconnect = {};

ReconnectPolicy::Options ReconnectOptions(const Settings& settings) {
  ReconnectPolicy::Options options = kReconnect;
  options.spread = settings.reconnect_spread;
  return options;
}

// What the end of an attempt says of the server's address.
AddressOrder::Outcome OutcomeOf(const End& end,
                                std::optional<absl::Duration> time_up) {
  switch (end.reason) {
    case EndReason::kClosedByUs:
    case EndReason::kResolution:
    case EndReason::kInterface:  // the device's own
      return AddressOrder::Outcome::kNothing;
    case EndReason::kConnection:
    case EndReason::kClosedByPeer:
    case EndReason::kPeerGone:
      if (time_up.has_value()) {
        return *time_up >= kReconnect.stable
                   ? AddressOrder::Outcome::kLost
                   : AddressOrder::Outcome::kLostEarly;
      }
      return AddressOrder::Outcome::kFailed;
    case EndReason::kCertificate:
    case EndReason::kUnauthorized:
    case EndReason::kNoFreeAddress:
    case EndReason::kHttpStatus:
    case EndReason::kHandshake:
    case EndReason::kTimeout:
    case EndReason::kDeadPeer:
    case EndReason::kProtocolError:
      break;
  }
  return AddressOrder::Outcome::kFailed;
}

}  // namespace

TunnelClient::TunnelClient(Parts parts, TunnelConfig* config)
    : parts_(std::move(parts)),
      config_(config),
      policy_(ReconnectOptions(config->settings), parts_.random) {}

absl::Status TunnelClient::Run() {
  const absl::Status opened = OpenDevice();
  if (!opened.ok()) {
    return opened;
  }
  Begin(MonotonicNow());
  while (!stopping_ || attempt_ != nullptr) {
    const absl::Status waited = parts_.loop->RunOnce(NextTime());
    if (!waited.ok()) {
      return absl::InternalError(waited.message());
    }
    Step(MonotonicNow());
  }
  parts_.reporter->Refresh();
  return lost_device_;
}

absl::Status TunnelClient::OpenDevice() {
  absl::StatusOr<std::unique_ptr<TunnelDevice>> device =
      parts_.open_device(config_->settings, this);
  if (!device.ok()) {
    return device.status();
  }
  device_ = *std::move(device);
  return device_->Start();
}

void TunnelClient::Begin(absl::Time now) {
  next_begin_ = absl::InfiniteFuture();
  parts_.look_around(config_);
  order_.Begin();
  Attempt::Options options = config_->attempt;
  options.order = &order_;
  attempt_ = std::make_unique<Attempt>(parts_.loop, options, parts_.random,
                                       static_cast<Attempt::Observer*>(this),
                                       static_cast<Session::Sink*>(this));
  attempt_->Start(now);
}

void TunnelClient::Step(absl::Time now) {
  if (attempt_ != nullptr && !end_.has_value()) {
    attempt_->OnTime(now);
    if (!device_status_.ok()) {
      attempt_->Close(now);  // an address that cannot be had is no tunnel
    }
  }
  if (attempt_ != nullptr && end_.has_value()) {
    AfterEnd(now);
  }
  // RFC 6455 4.1 MUST: wait while another connection to the server is opened
  if (attempt_ == nullptr && !stopping_ && now >= next_begin_) {
    Begin(now);
  }
  Refresh(now);
}

// The attempt is over: clears it away and says when the next one begins.
void TunnelClient::AfterEnd(absl::Time now) {
  CountSession();
  if (!device_status_.ok()) {
    end_ = End{EndReason::kInterface, std::exchange(device_status_, {})};
  }
  const End end = *std::exchange(end_, std::nullopt);
  std::optional<absl::Duration> time_up;  // of a tunnel that was up
  if (up_since_.has_value()) {
    time_up = now - *std::exchange(up_since_, std::nullopt);
  }
  order_.OnEnd(OutcomeOf(end, time_up));
  attempt_.reset();
  parts_.reporter->Down(end, time_up.has_value());
  if (!stopping_) {
    next_begin_ = now + Wait(end, time_up);
  }
}

absl::Duration TunnelClient::Wait(const End& end,
                                  std::optional<absl::Duration> time_up) {
  std::optional<absl::Duration> told;
  if (end.retry_after.has_value()) {
    const absl::Time now = absl::Now();
    told = end.retry_after->Delay(now);
    if (!told.has_value()) {
      parts_.reporter->RetryAfterIgnored(end.retry_after->Fault(now));
    }
  }
  const ReconnectPolicy::Failure failure =
      time_up.has_value() && IsServersEnd(end)
          ? ReconnectPolicy::Failure::kServerEnded
          : FailureKind(end.reason);
  const absl::Duration delay =
      told.has_value()
          ? policy_.DelayAfter(*told)
          : policy_.NextDelay(failure, time_up.value_or(absl::ZeroDuration()));
  parts_.reporter->Waiting(end.reason, delay, told);
  return delay;
}

void TunnelClient::Refresh(absl::Time now) {
  if (now >= next_refresh_) {
    next_refresh_ = now + parts_.refresh_period;
    if (session() != nullptr) {
      parts_.reporter->Count(session()->counters(),
                             Reporter::SessionIs::kRunning);
    }
    if (up_since_.has_value()) {
      device_status_ = device_->Repair();
    }
    parts_.reporter->CountRefusedWrites(device_->refused_writes());
    parts_.reporter->Refresh();
  }
}

void TunnelClient::CountSession() {
  if (session() != nullptr) {
    parts_.reporter->Count(session()->counters(), Reporter::SessionIs::kOver);
  }
}

absl::Time TunnelClient::NextTime() const {
  const absl::Time next = std::min(next_begin_, next_refresh_);
  if (attempt_ == nullptr) {
    return next;
  }
  return end_.has_value() ? absl::InfinitePast()
                          : std::min(next, attempt_->NextTime());
}

Session* TunnelClient::session() const {
  return attempt_ == nullptr ? nullptr : attempt_->session();
}

void TunnelClient::Stop() {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  next_begin_ = absl::InfiniteFuture();
  if (attempt_ != nullptr) {
    attempt_->Close(MonotonicNow());
  }
}

void TunnelClient::Tune(const Tuning& tuning) {
  policy_.set_spread(tuning.reconnect_spread);
  KeepAlive::Options& keep_alive = config_->attempt.session.keep_alive;
  keep_alive.ping_after = tuning.keep_alive;
  keep_alive.dead_after = tuning.dead_after;
  if (attempt_ != nullptr) {
    attempt_->Tune(keep_alive);
  }
}

void TunnelClient::OnResolving() {
  parts_.reporter->Resolving(config_->settings.server);
}

void TunnelClient::OnResolved(absl::Span<const netif::IpAddress> addresses) {
  parts_.reporter->Resolved(config_->settings.server, addresses);
}

void TunnelClient::OnConnecting(const netif::IpAddress& address) {
  order_.OnTrying(address);
  parts_.reporter->Connecting(address, config_->attempt.port);
}

void TunnelClient::OnConnected(const netif::IpAddress& address,
                               absl::Duration took) {
  order_.OnConnected(address);
  parts_.reporter->Connected(address, config_->attempt.port, took);
}

void TunnelClient::OnSecured(const TlsClientTransport* tls) {
  parts_.reporter->Secured(tls);
}

void TunnelClient::OnOpen(const netif::Ipv4Prefix& overlay) {
  order_.OnWorked();
  device_status_ = device_->Apply(overlay);
  if (!device_status_.ok()) {
    return;  // Step closes: it may not be done from within the session's call.
  }
  up_since_ = MonotonicNow();
  parts_.reporter->Up(overlay, device_->name());
  device_->Resume();
}

void TunnelClient::OnPacket(absl::Span<const uint8_t> packet) {
  device_->Write(packet);
}

void TunnelClient::OnReadEnd() { device_->Flush(); }

void TunnelClient::OnEnd(const End& end) { end_ = end; }

SendResult TunnelClient::Take(const OutboundPacket& packet, absl::Time now) {
  return session() == nullptr ? SendResult::kNotOpen
                              : session()->SendPacket(packet, now);
}

// Both follow a Take that reached the session, and attempts go in Step only.
void TunnelClient::Drop(size_t bytes) { session()->DropPacket(bytes); }

void TunnelClient::BurstTaken() {
  attempt_->connection()->Flush(MonotonicNow());
}

void TunnelClient::DeviceLost(const absl::Status& why) {
  lost_device_ = why;
  Stop();
}

}  // namespace ovoc::tunnel
