// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_UPGRADE_DECISION_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_UPGRADE_DECISION_H_

#include <string>

#include "conformance/ovoc_server/answer_head.h"
#include "conformance/ovoc_server/request_head.h"
#include "conformance/ovoc_server/server_style.h"

namespace ovoc::conformance {

// UpgradeRules is what the server demands of a request.
struct UpgradeRules {
  ServerStyle style = ServerStyle::kStrict;
  std::string path = "/tun";  // kLegacyDirect does not look at it
  // What Basic credentials must decode to; if empty, none are demanded.
  // kLegacyDirect does not look at them.
  std::string user_and_password = "VPN:123456";
  // Whether tun-ws is running behind nginx (recordings 10, 11).
  enum class Daemon { kUp, kDown } daemon = Daemon::kUp;
};

// UpgradeDecision is the answer to a request, before the pool is asked.
struct UpgradeDecision {
  AnswerCode code = AnswerCode::kBadRequest;
  std::string accept;        // with kSwitchingProtocols: Sec-WebSocket-Accept
  bool subprotocol = false;  // with it: whether the answer names it
  Afterlife afterlife = Afterlife::kClose;  // of a refusal
};

// DecideUpgrade judges a whole request head. The strict server applies RFC 6455
// 4.2.1 in full. The real one needs only a key, and nginx in front of it checks
// path and password.
UpgradeDecision DecideUpgrade(const UpgradeRules& rules,
                              const RequestHead& request);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_UPGRADE_DECISION_H_
