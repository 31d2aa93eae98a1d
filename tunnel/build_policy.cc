// SPDX-License-Identifier: Apache-2.0
#include "tunnel/build_policy.h"

namespace ovoc::tunnel {

Policy BuildPolicy() { return OVOC_BUILD_POLICY; }

}  // namespace ovoc::tunnel
