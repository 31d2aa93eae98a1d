// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_EXPOSURE_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_EXPOSURE_H_

#include <string>
#include <vector>

#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/upgrade_decision.h"

namespace ovoc::conformance {

enum class Encryption { kTls, kNone };

// ExposureWarnings says what is dangerous about a server that others can reach,
// in one sentence each, with what to do. There are no warnings as long as it
// listens only on a loopback address (127.0.0.0/8, ::1, ::ffff:127.0.0.0/104).
// 0.0.0.0 and :: stand for every address of the machine.
std::vector<std::string> ExposureWarnings(const ListenAddress& address,
                                          const UpgradeRules& rules,
                                          Encryption encryption);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_EXPOSURE_H_
