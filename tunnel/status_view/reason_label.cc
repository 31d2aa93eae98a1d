// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/reason_label.h"

namespace ovoc::tunnel {
namespace {

// Of the field `reason`, docs/operating.md.
constexpr absl::string_view kReasons[] = {"closed",
                                          "resolution",
                                          "connection",
                                          "certificate",
                                          "unauthorized",
                                          "http_status",
                                          "no_free_address",
                                          "handshake",
                                          "timeout",
                                          "peer_closed",
                                          "closed_by_peer",
                                          "dead_peer",
                                          "protocol_error",
                                          "interface",
                                          "proxy",
                                          "proxy_login",
                                          "worker_died",
                                          "worker_failed",
                                          "done",
                                          "internal",
                                          "command_line",
                                          "settings",
                                          "sandbox"};

}  // namespace

absl::string_view ReasonLabel(absl::string_view reason) {
  for (const absl::string_view known : kReasons) {
    if (known == reason) {
      return known;
    }
  }
  return "other";
}

}  // namespace ovoc::tunnel
