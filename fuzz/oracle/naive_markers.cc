// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_markers.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace ovoc::fuzz {

bool MarkersAreExact(absl::string_view pem) {
  for (absl::string_view line : absl::StrSplit(pem, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::StrContains(absl::AsciiStrToUpper(line),
                          "--BEGIN CERTIFICATE-") &&
        line != "-----BEGIN CERTIFICATE-----") {
      return false;
    }
  }
  return true;
}

}  // namespace ovoc::fuzz
