// SPDX-License-Identifier: Apache-2.0
//
// Writes lines to a reader that may have stopped reading.

#ifndef OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_
#define OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {

// LineOutput writes whole lines to a descriptor. It never waits for the reader,
// such as a journal that hangs, a pager that is stopped or a terminal after
// Ctrl-S. A line that cannot be written at once is lost.
//
// How it writes depends on the descriptor:
//   - Pipe or terminal: it is opened again (/proc/self/fd) without blocking.
//     The new file description takes its place in this process. O_NONBLOCK on
//     the inherited one would affect every program that shares it.
//   - Socket: send(2) with MSG_DONTWAIT.
//   - Regular file: write(2). Nothing guards against a file system that hangs.
//   - Pipe or terminal that cannot be opened again: epoll(7) says each time
//     whether there is room. Another writer can take that room first.
// Make it before the process gives up its root folder. The program must ignore
// SIGPIPE and, for a terminal, SIGTTOU.
class LineOutput {
 public:
  // The caller keeps owning the descriptor. With -1 every line is lost.
  explicit LineOutput(int fd);
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // Writes a line, which includes its end. Returns false when the line is lost.
  // The last part of a line may be written by the next call only.
  bool Write(absl::string_view line);

 private:
  enum class Way {
    kWrite,  // never waits
    kSend,   // a socket
    kAsk,    // only when there is room
  };

  bool Reopen();
  bool HasRoom() const;
  // Returns how many bytes were written.
  size_t Put(absl::string_view bytes);
  size_t PutOnce(absl::string_view bytes);

  const int fd_;
  Way way_ = Way::kWrite;
  netif::UniqueFd room_;  // epoll, kAsk
  std::string rest_;      // of a line that was cut
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_LINE_OUTPUT_H_
