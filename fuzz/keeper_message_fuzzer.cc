// SPDX-License-Identifier: Apache-2.0
//
// What a worker in an attacker's hands can tell its keeper, and the other way
// round. An input shorter than a message is none, and one with zeros behind it.

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_sockets.h"
#include "netif/overlay_assignment.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/transport/decisions/socket_rule.h"

namespace ovoc::fuzz {

// What is accepted is what we would have sent.
static void ExpectSameBytes(const auto& message, const auto& bytes) {
  tunnel::MessageBytes again;
  tunnel::EncodeMessage(message, &again);
  FUZZ_EXPECT(absl::MakeConstSpan(again) == bytes);
}

// What the keeper does is what a second reading of the settings allows.
static void ExpectAllowed(const tunnel::WorkerMessage& message) {
  if (const auto* set = std::get_if<tunnel::SetAddress>(&message)) {
    FUZZ_EXPECT(netif::CheckNarrowedOverlay(set->overlay, {}).ok() ==
                NaiveOverlayAddress(set->overlay));
  }
  if (const auto* ask = std::get_if<tunnel::AskSocket>(&message)) {
    FUZZ_EXPECT(CheckSocketRequest(ask->request, tunnel::SocketRule()).ok() ==
                NaiveSocket(ask->request));
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<uint8_t> bytes(data, data + size);
  FUZZ_EXPECT(size == tunnel::kMessageBytes ||
              !tunnel::DecodeWorkerMessage(bytes).ok());
  bytes.resize(size < tunnel::kMessageBytes ? tunnel::kMessageBytes : size);
  const auto from_worker = tunnel::DecodeWorkerMessage(bytes);
  if (from_worker.ok()) {
    ExpectSameBytes(*from_worker, bytes);
    ExpectAllowed(*from_worker);
  }
  if (const auto told = tunnel::DecodeKeeperMessage(bytes); told.ok()) {
    FUZZ_EXPECT(!from_worker.ok());
    ExpectSameBytes(*told, bytes);
  }
  return 0;
}

}  // namespace ovoc::fuzz
