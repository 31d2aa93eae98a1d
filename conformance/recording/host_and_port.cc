// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/host_and_port.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "auth/peer_name.h"

namespace ovoc::conformance {
namespace {

constexpr uint32_t kMaxPort = 65535;

absl::Status NotOne(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot read \"", text, "\"; use HOST:PORT or [IPv6]:PORT"));
}

bool IsPort(absl::string_view text, uint32_t* port) {
  return !text.empty() &&
         std::all_of(
             text.begin(), text.end(),
             [](char c) {
               return absl::ascii_isdigit(static_cast<unsigned char>(c));
             }) &&
         absl::SimpleAtoi(text, port) && *port >= 1 && *port <= kMaxPort;
}

}  // namespace

absl::StatusOr<HostAndPort> ParseHostAndPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos ||
      !IsPort(text.substr(colon + 1), &port)) {
    return NotOne(text);
  }
  absl::string_view host = text.substr(0, colon);
  const bool opened = absl::ConsumePrefix(&host, "[");
  const bool closed = absl::ConsumeSuffix(&host, "]");
  const bool v6 = absl::StrContains(host, ':');
  if (opened != v6 || closed != v6 || !auth::PeerName::Parse(host).ok()) {
    return NotOne(text);
  }
  return HostAndPort{std::string(host), static_cast<uint16_t>(port)};
}

}  // namespace ovoc::conformance
