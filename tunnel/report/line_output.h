// SPDX-License-Identifier: Apache-2.0
//
// Lines for a reader that may have stopped to read.

#ifndef OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_
#define OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "netif/unique_fd.h"

namespace ovoc::tunnel {

// LineOutput writes whole lines to a descriptor and never waits for whoever
// reads them: a journal that hangs, a pager that is stopped, a terminal after
// Ctrl-S. What cannot be written at once is not written.
//
// How depends on what the descriptor is:
//   - pipe, terminal: a file description of our own, without waiting, takes its
//     place in this process (/proc/self/fd). O_NONBLOCK on the one that was
//     inherited would change the writes of every program that shares it.
//   - socket: send(2) with MSG_DONTWAIT
//   - regular file: write(2), whose reader is a disk. A file system that hangs
//     is not guarded against.
//   - a pipe or terminal that cannot be opened again: it is asked each time
//     whether it has room (epoll(7)), which another writer can make wrong.
// Made before the process gives up its root folder. The program ignores
// SIGPIPE and, for a terminal, SIGTTOU.
class LineOutput {
 public:
  // The descriptor stays the caller's. -1 takes no line.
  explicit LineOutput(int fd);
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // Whether the line, its end included, is taken. One that was not is lost; of
  // one that was taken the last part may have to wait for the next call.
  bool Write(absl::string_view line);

 private:
  enum class Way {
    kWrite,  // never waits
    kSend,   // a socket
    kAsk,    // only when there is room
  };

  bool Reopen();
  bool HasRoom() const;
  // How many bytes were taken.
  size_t Put(absl::string_view bytes);
  size_t PutOnce(absl::string_view bytes);

  const int fd_;
  Way way_ = Way::kWrite;
  netif::UniqueFd room_;  // epoll, kAsk
  std::string rest_;      // of a line that was cut
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_
