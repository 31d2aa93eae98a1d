// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_table.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tunnel/settings/ini_word.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxShownTitleBytes = 64;

// What stands between the brackets, blanks included.
absl::string_view Inside(absl::string_view line) {
  line.remove_prefix(1);
  return line.substr(0, line.find(']'));
}

bool IsSection(absl::string_view inside) {
  const absl::string_view title = StripIniBlanks(inside);
  return !inside.empty() && !IsIniBlank(inside.front()) &&
         std::any_of(title.begin(), title.end(), IsIniBlank);
}

bool IsPlain(absl::string_view title) {
  return title.size() <= kMaxShownTitleBytes &&
         std::all_of(title.begin(), title.end(), IsIniNameByte);
}

}  // namespace

void IniTable::TakeHeading(absl::string_view line, int number) {
  const absl::string_view inside = Inside(line);
  title_ = StripIniBlanks(inside);
  title_line_ = absl::StartsWith(title_, "\\") ? 0 : number;
  section_ = IsSection(inside);
  open_line_ = 0;
}

void IniTable::TakeFormat(int number) {
  open_line_ = title_line_ != 0 ? title_line_ : number;
}

bool IniTable::MayBeTitled() const { return title_line_ != 0 && !section_; }

bool IniTable::IsClosedBy(absl::string_view line) const {
  absl::string_view end = StripIniBlanks(Inside(line));
  return MayBeTitled() && absl::ConsumePrefix(&end, "\\") &&
         absl::EqualsIgnoreCase(StripIniBlanks(end), title_);
}

absl::string_view IniTable::ShownTitle() const {
  return title_line_ != 0 && IsPlain(title_) ? title_ : "";
}

std::string IniTable::Problem() const {
  const absl::string_view title = ShownTitle();
  return absl::StrCat("the setting is inside the table ",
                      title.empty() ? "" : absl::StrCat("[ ", title, " ] "),
                      "(line ", open_line_ != 0 ? open_line_ : title_line_,
                      "), where no settings are read");
}

std::string IniTable::Remedy() const {
  const absl::string_view title = ShownTitle();
  return absl::StrCat("move it above the table, or end the table with [ \\",
                      title.empty() ? "Title" : title, " ] before it");
}

}  // namespace ovoc::tunnel
