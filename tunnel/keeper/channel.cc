// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/channel.h"

#include <errno.h>
#include <sys/socket.h>

#include <array>

#include "openssl/mem.h"

namespace ovoc::tunnel {
namespace {

int Flags(Channel::Wait wait) {
  return wait == Channel::Wait::kYes ? 0 : MSG_DONTWAIT;
}

}  // namespace

absl::StatusOr<Channel::Pair> Channel::MakePair() {
  std::array<int, 2> ends = {};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return absl::ErrnoToStatus(errno, "socketpair");
  }
  return Pair{Channel(netif::UniqueFd(ends[0])),
              Channel(netif::UniqueFd(ends[1]))};
}

absl::Status Channel::SendBytes(Wait wait) {
  ssize_t sent = 0;
  do {
    sent = send(fd_.get(), bytes_.data(), bytes_.size(),
                Flags(wait) | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  const int error = errno;
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  if (sent >= 0) {
    return absl::OkStatus();
  }
  return error == EAGAIN ? absl::ResourceExhaustedError("no room to send")
                         : absl::UnavailableError("the other end is gone");
}

absl::StatusOr<absl::Span<const uint8_t>> Channel::ReceiveBytes(Wait wait) {
  ssize_t size = 0;
  do {
    // MSG_TRUNC: the real length, so that a longer datagram is noticed.
    size =
        recv(fd_.get(), bytes_.data(), bytes_.size(), Flags(wait) | MSG_TRUNC);
    // ECONNRESET, once: the other end has left something unread. What it said
    // before is still to come.
  } while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  if (size < 0 && errno == EAGAIN) {
    return absl::NotFoundError("no message");
  }
  if (size <= 0) {
    return absl::UnavailableError("the other end is gone");
  }
  if (static_cast<size_t>(size) > bytes_.size()) {
    return absl::InvalidArgumentError("message longer than any");
  }
  return absl::MakeConstSpan(bytes_).first(static_cast<size_t>(size));
}

absl::StatusOr<WorkerMessage> Channel::ReceiveFromWorker(Wait wait) {
  const absl::StatusOr<absl::Span<const uint8_t>> bytes = ReceiveBytes(wait);
  absl::StatusOr<WorkerMessage> message =
      bytes.ok() ? DecodeWorkerMessage(*bytes)
                 : absl::StatusOr<WorkerMessage>(bytes.status());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  return message;
}

absl::StatusOr<KeeperMessage> Channel::ReceiveFromKeeper(Wait wait) {
  const absl::StatusOr<absl::Span<const uint8_t>> bytes = ReceiveBytes(wait);
  absl::StatusOr<KeeperMessage> message =
      bytes.ok() ? DecodeKeeperMessage(*bytes)
                 : absl::StatusOr<KeeperMessage>(bytes.status());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());  // it may be the Authorization
  return message;
}

}  // namespace ovoc::tunnel
