// SPDX-License-Identifier: Apache-2.0
#include "tunnel/engine/tunnel_client.h"

#include <algorithm>
#include <utility>

#include "tunnel/progress/remedy.h"

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
    case EndReason::kProxy:
    case EndReason::kProxyLogin:
      break;
  }
  return AddressOrder::Outcome::kFailed;
}

}  // namespace

TunnelClient::TunnelClient(Parts parts, TunnelConfig* config)
    : parts_(std::move(parts)),
      config_(config),
      policy_(ReconnectOptions(config->settings), parts_.random),
      choice_(config->settings.servers.size(),
              config->settings.server_revert ? ServerChoice::AfterLoss::kFirst
                                             : ServerChoice::AfterLoss::kStay,
              config->server),
      orders_(config->settings.servers.size()) {}

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
  choice_.Begin(now);
  const size_t server = choice_.current();
  SelectServer(server, config_);
  parts_.look_around(config_);
  parts_.reporter->ToServer(server, config_->settings.servers[server].name);
  orders_[server].Begin();
  Attempt::Options options = config_->attempt;
  options.order = &orders_[server];
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
  End end = *std::exchange(end_, std::nullopt);
  if (end.reason == EndReason::kClosedByUs) {
    end.detail = absl::CancelledError(stop_why_);
  }
  std::optional<absl::Duration> time_up;  // of a tunnel that was up
  if (up_since_.has_value()) {
    time_up = now - *std::exchange(up_since_, std::nullopt);
  }
  orders_[choice_.current()].OnEnd(OutcomeOf(end, time_up));
  parts_.reporter->Down(
      end, time_up.has_value(),
      Remedy(end, config_->settings, config_->attempt.server));
  if (!stopping_) {
    next_begin_ = NextBegin(end, time_up, now);
  }
  attempt_.reset();
}

absl::Time TunnelClient::NextBegin(const End& end,
                                   std::optional<absl::Duration> time_up,
                                   absl::Time now) {
  const ReconnectPolicy::Failure failure =
      time_up.has_value() && IsServersEnd(end)
          ? ReconnectPolicy::Failure::kServerEnded
          : FailureKind(end.reason);
  const absl::Duration up = time_up.value_or(absl::ZeroDuration());
  const std::optional<absl::Duration> told = Told(end);
  const bool persistent = failure == ReconnectPolicy::Failure::kPersistent;
  absl::Time held_until = absl::InfinitePast();
  if (told.has_value()) {
    held_until = now + policy_.DelayAfter(*told);
  } else if (persistent) {
    held_until = now + (orders_.size() > 1 ? policy_.PersistentDelay()
                                           : policy_.NextDelay(failure, up));
  }
  if (choice_.OnEnd(LeftOfServer(time_up), held_until, now) ==
      ServerChoice::Next::kAtOnce) {
    return now;
  }
  const absl::Duration held = choice_.FreeAt() - now;
  const bool all_held = held > absl::ZeroDuration();
  const absl::Duration delay =
      all_held
          ? held
          : policy_.NextDelay(
                persistent ? ReconnectPolicy::Failure::kTransient : failure,
                up);
  parts_.reporter->Waiting(end.reason, delay, all_held ? told : std::nullopt);
  return now + delay;
}

std::optional<absl::Duration> TunnelClient::Told(const End& end) {
  if (!end.retry_after.has_value()) {
    return std::nullopt;
  }
  const absl::Time now = absl::Now();
  const std::optional<absl::Duration> told = end.retry_after->Delay(now);
  if (!told.has_value()) {
    parts_.reporter->RetryAfterIgnored(end.retry_after->Fault(now));
  }
  return told;
}

ServerChoice::Left TunnelClient::LeftOfServer(
    std::optional<absl::Duration> time_up) const {
  if (!orders_[choice_.current()].HasLeft(attempt_->addresses())) {
    return ServerChoice::Left::kNothing;
  }
  return time_up.has_value() && *time_up < kReconnect.stable
             ? ServerChoice::Left::kShortTunnel
             : ServerChoice::Left::kAddresses;
}

void TunnelClient::Refresh(absl::Time now) {
  if (now >= next_refresh_) {
    next_refresh_ = now + parts_.refresh_period;
    if (session() != nullptr) {
      parts_.reporter->Count(session()->counters(),
                             Reporter::SessionIs::kRunning);
      parts_.reporter->Measured(session()->round_trip());
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

void TunnelClient::Stop(absl::string_view why) {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  stop_why_ = std::string(why);
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

void TunnelClient::OnQuestion(const SocketRequest& request) {
  parts_.reporter->Question(request);
}

void TunnelClient::OnHop(const Hop& hop, const absl::Status& why) {
  hop_ = hop;
  if (!why.ok()) {
    parts_.reporter->ProxyUnreached(why.message());
  }
}

void TunnelClient::OnResolving() { parts_.reporter->Resolving(hop_.name); }

void TunnelClient::OnResolved(absl::Span<const netif::IpAddress> addresses) {
  parts_.reporter->Resolved(
      hop_.name, hop_.known.empty() ? NameSource::kDns : NameSource::kHosts,
      addresses);
}

void TunnelClient::OnConnecting(const netif::IpAddress& address) {
  orders_[choice_.current()].OnTrying(address);
  parts_.reporter->Connecting(address, hop_.port);
}

void TunnelClient::OnConnected(const netif::IpAddress& address,
                               absl::Duration took) {
  orders_[choice_.current()].OnConnected(address);
  parts_.reporter->Connected(address, hop_.port, took);
  if (config_->attempt.tls != nullptr && !hop_.is_proxy()) {
    parts_.reporter->Handshaking(config_->attempt.server);
  }
}

void TunnelClient::OnProxyOpen() {
  parts_.reporter->ProxyOpen(config_->attempt.proxy->endpoint,
                             config_->attempt.server, config_->attempt.port);
  if (config_->attempt.tls != nullptr) {
    parts_.reporter->Handshaking(config_->attempt.server);
  }
}

void TunnelClient::OnSecured(const TlsClientTransport* tls) {
  parts_.reporter->Secured(tls);
}

void TunnelClient::OnOpen(const netif::Ipv4Prefix& overlay) {
  orders_[choice_.current()].OnWorked();
  device_status_ = device_->Apply(overlay);
  if (!device_status_.ok()) {
    return;  // Step closes: it may not be done from within the session's call.
  }
  choice_.OnWorked();
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
  Stop(why.message());
}

}  // namespace ovoc::tunnel
