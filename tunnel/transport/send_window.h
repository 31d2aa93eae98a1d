// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_SEND_WINDOW_H_
#define OVOC_TUNNEL_TRANSPORT_SEND_WINDOW_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// SendWindow says how many bytes to give away ahead of the network: to TLS,
// whose records cannot be overtaken, and to the kernel unsent
// (TCP_NOTSENT_LOWAT). Few milliseconds' worth is enough to keep a path busy,
// and a ping behind it waits no longer than that; on a slow path it is little,
// on a fast one as much as it takes to send many records with one call.
//
// It grows with what leaves in a time, and is cut where a socket that was full
// all the while took too long. It has no clock of its own.
class SendWindow {
 public:
  static constexpr size_t kMinBytes = 4096;
  static constexpr size_t kStartBytes = 16384;
  static constexpr size_t kMaxBytes = 131072;

  size_t bytes() const { return bytes_; }

  // The socket took `taken` bytes at `now`; `is_full`: and takes no more for
  // now. True: bytes() has changed.
  bool OnSent(size_t taken, bool is_full, absl::Time now);

 private:
  void Judge(absl::Duration elapsed);

  size_t bytes_ = kStartBytes;
  // Of a measurement: when it began, whether the socket was full then and ever
  // since, and what it has taken.
  absl::Time since_ = absl::InfinitePast();
  bool always_full_ = false;
  size_t taken_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_SEND_WINDOW_H_
