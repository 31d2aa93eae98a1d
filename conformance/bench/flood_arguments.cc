// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/flood_arguments.h"

#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {
namespace {

using Role = FloodArguments::Role;

bool ReadAddress(const char* address, const char* port, sockaddr_in* out) {
  uint32_t number = 0;
  if (inet_pton(AF_INET, address, &out->sin_addr) != 1 ||
      !absl::SimpleAtoi(port, &number) || number == 0 || number > 65535) {
    return false;
  }
  out->sin_family = AF_INET;
  out->sin_port = htons(static_cast<uint16_t>(number));
  return true;
}

bool ReadSeconds(const char* word, absl::Duration* out) {
  double seconds = 0;
  if (!absl::SimpleAtod(word, &seconds) || !(seconds > 0) ||
      seconds > kMaxFloodSeconds) {
    return false;
  }
  *out = absl::Seconds(seconds);
  return true;
}

}  // namespace

std::optional<FloodArguments> ParseFloodArguments(
    absl::Span<const char* const> words) {
  FloodArguments arguments;
  const absl::string_view role = words.empty() ? "" : words[0];
  if (role == "count" && words.size() == 4) {
    return ReadAddress(words[1], words[2], &arguments.address) &&
                   ReadSeconds(words[3], &arguments.time)
               ? std::optional(arguments)
               : std::nullopt;
  }
  if (role != "send" || words.size() < 5 || words.size() > 6) {
    return std::nullopt;
  }
  arguments.role = Role::kSend;
  // The comparisons also refuse what is not a number (NaN).
  const bool right =
      ReadAddress(words[1], words[2], &arguments.address) &&
      absl::SimpleAtod(words[3], &arguments.rate) && arguments.rate >= 1 &&
      arguments.rate <= kMaxFloodRate &&
      ReadSeconds(words[4], &arguments.time) &&
      (words.size() == 5 || absl::SimpleAtoi(words[5], &arguments.burst)) &&
      arguments.burst >= 1 && arguments.burst <= kMaxFloodBurst;
  return right ? std::optional(arguments) : std::nullopt;
}

}  // namespace ovoc::conformance
