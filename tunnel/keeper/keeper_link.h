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
#include "netif/overlay.h"
#include "netif/unique_fd.h"
#include "tunnel/event_loop.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/progress.h"
#include "tunnel/report/log.h"
#include "tunnel/settings/tuning.h"
#include "tunnel/transport/signer.h"
#include "tunnel/transport/socket_maker.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// How long the worker waits for its keeper, which answers at once: one that
// does not is stopped or hangs, and the tunnel is over anyway.
inline constexpr absl::Duration kKeeperPatience = absl::Seconds(10);

// KeeperLink is the worker's view of its keeper: what a process without
// privileges and files has it do. Requests wait for their answer, for so long
// as `patience` says; what is only told (log lines, progress) never waits: what
// the channel has no room for is dropped. A keeper that is gone, that answers
// wrongly or too late ends the process, with its last word where there is room
// for one.
class KeeperLink : public ProgressSink, public SocketMaker, public Signer {
 public:
  // `on_stop` is called from the loop when the keeper wants the tunnel closed,
  // `on_tune` when settings have changed that need no other tunnel. Before the
  // process is confined: it sets the channel's time limits.
  static absl::StatusOr<std::unique_ptr<KeeperLink>> Create(
      EventLoop* loop, Channel channel, std::function<void()> on_stop,
      std::function<void(const Tuning&)> on_tune,
      absl::Duration patience = kKeeperPatience);

  ~KeeperLink() override { loop_->Unwatch(channel_.fd()); }

  void Ready(const SandboxReport& sandbox);
  // Why the process is about to end.
  void SayWhy(absl::string_view detail);
  // False when there is no room for it.
  [[nodiscard]] bool Log(LogLevel level, absl::string_view text);
  void OnProgress(const Progress& progress) override;

  // See RefreshSurroundings.
  void LookAround(TunnelConfig* config);

  // The value of the Authorization field, for the request that is to be sent.
  auth::Secret Authorization();

  // SocketMaker: the keeper makes it. What the settings do not allow must not
  // be asked for (see RuledSocketMaker): the keeper would end this process.
  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override;

  // Signer: the keeper has the key.
  absl::StatusOr<std::string> Sign(const SignatureRequest& request) override;

  // Has the keeper give the device its overlay address. The keeper knows the
  // device and its MTU. Errors as of netif::InterfaceConfig::Configure.
  absl::Status SetAddress(const netif::Overlay& overlay);

 private:
  KeeperLink(EventLoop* loop, Channel channel, std::function<void()> on_stop,
             std::function<void(const Tuning&)> on_tune)
      : loop_(loop),
        channel_(std::move(channel)),
        on_stop_(std::move(on_stop)),
        on_tune_(std::move(on_tune)) {}

  void OnEvents();
  // Takes note of what is not an answer.
  void Note(const KeeperMessage& message);
  void Deliver();
  bool Tell(const WorkerMessage& message);
  [[noreturn]] void End(absl::string_view why);
  template <typename Answer>
  Answer Ask(const WorkerMessage& question);

  EventLoop* const loop_;
  Channel channel_;
  const std::function<void()> on_stop_;
  const std::function<void(const Tuning&)> on_tune_;
  // Not delivered yet.
  bool stop_seen_ = false;
  std::optional<Tuning> tuning_seen_;
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
