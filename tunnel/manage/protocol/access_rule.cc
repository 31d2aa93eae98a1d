// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/access_rule.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ovoc::tunnel {
namespace {

bool Has(const std::vector<uint32_t>& groups,
         const std::optional<uint32_t>& group) {
  return group.has_value() &&
         std::find(groups.begin(), groups.end(), *group) != groups.end();
}

bool IsShowable(absl::string_view name) {
  constexpr size_t kMaxNameBytes = 32;  // useradd(8)
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

absl::string_view Word(Access access) {
  switch (access) {
    case Access::kNone:
      return "none";
    case Access::kView:
      return "view";
    case Access::kChange:
      return "change";
  }
  return "none";
}

Access AccessOf(uint32_t user, const std::vector<uint32_t>& groups,
                const AccessGroups& rule) {
  if (user == 0 || Has(groups, rule.admin)) {
    return Access::kChange;
  }
  return Has(groups, rule.view) ? Access::kView : Access::kNone;
}

std::optional<uint32_t> GroupNumber(absl::string_view group_file,
                                    absl::string_view name) {
  for (const absl::string_view line : absl::StrSplit(group_file, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
    uint32_t number = 0;
    if (fields.size() >= 3 && !name.empty() && fields[0] == name &&
        absl::SimpleAtoi(fields[2], &number)) {
      return number;
    }
  }
  return std::nullopt;
}

std::string UserName(absl::string_view passwd_file, uint32_t user) {
  for (const absl::string_view line : absl::StrSplit(passwd_file, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
    uint32_t number = 0;
    if (fields.size() >= 3 && absl::SimpleAtoi(fields[2], &number) &&
        number == user && IsShowable(fields[0])) {
      return absl::StrCat(fields[0], " (uid ", user, ")");
    }
  }
  return absl::StrCat("uid ", user);
}

}  // namespace ovoc::tunnel
