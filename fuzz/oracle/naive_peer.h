// SPDX-License-Identifier: Apache-2.0
//
// What a client's bytes must lead to, all at once: the plain server that the
// stand-in's Peer and Hub are compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_PEER_H_
#define OVOC_FUZZ_ORACLE_NAIVE_PEER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/ovoc_server/hub.h"
#include "conformance/ovoc_server/peer_end.h"
#include "conformance/ovoc_server/server_style.h"

namespace ovoc::fuzz {

// PeerScene is the situation of the client. OVOC is 169.254.0.1/30. Of the
// other two addresses a neighbour that logged in before has 169.254.0.2. Nobody
// reads what is queued. Everything except the end happens at one instant.
struct PeerScene {
  conformance::ServerStyle style = conformance::ServerStyle::kStrict;
  enum class Pool {
    kOneLeft,  // 169.254.0.3 is free
    kFull,     // a second neighbour, which sends nothing, has it
  } pool = Pool::kOneLeft;
  // What happens after the client's last byte.
  enum class Finish {
    kNothing,
    kStop,     // the server stops
    kSilence,  // 61 s pass
  } finish = Finish::kNothing;
  absl::Time wall;         // the time of day, for Date
  size_t queue_bytes = 0;  // of each queue, 8192 at least
};

// PeerOutcome is everything that results.
struct PeerOutcome {
  // Queued for the client and for its neighbour behind that one's 101: a string
  // for each write.
  std::vector<std::string> to_client;
  std::vector<std::string> to_neighbour;
  std::vector<std::string> to_ovoc;  // packets
  int wakes = 0;  // times that the client's queue stopped being empty
  std::optional<conformance::PeerEnd> end;
  int close_code = 1005;  // of the client's Close frame, RFC 6455 7.4.1
  // Until the peer acts by itself, from its last byte on; infinite: never.
  absl::Duration patience = absl::InfiniteDuration();
  size_t admitted = 1;  // peers that have an address, the neighbours included
  conformance::HubCounters packets;

  friend bool operator==(const PeerOutcome&, const PeerOutcome&) = default;
};

// NaiveLoginText is a request that every server takes.
absl::string_view NaiveLoginText();

// PlayNaively reads a client's bytes as RFC 9112 3, RFC 6455 4.2 and 5 have it,
// or as protocol.md 2 and 3 say of tun-ws. The texts of HTTP answers are
// conformance::RenderAcceptance's and RenderRefusal's, which parse nothing.
PeerOutcome PlayNaively(absl::Span<const uint8_t> stream,
                        const PeerScene& scene);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_PEER_H_
