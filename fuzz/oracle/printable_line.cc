// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/printable_line.h"

namespace ovoc::fuzz {

bool IsPrintableLine(absl::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') {  // a signed char from 0x80 up is below ' '
      return false;
    }
  }
  return !text.empty() && text.size() <= kMaxErrorTextBytes;
}

}  // namespace ovoc::fuzz
