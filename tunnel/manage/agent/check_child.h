// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_CHECK_CHILD_H_
#define OVOC_TUNNEL_MANAGE_AGENT_CHECK_CHILD_H_

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// CheckChild is a `client --check --json` that runs beside the agent. It is
// ended when the object is destroyed.
class CheckChild {
 public:
  struct Options {
    std::string client;    // the program
    std::string settings;  // the file; removed at the end
    std::function<void(absl::string_view line)> on_line;  // without its end
    // The exit code; -1: a signal ended it. May destroy the object.
    std::function<void(int exit_code)> on_end;
  };

  // `loop` must outlive the object.
  static absl::StatusOr<std::unique_ptr<CheckChild>> Start(EventLoop* loop,
                                                           Options options);
  ~CheckChild();
  CheckChild(const CheckChild&) = delete;
  CheckChild& operator=(const CheckChild&) = delete;

 private:
  CheckChild(EventLoop* loop, Options options, pid_t pid,
             netif::UniqueFd output)
      : loop_(loop),
        options_(std::move(options)),
        pid_(pid),
        output_(std::move(output)) {}

  void OnReadable();
  void GiveLines();
  // Waits for the child, which has closed its output, and returns its code.
  int Reap();

  EventLoop* const loop_;
  const Options options_;
  pid_t pid_;  // 0: ended
  netif::UniqueFd output_;
  std::string rest_;  // of a line
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_CHECK_CHILD_H_
