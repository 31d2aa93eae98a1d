// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/settings_difference.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "tunnel/manage/settings_store/ini_edit.h"
#include "tunnel/manage/settings_store/shown_value.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

using Values = std::map<absl::string_view, absl::string_view>;

void AddLine(absl::string_view sign, absl::string_view name,
             const Values& values, std::vector<std::string>* lines) {
  if (const auto found = values.find(name); found != values.end()) {
    lines->push_back(
        absl::StrCat(sign, name, " = ", ShownValue(name, found->second)));
  }
}

bool IsSame(absl::string_view name, const Values& a, const Values& b) {
  const auto in_a = a.find(name);
  const auto in_b = b.find(name);
  if (in_a == a.end() || in_b == b.end()) {
    return in_a == a.end() && in_b == b.end();
  }
  return in_a->second == in_b->second;
}

}  // namespace

std::vector<std::string> SettingsDifference(absl::string_view before,
                                            absl::string_view after) {
  const Values old_values = ValuesInText(before);
  const Values new_values = ValuesInText(after);
  std::vector<std::string> lines;
  for (const absl::string_view name : SettingNames()) {
    if (!IsSame(name, old_values, new_values)) {
      AddLine("-", name, old_values, &lines);
      AddLine("+", name, new_values, &lines);
    }
  }
  if (lines.empty() && before != after) {
    lines.emplace_back(kOtherLinesDiffer);
  }
  return lines;
}

}  // namespace ovoc::tunnel
