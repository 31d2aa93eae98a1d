// SPDX-License-Identifier: Apache-2.0
//
// Passwords as a device exports them: not in plain text.

#ifndef OVOC_TUNNEL_SETTINGS_OBFUSCATED_PASSWORD_H_
#define OVOC_TUNNEL_SETTINGS_OBFUSCATED_PASSWORD_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ObfuscatedForm says how `password` looks if it has the form, or begins like
// the form, in which devices export passwords: "obfuscated by a device
// ($1$...)". Otherwise it is empty. AudioCodes, "Password Obfuscation in
// Downloaded CLI and INI Files" (SBC security guidelines 7.6):
//   ini file    $2$ and base64 of AES-256 with an initialisation vector of 16
//               bytes; $1$ and base64 before that. Anything behind $1$ or $2$
//               counts, as a copy may have lost its end, or its last '='
//   CLI script  such base64, of 17 bytes or more, a blank, "encrypted"; maybe
//               "password" in front. This one has to be whole: groups of four
//               (RFC 4648 4)
// Only the device can undo it.
absl::string_view ObfuscatedForm(absl::string_view password);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_OBFUSCATED_PASSWORD_H_
