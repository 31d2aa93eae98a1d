// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/worker_id.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ovoc::tunnel {
namespace {

constexpr uint32_t kMaxId = 0xfffffffe;  // above it, setresuid(2) changes none

// A number as passwd(5) has it; no sign, no blank.
bool ReadId(absl::string_view text, uint32_t* id) {
  return !text.empty() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
         absl::SimpleAtoi(text, id) && *id <= kMaxId;
}

absl::Status Refuse(absl::string_view value, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("--worker_uid: '", value, "' ", why));
}

// One line that maps one user, 0.
bool HasRootAlone(absl::string_view uid_map) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(uid_map, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  return fields.size() == 3 && fields[0] == "0" && fields[2] == "1";
}

// The default user, if it is there and can be used.
std::optional<WorkerId> FindWorkerUser(absl::string_view passwd) {
  const std::optional<WorkerId> user = FindUser(passwd, kWorkerUserName);
  return user.has_value() && user->user != 0 && user->group != 0 ? user
                                                                 : std::nullopt;
}

}  // namespace

std::optional<WorkerId> FindUser(absl::string_view passwd,
                                 absl::string_view name) {
  for (const absl::string_view line : absl::StrSplit(passwd, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
    uint32_t user = 0;
    uint32_t group = 0;
    if (fields.size() == 7 && fields[0] == name && ReadId(fields[2], &user) &&
        ReadId(fields[3], &group)) {
      return WorkerId{user, group};
    }
  }
  return std::nullopt;
}

std::string UnusableUser(absl::string_view passwd) {
  const std::string entry = absl::StrCat(kWorkerUserName, ":");
  const bool has_entry = absl::StartsWith(passwd, entry) ||
                         absl::StrContains(passwd, absl::StrCat("\n", entry));
  return has_entry && !FindWorkerUser(passwd).has_value()
             ? absl::StrCat("/etc/passwd: ", kWorkerUserName,
                            ": the entry is malformed or has root's number; "
                            "give it seven fields and the numbers of a user "
                            "and a group (until then the worker's user is ",
                            kDefaultWorkerId.user, ")")
             : "";
}

absl::StatusOr<WorkerId> ChooseWorkerId(absl::string_view wanted,
                                        absl::string_view passwd,
                                        absl::string_view uid_map) {
  if (wanted.empty()) {
    return FindWorkerUser(passwd).value_or(kDefaultWorkerId);
  }
  uint32_t number = 0;
  const bool is_number = ReadId(wanted, &number);
  const std::optional<WorkerId> id =
      is_number ? WorkerId{number, number} : FindUser(passwd, wanted);
  if (!id.has_value()) {
    return Refuse(wanted,
                  "is not a user; use a number from 1 to 4294967294 or a name "
                  "in /etc/passwd");
  }
  if ((id->user == 0 || id->group == 0) && !HasRootAlone(uid_map)) {
    return Refuse(wanted,
                  "has root's number; use another user, because the worker "
                  "reads from the network");
  }
  return *id;
}

}  // namespace ovoc::tunnel
