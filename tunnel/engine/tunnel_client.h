// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ENGINE_TUNNEL_CLIENT_H_
#define OVOC_TUNNEL_ENGINE_TUNNEL_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/engine/tunnel_device.h"
#include "tunnel/report/reporter.h"
#include "tunnel/retry/reconnect_policy.h"
#include "tunnel/retry/server_choice.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/settings/tuning.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/address_order.h"

namespace ovoc::tunnel {

// TunnelClient keeps the tunnel up until it is stopped. It makes one attempt
// after another, each to the server that ServerChoice says, and the device and
// its address stay in between. It runs in the worker, and asks the keeper for
// what needs privilege or files.
class TunnelClient : private Attempt::Observer,
                     private Session::Sink,
                     private TunnelDevice::PacketTaker {
 public:
  // Opens the TUN device that the settings name. Its packets go to the given
  // taker.
  using DeviceFactory =
      std::function<absl::StatusOr<std::unique_ptr<TunnelDevice>>(
          const Settings&, TunnelDevice::PacketTaker*)>;
  // Reads again what can change without the settings (RefreshSurroundings).
  using LookAround = std::function<void(TunnelConfig*)>;

  struct Parts {
    EventLoop* loop;
    Reporter* reporter;
    Session::RandomBytes random;
    DeviceFactory open_device;
    LookAround look_around;
    // The longest time between two calls of the reporter's sink. They are a
    // sign of life and carry the counters.
    absl::Duration refresh_period = absl::Seconds(5);
  };

  // `config` must outlive the client.
  TunnelClient(Parts parts, TunnelConfig* config);
  TunnelClient(const TunnelClient&) = delete;
  TunnelClient& operator=(const TunnelClient&) = delete;

  // Runs until Stop. An error says why there is no interface, or is Internal.
  absl::Status Run();

  // Closes the tunnel in order and makes Run return. `why` is for the log.
  void Stop(absl::string_view why = "");

  // Adopts other times. The tunnel stays up.
  void Tune(const Tuning& tuning);

 private:
  // Attempt::Observer.
  void OnHop(const Hop& hop, const absl::Status& why) override;
  void OnResolving() override;
  void OnQuestion(const SocketRequest& request) override;
  void OnResolved(absl::Span<const netif::IpAddress> addresses) override;
  void OnConnecting(const netif::IpAddress& address) override;
  void OnConnected(const netif::IpAddress& address,
                   absl::Duration took) override;
  void OnProxyOpen() override;
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
  // Returns when the next attempt begins, and logs it unless that is now.
  absl::Time NextBegin(const End& end, std::optional<absl::Duration> time_up,
                       absl::Time now);
  // How long the server has said that it wants to be left alone.
  std::optional<absl::Duration> Told(const End& end);
  // Whether the server has an address that was not tried in vain.
  ServerChoice::Left LeftOfServer(std::optional<absl::Duration> time_up) const;
  void CountSession();
  void Refresh(absl::Time now);
  absl::Time NextTime() const;
  // The session of attempt_, or null if there is none.
  Session* session() const;

  const Parts parts_;
  TunnelConfig* const config_;
  ReconnectPolicy policy_;
  ServerChoice choice_;
  std::vector<AddressOrder> orders_;  // of each server
  std::unique_ptr<TunnelDevice> device_;
  std::unique_ptr<Attempt> attempt_;
  Hop hop_;                 // of attempt_
  std::optional<End> end_;  // of attempt_, which is deleted outside its calls
  std::optional<absl::Time> up_since_;  // of attempt_
  absl::Status device_status_;          // why its address was not applied
  absl::Status lost_device_;  // not OK: there is no interface any more
  absl::Time next_begin_ = absl::InfiniteFuture();
  absl::Time next_refresh_ = absl::InfinitePast();
  bool stopping_ = false;
  std::string stop_why_;  // of stopping_
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ENGINE_TUNNEL_CLIENT_H_
