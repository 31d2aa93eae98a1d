// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/record_buffer.h"

#include <errno.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/types/span.h"

namespace ovoc::tunnel {
namespace {

// Of a long record what is missing is received straight into BoringSSL's own
// buffer, with little beyond: the start of the next one.
constexpr size_t kLongBytes = 8192;
constexpr size_t kLookaheadBytes = 512;

bool IsForLater(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

RecordBuffer::RecordBuffer(std::unique_ptr<ByteCarrier> carrier)
    : carrier_(std::move(carrier)),
      out_(std::make_unique_for_overwrite<uint8_t[]>(kOutputBytes)),
      in_(std::make_unique_for_overwrite<uint8_t[]>(kInputBytes)) {}

void RecordBuffer::Connect(SSL* ssl) {
  BIO* const bio = Method() == nullptr ? nullptr : BIO_new(Method());
  if (bio != nullptr) {
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);  // takes the one reference
  }
}

// One for all; it lives as long as the program, as BoringSSL's own do.
const BIO_METHOD* RecordBuffer::Method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "records");
    if (made != nullptr) {
      BIO_meth_set_write(made, Write);
      BIO_meth_set_read(made, Read);
      BIO_meth_set_ctrl(made, Control);
    }
    return made;
  }();
  return method;
}

int RecordBuffer::Write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  auto* const buffer = static_cast<RecordBuffer*>(BIO_get_data(bio));
  const int result = buffer->Put(reinterpret_cast<const uint8_t*>(data),
                                 static_cast<size_t>(std::max(size, 0)));
  if (result < 0 && IsForLater(errno)) {
    BIO_set_retry_write(bio);
  }
  return result;
}

int RecordBuffer::Read(BIO* bio, char* out, int size) {
  BIO_clear_retry_flags(bio);
  auto* const buffer = static_cast<RecordBuffer*>(BIO_get_data(bio));
  const int result = buffer->Take(reinterpret_cast<uint8_t*>(out),
                                  static_cast<size_t>(std::max(size, 0)));
  if (result < 0 && IsForLater(errno)) {
    BIO_set_retry_read(bio);
  }
  return result;
}

long RecordBuffer::Control(BIO* bio, int command, long /*number*/,
                           void* /*pointer*/) {
  if (command != BIO_CTRL_FLUSH) {
    return 0;
  }
  // A flight of the handshake is whole: it goes out before the answer is
  // waited for.
  auto* const buffer = static_cast<RecordBuffer*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!buffer->Flush()) {
    return -1;
  }
  if (buffer->HasOutput()) {
    BIO_set_retry_write(bio);
    return -1;
  }
  return 1;
}

int RecordBuffer::Put(const uint8_t* data, size_t size) {
  if (out_end_ == kOutputBytes && !Flush()) {  // a long flight of a handshake
    return -1;
  }
  const size_t count = std::min(size, kOutputBytes - out_end_);
  if (count == 0) {
    errno = EAGAIN;
    return -1;
  }
  std::memcpy(out_.get() + out_end_, data, count);
  out_end_ += count;
  return static_cast<int>(count);
}

bool RecordBuffer::Flush(int flags) {
  while (HasOutput()) {
    const ssize_t sent =
        carrier_->Send({out_.get() + out_begin_, output_bytes()}, flags);
    if (sent < 0) {
      return IsForLater(errno);
    }
    out_begin_ += static_cast<size_t>(sent);
  }
  out_begin_ = 0;
  out_end_ = 0;
  return true;
}

int RecordBuffer::Take(uint8_t* out, size_t size) {
  if (allowed_ == 0) {
    held_back_ = true;
    errno = EAGAIN;
    return -1;
  }
  const size_t wanted = std::min(size, allowed_);
  const int taken =
      in_begin_ < in_end_ ? Copy(out, wanted) : Receive(out, wanted);
  allowed_ -= static_cast<size_t>(std::max(taken, 0));
  return taken;
}

int RecordBuffer::Copy(uint8_t* out, size_t size) {
  const size_t count = std::min(size, in_end_ - in_begin_);
  std::memcpy(out, in_.get() + in_begin_, count);
  in_begin_ += count;
  return static_cast<int>(count);
}

int RecordBuffer::Receive(uint8_t* out, size_t size) {
  in_begin_ = 0;
  in_end_ = 0;
  const ssize_t received = carrier_->Receive(
      {out, size},
      {in_.get(), size >= kLongBytes ? kLookaheadBytes : kInputBytes});
  if (received <= 0) {
    held_back_ = received < 0 && IsForLater(errno) && carrier_->HasInput();
    return static_cast<int>(received);
  }
  const size_t count = std::min(static_cast<size_t>(received), size);
  in_end_ = static_cast<size_t>(received) - count;
  return static_cast<int>(count);
}

}  // namespace ovoc::tunnel
