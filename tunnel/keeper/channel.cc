// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/channel.h"

#include <errno.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <variant>

#include "openssl/mem.h"

namespace ovoc::tunnel {
namespace {

int Flags(Channel::Wait wait) {
  return wait == Channel::Wait::kYes ? 0 : MSG_DONTWAIT;
}

// A datagram with room for one descriptor beside it (unix(7), SCM_RIGHTS).
struct Envelope {
  explicit Envelope(MessageBytes* bytes)
      : content{bytes->data(), bytes->size()} {
    header.msg_iov = &content;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Envelope(const Envelope&) = delete;
  Envelope& operator=(const Envelope&) = delete;

  iovec content;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  msghdr header = {};
};

ssize_t SendWith(int fd, int passed, MessageBytes* bytes, int flags) {
  Envelope envelope(bytes);
  cmsghdr* const item = CMSG_FIRSTHDR(&envelope.header);
  item->cmsg_level = SOL_SOCKET;
  item->cmsg_type = SCM_RIGHTS;
  item->cmsg_len = CMSG_LEN(sizeof(passed));
  std::memcpy(CMSG_DATA(item), &passed, sizeof(passed));
  return sendmsg(fd, &envelope.header, flags);
}

ssize_t ReceiveWith(int fd, netif::UniqueFd* passed, MessageBytes* bytes,
                    int flags) {
  Envelope envelope(bytes);
  const ssize_t size = recvmsg(fd, &envelope.header, flags | MSG_CMSG_CLOEXEC);
  const cmsghdr* const item =
      size < 0 ? nullptr : CMSG_FIRSTHDR(&envelope.header);
  if (item != nullptr && item->cmsg_level == SOL_SOCKET &&
      item->cmsg_type == SCM_RIGHTS &&
      item->cmsg_len == CMSG_LEN(sizeof(int))) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(item), sizeof(received));
    passed->Reset(received);
  }
  return size;
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

int Channel::PassedSocket(const KeeperMessage& message) {
  const auto* const made = std::get_if<SocketMade>(&message);
  return made == nullptr ? -1 : made->socket.get();
}

absl::Status Channel::SendBytes(Wait wait, int passed) {
  const int flags = Flags(wait) | MSG_NOSIGNAL;
  ssize_t sent = 0;
  do {
    sent = passed < 0 ? send(fd_.get(), bytes_.data(), bytes_.size(), flags)
                      : SendWith(fd_.get(), passed, &bytes_, flags);
  } while (sent < 0 && errno == EINTR);
  const int error = errno;
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  if (sent >= 0) {
    return absl::OkStatus();
  }
  return error == EAGAIN
             ? absl::ResourceExhaustedError("there is no room to send")
             : absl::UnavailableError("the other end is gone");
}

absl::StatusOr<absl::Span<const uint8_t>> Channel::ReceiveBytes(
    Wait wait, netif::UniqueFd* passed) {
  // MSG_TRUNC: the real length, so that a longer datagram is noticed.
  const int flags = Flags(wait) | MSG_TRUNC;
  ssize_t size = 0;
  do {
    size = passed == nullptr
               ? recv(fd_.get(), bytes_.data(), bytes_.size(), flags)
               : ReceiveWith(fd_.get(), passed, &bytes_, flags);
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
    return absl::InvalidArgumentError("the message is too long");
  }
  return absl::MakeConstSpan(bytes_).first(static_cast<size_t>(size));
}

absl::StatusOr<WorkerMessage> Channel::ReceiveFromWorker(Wait wait) {
  const absl::StatusOr<absl::Span<const uint8_t>> bytes =
      ReceiveBytes(wait, nullptr);
  absl::StatusOr<WorkerMessage> message =
      bytes.ok() ? DecodeWorkerMessage(*bytes)
                 : absl::StatusOr<WorkerMessage>(bytes.status());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  return message;
}

absl::StatusOr<KeeperMessage> Channel::ReceiveFromKeeper(Wait wait) {
  netif::UniqueFd passed;
  const absl::StatusOr<absl::Span<const uint8_t>> bytes =
      ReceiveBytes(wait, &passed);
  absl::StatusOr<KeeperMessage> message =
      bytes.ok() ? DecodeKeeperMessage(*bytes)
                 : absl::StatusOr<KeeperMessage>(bytes.status());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());  // it may be the Authorization
  if (!message.ok() || !passed.valid()) {
    return message;
  }
  if (auto* const made = std::get_if<SocketMade>(&*message);
      made != nullptr && made->result.ok()) {
    made->socket = std::move(passed);
    return message;
  }
  return absl::InvalidArgumentError(
      "a descriptor came with a message that must not have one");
}

}  // namespace ovoc::tunnel
