// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

Transport::Transport(TransportBase base) : base_(std::move(base)) {
  LimitUnsent();
}

Transport* Transport::below() const {
  const auto* const below = std::get_if<std::unique_ptr<Transport>>(&base_);
  return below == nullptr ? nullptr : below->get();
}

int Transport::fd() const {
  return below() != nullptr ? below()->fd()
                            : std::get<netif::UniqueFd>(base_).get();
}

// What is no TCP socket, as in tests, has no such limit.
void Transport::LimitUnsent() {
  const int bytes = static_cast<int>(window_.bytes());
  (void)setsockopt(fd(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof(bytes));
}

// Linux looks at TCP_NOTSENT_LOWAT only when it begins a new buffer, which
// takes up to 64 KiB else: each send has one of its own.
int Transport::window_flags() const {
  return window_.bytes() < SendWindow::kMaxBytes ? MSG_EOR : 0;
}

IoResult Transport::Fail(absl::Status status) {
  if (status_.ok()) {
    status_ = std::move(status);
  }
  return IoResult::kFailed;
}

// EPIPE: the reset came between two of our writes.
IoResult Transport::FailSocket(int error, const char* step) {
  const absl::Status status = absl::ErrnoToStatus(error, step);
  return Fail(error == ECONNRESET || error == EPIPE
                  ? absl::AbortedError(status.message())
                  : absl::UnavailableError(status.message()));
}

IoResult Transport::Replace(absl::Status status) {
  status_ = std::move(status);
  return IoResult::kFailed;
}

IoResult Transport::WriteAll(
    absl::FunctionRef<absl::Span<const uint8_t>()> pending,
    absl::FunctionRef<void(size_t)> taken) {
  IoResult result = Flush();  // what was taken before
  while (result == IoResult::kDone && !pending().empty()) {
    size_t count = 0;
    result = Write(pending(), &count);
    if (result == IoResult::kDone) {
      taken(count);
    }
  }
  if (result == IoResult::kDone) {
    result = Flush();
  }
  const size_t sent = std::exchange(sent_bytes_, 0);
  const bool is_full = result == IoResult::kWouldBlock;
  if ((sent > 0 || is_full) && window_.OnSent(sent, is_full, MonotonicNow())) {
    LimitUnsent();
  }
  return result;
}

IoResult PlainTransport::Read(absl::Span<uint8_t> out, size_t* count) {
  *count = 0;
  if (!status().ok()) {
    return IoResult::kFailed;  // the kernel tells of a reset only once
  }
  const ssize_t result = recv(fd(), out.data(), out.size(), 0);
  if (result > 0) {
    *count = static_cast<size_t>(result);
    return IoResult::kDone;
  }
  if (result == 0) {
    return IoResult::kClosed;
  }
  if (errno == EAGAIN || errno == EINTR) {
    return IoResult::kWouldBlock;
  }
  return FailSocket(errno, "read");
}

IoResult PlainTransport::Write(absl::Span<const uint8_t> in, size_t* count) {
  *count = 0;
  if (!status().ok()) {
    return IoResult::kFailed;
  }
  in = in.subspan(0, window_bytes());
  const ssize_t result =
      send(fd(), in.data(), in.size(), MSG_NOSIGNAL | window_flags());
  if (result >= 0) {
    *count = static_cast<size_t>(result);
    CountSent(*count);
    return IoResult::kDone;
  }
  if (errno == EAGAIN || errno == EINTR) {
    return IoResult::kWouldBlock;
  }
  return FailSocket(errno, "write");
}

void PlainTransport::Shutdown() { shutdown(fd(), SHUT_WR); }

}  // namespace ovoc::tunnel
