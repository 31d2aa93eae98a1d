// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_BUILD_POLICY_H_
#define OVOC_TUNNEL_SETTINGS_BUILD_POLICY_H_

#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {

// The policy that this program was built with (--//tunnel:policy). It is apart
// from Policy itself, so that one build can test both policies.
Policy BuildPolicy();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_BUILD_POLICY_H_
