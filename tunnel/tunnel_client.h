// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TUNNEL_CLIENT_H_
#define OVOC_TUNNEL_TUNNEL_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tunnel/attempt.h"
#include "tunnel/event_loop.h"
#include "tunnel/exit_code.h"
#include "tunnel/reconnect_policy.h"
#include "tunnel/report/reporter.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/settings/tuning.h"
#include "tunnel/transport/address_order.h"
#include "tunnel/tunnel_config.h"
#include "tunnel/tunnel_device.h"

namespace ovoc::tunnel {

// TunnelClient keeps the tunnel up: one attempt after the other, the device and
// its address through all of them, until it is stopped. It is the worker's
// work: what needs privilege or files it asks for.
class TunnelClient : private Attempt::Observer,
                     private Session::Sink,
                     private TunnelDevice::PacketTaker {
 public:
  // Opens the TUN device that the settings name, for the given taker.
  using DeviceFactory =
      std::function<absl::StatusOr<std::unique_ptr<TunnelDevice>>(
          const Settings&, TunnelDevice::PacketTaker*)>;
  // Looks again at what changes beside the settings (RefreshSurroundings).
  using LookAround = std::function<void(TunnelConfig*)>;

  struct Parts {
    EventLoop* loop;
    Reporter* reporter;
    Session::RandomBytes random;
    DeviceFactory open_device;
    LookAround look_around;
    // How often the reporter's sink hears of the client at least: a sign of
    // life, and counters.
    absl::Duration refresh_period = absl::Seconds(5);
  };

  // `config` outlives it.
  TunnelClient(Parts parts, TunnelConfig* config);
  TunnelClient(const TunnelClient&) = delete;
  TunnelClient& operator=(const TunnelClient&) = delete;

  // Runs until Stop. The error, if any, says why there is no interface, or is
  // kInternal.
  absl::Status Run();

  // Closes the tunnel in order and makes Run return.
  void Stop();

  // Goes on with other times; the tunnel stays.
  void Tune(const Tuning& tuning);

 private:
  // Attempt::Observer.
  void OnResolving() override;
  void OnResolved(absl::Span<const netif::IpAddress> addresses) override;
  void OnConnecting(const netif::IpAddress& address) override;
  void OnConnected(const netif::IpAddress& address,
                   absl::Duration took) override;
  void OnSecured(const TlsClientTransport* tls) override;
  void OnEnd(const End& end) override;
  // Session::Sink.
  void OnOpen(const netif::Ipv4Prefix& overlay) override;
  void OnPacket(absl::Span<const uint8_t> packet) override;
  void OnReadEnd() override;
  // TunnelDevice::PacketTaker.
  SendResult Take(const OutboundPacket& packet, absl::Time now) override;
  void Drop(size_t bytes) override;
  void BurstTaken() override;
  void DeviceLost(const absl::Status& why) override;

  absl::Status OpenDevice();
  void Begin(absl::Time now);
  void Step(absl::Time now);
  void AfterEnd(absl::Time now);
  // The wait before the next attempt, which it logs.
  absl::Duration Wait(const End& end, std::optional<absl::Duration> time_up);
  void CountSession();
  void Refresh(absl::Time now);
  absl::Time NextTime() const;
  // Of attempt_; null when there is none.
  Session* session() const;

  const Parts parts_;
  TunnelConfig* const config_;
  ReconnectPolicy policy_;
  AddressOrder order_;
  std::unique_ptr<TunnelDevice> device_;
  std::unique_ptr<Attempt> attempt_;
  std::optional<End> end_;  // of attempt_, which is deleted outside its calls
  std::optional<absl::Time> up_since_;  // of attempt_
  absl::Status device_status_;          // why its address was not applied
  absl::Status lost_device_;  // not OK: there is no interface any more
  absl::Time next_begin_ = absl::InfiniteFuture();
  absl::Time next_refresh_ = absl::InfinitePast();
  bool stopping_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TUNNEL_CLIENT_H_
