// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_KEEPER_LINK_H_
#define OVOC_TUNNEL_KEEPER_KEEPER_LINK_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/progress/progress.h"
#include "tunnel/report/log.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/settings/tuning.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/signer.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

// How long the worker waits for an answer. The keeper answers at once, so if it
// takes longer it is stopped or hangs, and the tunnel cannot go on.
inline constexpr absl::Duration kKeeperPatience = absl::Seconds(10);

// KeeperLink is the worker's view of its keeper, which does for it what needs
// privileges or files. A request waits for its answer, at most `patience`. Log
// lines and progress have no answer and never wait; they are dropped if the
// channel has no room. If the keeper is gone, or answers wrongly or too late,
// the process ends. It first sends its last word if there is room.
class KeeperLink : public ProgressSink, public SocketMaker, public Signer {
 public:
  using OnStop = std::function<void(absl::string_view why)>;

  // `on_stop` is called from the loop, with the reason for people, when the
  // keeper asks for the tunnel to be closed. `on_tune` is called when settings
  // have changed that the worker can adopt while the tunnel stays up. Call
  // Create before the process is confined, because it sets the channel's time
  // limits.
  static absl::StatusOr<std::unique_ptr<KeeperLink>> Create(
      EventLoop* loop, Channel channel, OnStop on_stop,
      std::function<void(const Tuning&)> on_tune,
      absl::Duration patience = kKeeperPatience);

  ~KeeperLink() override { loop_->Unwatch(channel_.fd()); }

  void Ready(const SandboxReport& sandbox);
  // Tells the keeper why the process is about to end.
  void SayWhy(absl::string_view detail);
  // Returns false if there is no room for the line.
  [[nodiscard]] bool Log(LogLevel level, absl::string_view text);
  void OnProgress(const Progress& progress) override;
  // What the channel has no room for is told before the next progress.
  void OnSecured(const ServerIdentity& server) override;

  // Does what RefreshSurroundings does, by asking the keeper. Of the servers,
  // the keeper tells the addresses of the one that `config` is to, and of the
  // proxy.
  void LookAround(TunnelConfig* config);

  // Returns the value of the Authorization field for the next request, or of
  // Proxy-Authorization. Ask only for a login that the settings have.
  auth::Secret Authorization(LoginOf whose = LoginOf::kServer);

  // SocketMaker. The keeper makes the socket. Ask only for what the settings
  // allow (see RuledSocketMaker), or the keeper ends this process.
  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override;

  // Signer. The keeper has the key.
  absl::StatusOr<std::string> Sign(const SignatureRequest& request) override;

  // Asks the keeper to give the device its overlay address. The keeper knows
  // the device and its MTU. The errors are those of
  // netif::InterfaceConfig::Configure.
  absl::Status SetAddress(const netif::Overlay& overlay);

 private:
  KeeperLink(EventLoop* loop, Channel channel, OnStop on_stop,
             std::function<void(const Tuning&)> on_tune)
      : loop_(loop),
        channel_(std::move(channel)),
        on_stop_(std::move(on_stop)),
        on_tune_(std::move(on_tune)) {}

  void OnEvents();
  // Keeps a message that is not an answer, for Deliver.
  void Note(const KeeperMessage& message);
  void Deliver();
  bool Tell(const WorkerMessage& message);
  void TellServer();
  [[noreturn]] void End(absl::string_view why);
  template <typename Answer>
  Answer Ask(const WorkerMessage& question);

  EventLoop* const loop_;
  Channel channel_;
  const OnStop on_stop_;
  const std::function<void(const Tuning&)> on_tune_;
  // What Deliver still has to pass on.
  std::optional<std::string> stop_seen_;  // why
  std::optional<Tuning> tuning_seen_;
  std::optional<ServerIdentity> untold_server_;
};

// LinkSink passes log lines on to the keeper.
class LinkSink : public LogSink {
 public:
  explicit LinkSink(KeeperLink* link) : link_(link) {}
  bool Write(LogLevel level, absl::Time /*wall*/,
             absl::string_view text) override {
    return link_->Log(level, text);
  }

 private:
  KeeperLink* const link_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_KEEPER_LINK_H_
