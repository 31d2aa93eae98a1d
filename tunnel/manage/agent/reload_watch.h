// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_RELOAD_WATCH_H_
#define OVOC_TUNNEL_MANAGE_AGENT_RELOAD_WATCH_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "tunnel/manage/agent/reload_outcome.h"

namespace ovoc::tunnel {

// How often the status file is looked at, and for how long. An attempt that a
// dead path holds up has failed by then.
inline constexpr absl::Duration kReloadLook = absl::Milliseconds(200);
inline constexpr absl::Duration kReloadPatience = absl::Seconds(30);

// ReloadWatch has the client read its settings again, and looks at its status
// file until it is known what came of it.
class ReloadWatch {
 public:
  // What is known in the end. Without a client there is no outcome, and
  // `detail` says why.
  struct Report {
    std::string client;  // "none", or the word of the outcome
    std::string detail;
  };

  // `status_file` is the client's.
  explicit ReloadWatch(std::string status_file)
      : status_file_(std::move(status_file)) {}

  // Sends the signal. Returns the report if there is no client to wait for.
  std::optional<Report> Start(absl::Time monotonic);

  absl::Time NextTime() const { return next_; }
  // Returns the report when it is known, or when kReloadPatience is over.
  std::optional<Report> OnTime(absl::Time monotonic);

 private:
  const std::string status_file_;
  absl::Time sent_;  // by the device's clock
  absl::Time end_;
  absl::Time next_ = absl::InfiniteFuture();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_RELOAD_WATCH_H_
