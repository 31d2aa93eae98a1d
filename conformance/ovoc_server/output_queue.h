// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_OUTPUT_QUEUE_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_OUTPUT_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::conformance {

// Writing says whether a queued piece may be joined with others when it is
// written.
enum class Writing {
  kAlone,     // one write, so one TLS record, for itself
  kTogether,  // in one write with neighbours that are kTogether as well
};

// OutputQueue has what one connection still has to send, up to a limit. It
// takes memory when it needs it, at most four times the limit while the vector
// grows, and gives all but 64 KiB back when the queue runs empty.
class OutputQueue {
 public:
  explicit OutputQueue(size_t capacity) : capacity_(capacity) {}

  size_t size() const { return bytes_.size() - begin_; }
  bool empty() const { return size() == 0; }
  size_t room() const { return capacity_ - size(); }

  // Queues `head` followed by `rest` as one piece. If there is not enough room,
  // it queues nothing and returns false.
  bool Add(absl::Span<const uint8_t> head, absl::Span<const uint8_t> rest,
           Writing writing);

  // What the next write should contain, or the rest of it; empty if there is
  // nothing. It only grows until all of it is written. Valid until the next
  // call.
  absl::Span<const uint8_t> NextWrite() const;

  // Drops the first `count` bytes, which must be of NextWrite().
  void Wrote(size_t count);

 private:
  struct Unit {
    size_t bytes;
    Writing writing;
  };

  const size_t capacity_;
  std::vector<uint8_t> bytes_;
  size_t begin_ = 0;        // of bytes_; before it all is written
  std::deque<Unit> units_;  // of what is left, in order
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_OUTPUT_QUEUE_H_
