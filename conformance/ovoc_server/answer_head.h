// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_ANSWER_HEAD_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_ANSWER_HEAD_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "conformance/ovoc_server/server_style.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// AnswerCode is the status of the answer to a client's request.
enum class AnswerCode {
  kSwitchingProtocols = 101,
  kBadRequest = 400,
  kUnauthorized = 401,
  kNotFound = 404,
  kTooManyPeers = 409,
  kUpgradeRequired = 426,
  kBadGateway = 502,
};

// Afterlife is what happens to the connection after a refusal.
enum class Afterlife {
  kClose,      // the server closes once the answer is out
  kKeepAlive,  // the client may send another request
};

inline constexpr absl::string_view kSubprotocol = "ovoc.audiocodes.com";

// Acceptance is what a 101 tells the client.
struct Acceptance {
  std::string accept;                  // the Sec-WebSocket-Accept value
  bool subprotocol = true;             // whether the subprotocol is named
  netif::Ipv4Address overlay_address;  // X-Audc-OverlayIP
  int overlay_prefix_length = 18;      // X-Audc-OverlayPrefix
};

// RenderAcceptance writes the 101. `wall` is the time of day for Date.
std::string RenderAcceptance(ServerStyle style, const Acceptance& acceptance,
                             absl::Time wall);

// RenderRefusal writes any other answer with its body; `code` is not 101.
// Empty: this server closes the connection without an answer.
std::string RenderRefusal(ServerStyle style, AnswerCode code,
                          Afterlife afterlife, absl::Time wall);

// HttpDate is the IMF-fixdate of RFC 9110 5.6.7.
std::string HttpDate(absl::Time wall);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_ANSWER_HEAD_H_
