// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/build_policy.h"

namespace ovoc::tunnel {

Policy BuildPolicy() {
#ifdef OVOC_POLICY_CERTIFIED
  return Policy::kCertified;
#else
  return Policy::kCompat;
#endif
}

}  // namespace ovoc::tunnel
