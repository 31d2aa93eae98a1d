// SPDX-License-Identifier: Apache-2.0
//
// What a worker in an attacker's hands can tell its keeper, and the other way
// round. An input shorter than a message is one whose other octets are 0.

#include <algorithm>

#include "auth/overlay_assignment.h"
#include "fuzz/expect.h"
#include "netif/ip_address.h"
#include "tunnel/keeper/message.h"

namespace ovoc::fuzz {

// What is accepted is what we would have sent.
static void ExpectSameBytes(const auto& message, const auto& bytes) {
  tunnel::MessageBytes again;
  tunnel::EncodeMessage(message, &again);
  FUZZ_EXPECT(absl::MakeConstSpan(again) == bytes);
}

// An address that the keeper sets lies in WSTunOverlay, by a second reading.
static void ExpectInsideRange(const auth::OverlayAssignment& overlay) {
  const auto address = netif::Ipv4Address::FromHostOrder(overlay.address);
  const auto prefix = netif::Ipv4Prefix::Create(address, overlay.prefix_length);
  const bool inside =
      netif::Ipv4Prefix::Parse("169.254.0.0/16")->Contains(address) &&
      prefix.has_value() && prefix->length() >= 16 && prefix->length() <= 30 &&
      prefix->ContainsHost(address) && address.ToString() != "169.254.0.1";
  FUZZ_EXPECT(auth::CheckOverlayAssignment(overlay, {}).ok() == inside);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<uint8_t> bytes(data, data + size);
  bytes.resize(std::max(size, tunnel::kMessageBytes));
  const auto from_worker = tunnel::DecodeWorkerMessage(bytes);
  if (from_worker.ok()) {
    ExpectSameBytes(*from_worker, bytes);
    if (const auto* set = std::get_if<tunnel::SetAddress>(&*from_worker)) {
      ExpectInsideRange(set->overlay);
    }
  }
  if (const auto told = tunnel::DecodeKeeperMessage(bytes); told.ok()) {
    FUZZ_EXPECT(!from_worker.ok());
    ExpectSameBytes(*told, bytes);
  }
  return 0;
}

}  // namespace ovoc::fuzz
