// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_BENCH_FLOOD_ARGUMENTS_H_
#define OVOC_CONFORMANCE_BENCH_FLOOD_ARGUMENTS_H_

#include <netinet/in.h>

#include <optional>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ovoc::conformance {

inline constexpr double kMaxFloodRate = 10e6;  // packets a second
inline constexpr int kMaxFloodSeconds = 60;
// UDP_MAX_SEGMENTS of kernels before 6.9.
inline constexpr int kMaxFloodBurst = 64;

// FloodArguments is what udp_flood was asked to do.
struct FloodArguments {
  enum class Role { kSend, kCount };

  Role role = Role::kCount;
  sockaddr_in address{};  // IPv4, the port from 1
  double rate = 0;        // packets a second, 1 to kMaxFloodRate; of kSend
  absl::Duration time;    // above zero, at most kMaxFloodSeconds
  int burst = 1;          // packets in a message, to kMaxFloodBurst; of kSend
};

// ParseFloodArguments reads the words behind the program's name:
//   send ADDRESS PORT PACKETS_PER_SECOND SECONDS [BURST]
//   count ADDRESS PORT SECONDS
// Nothing when one is missing, too many or outside its range.
std::optional<FloodArguments> ParseFloodArguments(
    absl::Span<const char* const> words);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_BENCH_FLOOD_ARGUMENTS_H_
