// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_PROTOCOL_FLAT_OBJECT_H_
#define OVOC_TUNNEL_MANAGE_PROTOCOL_FLAT_OBJECT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// More keys than any request has.
inline constexpr size_t kMaxFlatKeys = 16;
inline constexpr size_t kMaxFlatKeyBytes = 32;

// FlatValue is a value that has no values in it: null, true or false, a whole
// number of at least 0, or a text in UTF-8.
using FlatValue = std::variant<std::monostate, bool, uint64_t, std::string>;
using FlatObject = std::map<std::string, FlatValue, std::less<>>;

// ReadFlatObject reads a text that is one JSON object of such values (RFC 8259)
// by nlohmann/json, without its exceptions. Arrays, objects in it, other
// numbers, a key twice, what is above the limits, a byte-order mark, a NUL byte
// and text behind the object are InvalidArgument. The message is a clause about
// the line ("has the key \"a\" twice"). A key that it shows is printable ASCII;
// it has nothing of a value.
absl::StatusOr<FlatObject> ReadFlatObject(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_PROTOCOL_FLAT_OBJECT_H_
