// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_
#define OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"

namespace ovoc::tunnel {

// OutputBuffer is a queue of bytes with a fixed capacity. Its content is always
// in one piece, so that a TLS record can be made from it without gathering.
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

  // Returns `bytes` writable bytes after the queue, or an empty span if there
  // is not enough room. Commit queues them.
  absl::Span<uint8_t> Reserve(size_t bytes);

  // Queues the first `bytes` of what Reserve returned last.
  void Commit(size_t bytes);

  // Drops all but the oldest `bytes`.
  void Truncate(size_t bytes);

  // Drops the oldest `bytes`, at most all.
  void Consume(size_t bytes);

  // Like Consume, but overwrites the dropped bytes with zeros; for credentials.
  void ConsumeAndWipe(size_t bytes);

 private:
  const size_t capacity_;
  // It is not zeroed, so that bytes that are never used take no memory.
  const std::unique_ptr<uint8_t[]> storage_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_OUTPUT_BUFFER_H_
