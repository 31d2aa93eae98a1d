// SPDX-License-Identifier: Apache-2.0

#include "tunnel/setting_error.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxFoundBytes = 64;  // keeps the line readable

// PrintableAscii writes all but 0x20..0x7e as \xHH and leaves quotes alone.
std::string PrintableAscii(absl::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f) {
      printable.push_back(c);
    } else {
      absl::StrAppend(&printable, "\\x",
                      absl::BytesToHexString(absl::string_view(&c, 1)));
    }
  }
  return printable;
}

}  // namespace

std::string DescribeSettingError(const SettingError& error) {
  std::string text(error.file);
  if (error.line > 0) {
    absl::StrAppend(&text, ":", error.line);
  }
  if (!error.name.empty()) {
    absl::StrAppend(&text, ": ", error.name);
  }
  absl::StrAppend(&text, ": found ", error.found, ", allowed ", error.allowed);
  if (!error.meant.empty()) {
    absl::StrAppend(&text, "; did you mean ", error.meant, "?");
  }
  return PrintableAscii(text);
}

absl::Status SettingStatus(const SettingError& error) {
  return absl::InvalidArgumentError(DescribeSettingError(error));
}

std::string QuoteFound(absl::string_view value) {
  if (value.size() <= kMaxFoundBytes) {
    return absl::StrCat("'", value, "'");
  }
  return absl::StrCat("'", value.substr(0, kMaxFoundBytes), "...' (",
                      value.size(), " bytes)");
}

}  // namespace ovoc::tunnel
