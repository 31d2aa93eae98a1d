// SPDX-License-Identifier: Apache-2.0
//
// Passwords as a device exports them: not in plain text.

#ifndef OVOC_TUNNEL_OBFUSCATED_PASSWORD_H_
#define OVOC_TUNNEL_OBFUSCATED_PASSWORD_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ObfuscatedForm is what to call `password` when it has exactly a form in which
// devices export passwords; empty else. AudioCodes, "Password Obfuscation in
// Downloaded CLI and INI Files" (SBC security guidelines 7.6):
//   ini file    $2$ and base64 of AES-256 with an initialisation vector of 16
//               bytes, so of 17 bytes or more; $1$ and base64 before that
//   CLI script  such base64, a blank, "encrypted"; maybe "password" in front
// Base64 is whole groups of four (RFC 4648 4). Only the device can undo it. A
// password that merely begins with $1$ or $2$ has none of these forms.
absl::string_view ObfuscatedForm(absl::string_view password);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_OBFUSCATED_PASSWORD_H_
