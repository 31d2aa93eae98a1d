// SPDX-License-Identifier: Apache-2.0
//
// What every error text must be.

#ifndef OVOC_FUZZ_ORACLE_PRINTABLE_LINE_H_
#define OVOC_FUZZ_ORACLE_PRINTABLE_LINE_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

// kMaxErrorTextBytes bounds how long a peer or a file can make a log line. Our
// longest line, which lists the names of all settings, has 500 bytes.
inline constexpr size_t kMaxErrorTextBytes = 1024;

// IsPrintableLine is true for 1 to kMaxErrorTextBytes bytes of printable ASCII:
// no line end, nothing a terminal obeys.
bool IsPrintableLine(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_PRINTABLE_LINE_H_
