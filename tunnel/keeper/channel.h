// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_CHANNEL_H_
#define OVOC_TUNNEL_KEEPER_CHANNEL_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/keeper/messages/message.h"

namespace ovoc::tunnel {

// Channel is one end of the socket pair between keeper and worker (AF_UNIX,
// SOCK_SEQPACKET). No message stays in its memory once it is sent or received.
// The keeper can send a socket along with a message. A worker cannot: the
// kernel closes any descriptor that it sends before the keeper sees it.
class Channel {
 public:
  struct Pair;  // the two ends

  static absl::StatusOr<Pair> MakePair();

  explicit Channel(netif::UniqueFd fd) : fd_(std::move(fd)) {}

  enum class Wait { kNo, kYes };

  // Send sends one message. The keeper does not wait (kNo): it ends a worker
  // that does not read. Unavailable if the other end is gone; ResourceExhausted
  // if there is no room, with kNo.
  template <typename Message>
  [[nodiscard]] absl::Status Send(const Message& message, Wait wait) {
    EncodeMessage(message, &bytes_);
    return SendBytes(wait, PassedSocket(message));
  }

  // These return the next message. NotFound if there is none yet, with kNo.
  // Unavailable if the other end is gone and all its messages were received, or
  // if it sent an empty datagram. InvalidArgument if the datagram is not a
  // valid message of the other end. A SocketMade has no socket if this process
  // cannot have another descriptor.
  [[nodiscard]] absl::StatusOr<WorkerMessage> ReceiveFromWorker(Wait wait);
  [[nodiscard]] absl::StatusOr<KeeperMessage> ReceiveFromKeeper(Wait wait);

  int fd() const { return fd_.get(); }

 private:
  // The descriptor to send along with a message; -1 for none.
  static int PassedSocket(const WorkerMessage& /*message*/) { return -1; }
  static int PassedSocket(const KeeperMessage& message);

  absl::Status SendBytes(Wait wait, int passed);
  // `passed` receives the descriptor that came along. If it is null,
  // descriptors are not accepted.
  absl::StatusOr<absl::Span<const uint8_t>> ReceiveBytes(
      Wait wait, netif::UniqueFd* passed);

  netif::UniqueFd fd_;
  MessageBytes bytes_ = {};
};

struct Channel::Pair {
  Channel keeper;
  Channel worker;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_CHANNEL_H_
