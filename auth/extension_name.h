// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_EXTENSION_NAME_H_
#define OVOC_AUTH_EXTENSION_NAME_H_

#include <openssl/bytestring.h>

#include <cstddef>
#include <string>

namespace ovoc::auth {

// kMaxExtensionName: the most characters of an identifier that are shown. A
// peer may send one of 64 KiB, and the name goes into a log.
inline constexpr size_t kMaxExtensionName = 64;

// ExtensionName: the name of a certificate's extension for a log. `identifier`
// is the value of its OBJECT IDENTIFIER. The result is a name of RFC 5280 4.2,
// like "policyConstraints", or the numbers, like "1.3.6.1.4.1.55738.666.1", cut
// after kMaxExtensionName characters, or "(unreadable)". It is printable ASCII.
std::string ExtensionName(CBS identifier);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_EXTENSION_NAME_H_
