// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/output_buffer.h"

#include <algorithm>
#include <cstring>

#include "openssl/mem.h"

namespace ovoc::tunnel {

absl::Span<uint8_t> OutputBuffer::Reserve(size_t bytes) {
  if (bytes > room()) {
    return {};
  }
  if (bytes > capacity_ - end_) {
    std::memmove(storage_.get(), storage_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return {storage_.get() + end_, bytes};
}

void OutputBuffer::Commit(size_t bytes) {
  end_ += std::min(bytes, capacity_ - end_);
}

void OutputBuffer::Truncate(size_t bytes) {
  end_ = begin_ + std::min(bytes, end_ - begin_);
  Consume(0);
}

void OutputBuffer::Consume(size_t bytes) {
  begin_ += std::min(bytes, end_ - begin_);
  if (begin_ == end_) {
    begin_ = 0;
    end_ = 0;
  }
}

void OutputBuffer::ConsumeAndWipe(size_t bytes) {
  OPENSSL_cleanse(storage_.get() + begin_, std::min(bytes, end_ - begin_));
  Consume(bytes);
}

}  // namespace ovoc::tunnel
