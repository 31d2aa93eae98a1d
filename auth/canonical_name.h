// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CANONICAL_NAME_H_
#define OVOC_AUTH_CANONICAL_NAME_H_

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <optional>
#include <string>

namespace ovoc::auth {

// CanonicalName: converts the X.500 Name `der` (RFC 5280 4.1.2.4) into a form
// of our own. Two Names are equal as X.500 names if and only if these bytes are
// equal. One Name begins with the relative names of another if its bytes begin
// with the other's bytes. So each Name is read once, and comparing Names means
// comparing bytes.
//
// As RFC 5280 7.1 requires, texts are compared whatever their string type is.
// The case of ASCII letters does not matter. White space at the ends is
// ignored, and white space inside counts as one space. The order of several
// attributes in one relative name does not matter. Values of other types are
// compared byte by byte. The empty Name is "". The result is nothing if `der`
// is not a Name in DER, or has a text that its type does not allow. The time is
// proportional to the number of bytes, except for sorting the attributes of a
// relative name.
std::optional<std::string> CanonicalName(CBS der);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CANONICAL_NAME_H_
