// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_SEND_WINDOW_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_SEND_WINDOW_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// SendWindow says how many bytes to hand over in advance: to TLS, whose records
// cannot be overtaken, and to the kernel (unsent: TCP_NOTSENT_LOWAT). What the
// network takes in a few milliseconds is enough to keep a path busy, and a ping
// behind it waits no longer than that. On a slow path this is little; on a fast
// one it is enough to send many records with one call.
//
// It grows with the number of bytes that leave in a given time, and shrinks if
// a socket that was always full took too long. It has no clock of its own.
class SendWindow {
 public:
  static constexpr size_t kMinBytes = 4096;
  static constexpr size_t kStartBytes = 16384;
  static constexpr size_t kMaxBytes = 131072;

  size_t bytes() const { return bytes_; }

  // The socket took `taken` bytes at `now`; if `is_full`, it takes no more for
  // now. True if bytes() has changed.
  bool OnSent(size_t taken, bool is_full, absl::Time now);

 private:
  void Judge(absl::Duration elapsed);

  size_t bytes_ = kStartBytes;
  // For a measurement: when it began, whether the socket has been full all the
  // time since, and how much it has taken.
  absl::Time since_ = absl::InfinitePast();
  bool always_full_ = false;
  size_t taken_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_SEND_WINDOW_H_
