// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_ADVICE_H_
#define OVOC_TUNNEL_CHECK_ADVICE_H_

#include "absl/strings/string_view.h"
#include "tunnel/session/session_end.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// CheckAdvice is what to check after a `client --check` with these settings
// that ended so, half a sentence for the person who started it: "check
// WSTunUsername and WSTunPassword". Empty where nothing can be done about it.
absl::string_view CheckAdvice(const End& end, const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_ADVICE_H_
