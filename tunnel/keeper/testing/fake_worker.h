// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_TESTING_FAKE_WORKER_H_
#define OVOC_TUNNEL_KEEPER_TESTING_FAKE_WORKER_H_

#include <signal.h>
#include <sys/eventfd.h>

#include <optional>
#include <string>
#include <utility>

#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/keeper/worker_process.h"

namespace ovoc::tunnel {

// Wait statuses, as waitpid(2) gives them.
inline constexpr int kKilled = SIGKILL;
inline int Exited(int code) { return code << 8; }
inline int Exited(ExitCode code) { return Exited(static_cast<int>(code)); }

// WorkerView is what the test sees of one worker, also when its keeper has let
// it go.
struct WorkerView {
  Channel end;              // the worker's
  std::string server = {};  // the first of its settings
  size_t place = 0;         // of the server that it begins with
  int tun_fd = -1;
  std::optional<int> wait_status = {};
  bool is_missed = false;   // its end is signalled to nobody
  bool is_undying = false;  // SIGKILL does not end it
  int kills = 0;
  int stops = 0;  // that it was told
};

// FakeWorker is a worker whose code is the test.
class FakeWorker : public WorkerProcess {
 public:
  static constexpr int kPid = 4242;

  FakeWorker(Channel channel, WorkerView* view, int child_event)
      : channel_(std::move(channel)), view_(view), child_event_(child_event) {}

  pid_t pid() const override { return kPid; }
  Channel* channel() override { return &channel_; }
  void Kill() override {
    ++view_->kills;
    if (!view_->wait_status.has_value() && !view_->is_undying) {
      End(view_, child_event_, kKilled);
    }
  }
  std::optional<int> Ended() override { return view_->wait_status; }

  // The kernel's part: closes what it had open and signals its parent.
  static void End(WorkerView* view, int child_event, int wait_status) {
    view->wait_status = wait_status;
    view->end = Channel(netif::UniqueFd());
    if (!view->is_missed) {
      eventfd_write(child_event, 1);
    }
  }

 private:
  Channel channel_;
  WorkerView* const view_;
  const int child_event_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_TESTING_FAKE_WORKER_H_
