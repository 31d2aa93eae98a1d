// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_CHANNEL_H_
#define OVOC_TUNNEL_KEEPER_CHANNEL_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netif/unique_fd.h"
#include "tunnel/keeper/message.h"

namespace ovoc::tunnel {

// Channel is one end of the socket pair between keeper and worker (AF_UNIX,
// SOCK_SEQPACKET). No message stays in its memory once it is sent or received.
// The keeper can send a socket beside a message; a worker can send none, and
// what it might pass is closed by the kernel unseen.
class Channel {
 public:
  struct Pair;  // the two ends

  static absl::StatusOr<Pair> MakePair();

  explicit Channel(netif::UniqueFd fd) : fd_(std::move(fd)) {}

  enum class Wait { kNo, kYes };

  // Send: the keeper does not wait: a worker that does not read is ended.
  // Unavailable when the other end is gone; ResourceExhausted when it has no
  // room (kNo).
  template <typename Message>
  [[nodiscard]] absl::Status Send(const Message& message, Wait wait) {
    EncodeMessage(message, &bytes_);
    return SendBytes(wait, PassedSocket(message));
  }

  // Receive: InvalidArgument for what is no message of the other end;
  // NotFound when there is none now (kNo); Unavailable when the other end is
  // gone and all that it said has been received, or it sent no byte at all. A
  // SocketMade has no socket when this process can have no more descriptors.
  [[nodiscard]] absl::StatusOr<WorkerMessage> ReceiveFromWorker(Wait wait);
  [[nodiscard]] absl::StatusOr<KeeperMessage> ReceiveFromKeeper(Wait wait);

  int fd() const { return fd_.get(); }

 private:
  // The descriptor that goes with a message; -1: none.
  static int PassedSocket(const WorkerMessage& /*message*/) { return -1; }
  static int PassedSocket(const KeeperMessage& message);

  absl::Status SendBytes(Wait wait, int passed);
  // `passed`: takes the descriptor beside it; null: none is taken.
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
