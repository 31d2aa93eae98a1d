// SPDX-License-Identifier: Apache-2.0
//
// A Transport whose other end is the test.

#ifndef OVOC_TUNNEL_TRANSPORT_TESTING_FAKE_TRANSPORT_H_
#define OVOC_TUNNEL_TRANSPORT_TESTING_FAKE_TRANSPORT_H_

#include <sys/eventfd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// FakeTransport plays a script: what the handshake comes to, what the peer
// sends and how it ends, how much the socket takes. fd() is an eventfd: it can
// be polled, is readable once Wake was called, and always writable.
class FakeTransport : public Transport {
 public:
  FakeTransport()
      : Transport(netif::UniqueFd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {}

  // What the next calls of Handshake return; kDone when there is no more.
  // `status` is why kFailed.
  void ScriptHandshake(IoResult result, absl::Status status = {}) {
    handshakes_.push_back({result, std::move(status)});
  }
  void SetWantsWrite(bool wants) { wants_write_ = wants; }
  void SetHasInput(bool has) { has_input_ = has; }

  // While it holds back, what Write takes waits for Flush, which would block.
  void HoldBack(bool holds) { holds_back_ = holds; }

  // The peer sends one piece, which one Read gives.
  void PeerSends(absl::string_view bytes) {
    reads_.emplace_back(bytes);
    Wake();
  }

  // The next calls of Read take so long, as processing does on a slow device.
  void SetReadTime(absl::Duration time) { read_time_ = time; }

  // What Read returns once everything was read: kMore, kClosed or kFailed.
  void PeerEnds(IoResult result, absl::Status status = {}) {
    end_ = {result, std::move(status)};
    Wake();
  }

  // Write takes this many bytes more, then would block; at most `largest` in
  // one call.
  void SetRoom(size_t bytes, size_t largest = SIZE_MAX) {
    room_ = bytes;
    largest_write_ = largest;
  }
  void FailWrites(absl::Status status) { write_error_ = std::move(status); }

  // Makes fd() readable, until everything was read.
  void Wake() { eventfd_write(fd(), 1); }

  std::string TakeWritten() { return std::exchange(written_, {}); }
  int handshakes() const { return handshake_calls_; }
  int writes() const { return write_calls_; }
  int shutdowns() const { return shutdowns_; }

  IoResult Handshake() override {
    ++handshake_calls_;
    if (handshakes_.empty()) {
      return IoResult::kDone;
    }
    const Step step = handshakes_.front();
    handshakes_.pop_front();
    return step.result == IoResult::kFailed ? Fail(step.status) : step.result;
  }

  IoResult Read(absl::Span<uint8_t> out, size_t* count) override {
    *count = 0;
    absl::SleepFor(read_time_);
    if (reads_.empty()) {
      eventfd_t value = 0;
      eventfd_read(fd(), &value);
      return end_.result == IoResult::kFailed ? Fail(end_.status) : end_.result;
    }
    std::string& piece = reads_.front();
    *count = std::min(piece.size(), out.size());
    std::copy_n(piece.begin(), *count, out.begin());
    piece.erase(0, *count);
    if (piece.empty()) {
      reads_.pop_front();
    }
    return IoResult::kDone;
  }

  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override {
    *count = 0;
    ++write_calls_;
    if (!write_error_.ok()) {
      return Fail(write_error_);
    }
    *count = std::min({in.size(), room_, largest_write_});
    if (*count == 0) {
      return IoResult::kWouldBlock;
    }
    room_ -= *count;
    (holds_back_ ? held_ : written_).append(in.begin(), in.begin() + *count);
    return IoResult::kDone;
  }

  IoResult Flush() override {
    if (holds_back_ && !held_.empty()) {
      return IoResult::kWouldBlock;
    }
    written_ += std::exchange(held_, {});
    return IoResult::kDone;
  }
  bool HasOutput() const override { return !held_.empty(); }

  void Shutdown() override { ++shutdowns_; }
  bool WantsWrite() const override { return wants_write_; }
  bool HasInput() const override { return has_input_; }

 private:
  struct Step {
    IoResult result;
    absl::Status status;
  };

  std::deque<Step> handshakes_;
  std::deque<std::string> reads_;
  absl::Duration read_time_ = absl::ZeroDuration();
  Step end_ = {IoResult::kWouldBlock, absl::OkStatus()};
  size_t room_ = SIZE_MAX;
  size_t largest_write_ = SIZE_MAX;
  absl::Status write_error_;
  std::string written_;
  bool wants_write_ = false;
  bool has_input_ = false;
  bool holds_back_ = false;
  std::string held_;
  int handshake_calls_ = 0;
  int write_calls_ = 0;
  int shutdowns_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TESTING_FAKE_TRANSPORT_H_
