// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/setting_error.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxQuotedBytes = 64;  // keeps the line readable
constexpr absl::string_view kMoreErrors =
    "there are more errors; fix these first";

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
  absl::StrAppend(&text, ": ", error.problem);
  if (!error.remedy.empty()) {
    absl::StrAppend(&text, "; ", error.remedy);
  }
  if (!error.meant.empty()) {
    absl::StrAppend(&text, "; did you mean ", error.meant, "?");
  }
  return PrintableAscii(text);
}

absl::Status SettingStatus(const SettingError& error) {
  return absl::InvalidArgumentError(DescribeSettingError(error));
}

void SettingErrors::Add(int line, const absl::Status& status) {
  errors_.emplace(line, std::string(status.message()));
  if (errors_.size() > kMaxSettingErrors + 1) {
    errors_.erase(std::prev(errors_.end()));
  }
}

void SettingErrors::Add(const SettingErrors& others) {
  for (const auto& [line, message] : others.errors_) {
    Add(line, absl::InvalidArgumentError(message));
  }
}

absl::Status SettingErrors::ToStatus() const {
  if (errors_.empty()) {
    return absl::OkStatus();
  }
  std::string text;
  size_t shown = 0;
  for (const auto& [line, message] : errors_) {
    if (shown++ == kMaxSettingErrors) {
      absl::StrAppend(&text, "\n", kMoreErrors);
      break;
    }
    absl::StrAppend(&text, text.empty() ? "" : "\n", message);
  }
  return absl::InvalidArgumentError(text);
}

std::string SummarizeErrors(absl::string_view message) {
  const auto others = std::count(message.begin(), message.end(), '\n');
  const std::string first(message.substr(0, message.find('\n')));
  if (others == 0) {
    return first;
  }
  const bool more = absl::EndsWith(message, kMoreErrors);
  return absl::StrCat(first, " (and ", others, more ? " or more" : "",
                      others == 1 ? " other error" : " other errors", ")");
}

std::string QuoteValue(absl::string_view value) {
  if (value.size() <= kMaxQuotedBytes) {
    return absl::StrCat("'", value, "'");
  }
  return absl::StrCat("'", value.substr(0, kMaxQuotedBytes), "...' (",
                      value.size(), " bytes)");
}

}  // namespace ovoc::tunnel
