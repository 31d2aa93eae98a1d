// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_PROTOCOL_ACCESS_RULE_H_
#define OVOC_TUNNEL_MANAGE_PROTOCOL_ACCESS_RULE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// What a user may ask of the agent.
enum class Access : uint8_t {
  kNone,    // nothing
  kView,    // what changes nothing
  kChange,  // all
};

// The word of the protocol: "none", "view" or "change".
absl::string_view Word(Access access);

// AccessGroups are the groups that decide; none: there is no such group.
struct AccessGroups {
  std::optional<uint32_t> admin;  // may change
  std::optional<uint32_t> view;   // may view
};

// AccessOf says what a user with this number and these groups may do. Root may
// change whatever its groups are.
Access AccessOf(uint32_t user, const std::vector<uint32_t>& groups,
                const AccessGroups& rule);

// GroupNumber finds a group in the text of /etc/group (group(5)). A group
// without a good number is none.
std::optional<uint32_t> GroupNumber(absl::string_view group_file,
                                    absl::string_view name);

// UserName is "NAME (uid NUMBER)", or "uid NUMBER" for a user who is not in the
// text of /etc/passwd (passwd(5)). It is printable ASCII of at most 64 bytes.
std::string UserName(absl::string_view passwd_file, uint32_t user);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_PROTOCOL_ACCESS_RULE_H_
