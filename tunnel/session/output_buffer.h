// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_
#define OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"

namespace ovoc::tunnel {

// OutputBuffer is a queue of bytes of fixed capacity that always lies in one
// piece, so that a TLS record can be made of it without gathering.
class OutputBuffer {
 public:
  explicit OutputBuffer(size_t capacity)
      : capacity_(capacity),
        storage_(std::make_unique_for_overwrite<uint8_t[]>(capacity)) {}

  size_t capacity() const { return capacity_; }
  size_t room() const { return capacity_ - (end_ - begin_); }
  bool empty() const { return begin_ == end_; }

  // What is queued, oldest first; valid until the next call.
  absl::Span<const uint8_t> bytes() const {
    return {storage_.get() + begin_, end_ - begin_};
  }

  // `bytes` writable bytes behind the queue, or an empty span when there is not
  // that much room. Queued by Commit.
  absl::Span<uint8_t> Reserve(size_t bytes);

  // Queues the first `bytes` of what Reserve gave last.
  void Commit(size_t bytes);

  // Drops the newest, but for the oldest `bytes`.
  void Truncate(size_t bytes);

  // Drops the oldest `bytes`, at most all.
  void Consume(size_t bytes);

  // Consume, and overwrites the dropped bytes with zeros: for credentials.
  void ConsumeAndWipe(size_t bytes);

 private:
  const size_t capacity_;
  // Not zeroed: what is never used takes no memory.
  const std::unique_ptr<uint8_t[]> storage_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_
