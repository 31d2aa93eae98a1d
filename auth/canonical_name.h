// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CANONICAL_NAME_H_
#define OVOC_AUTH_CANONICAL_NAME_H_

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <optional>
#include <string>

namespace ovoc::auth {

// CanonicalName: the X.500 Name `der` (RFC 5280 4.1.2.4) in a form of our own:
// two Names are equal as X.500 names are when these bytes are, and one begins
// with the relative names of another when its bytes begin with the other's. So
// a Name is read once, and comparing is comparing bytes. As in RFC 5280 7.1
// texts are compared whatever string type they have, without regard to the case
// of ASCII letters and with white space at their ends left out and inside made
// one space. The order in a relative name of several attributes does not count.
// Other types of value are compared byte by byte. The empty Name is "". Nothing
// when `der` is no Name in DER, or has a text that its type does not allow. It
// takes time in proportion to the bytes, but for sorting the attributes of a
// relative name.
std::optional<std::string> CanonicalName(CBS der);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CANONICAL_NAME_H_
