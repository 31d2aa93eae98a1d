// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_STATUS_VIEW_JSON_READER_H_
#define OVOC_TUNNEL_STATUS_VIEW_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// What ReadJson reads at most. A status file has some 20 KiB, 300 values and a
// depth of 3. The limits bound the memory and the stack that any file takes.
inline constexpr size_t kMaxJsonBytes = size_t{256} * 1024;
inline constexpr size_t kMaxJsonDepth = 16;  // arrays and objects
inline constexpr size_t kMaxJsonValues = 20'000;

struct JsonMember;

// JsonValue is one value of RFC 8259 3, with all that is in it.
struct JsonValue {
  enum class Kind : uint8_t {
    kNull,
    kFalse,
    kTrue,
    kNumber,
    kString,
    kArray,
    kObject,
  };

  // Returns the member of this name, or null if there is none or this is no
  // object. The pointer is good as long as the value is not changed.
  const JsonValue* Find(absl::string_view name) const;

  Kind kind = Kind::kNull;
  // kString: its characters in UTF-8, with all escapes replaced. kNumber: the
  // number as it was written.
  std::string text;
  double number = 0;                // kNumber: the nearest double, finite
  std::vector<JsonValue> items;     // kArray
  std::vector<JsonMember> members;  // kObject, in the order of the text
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

// ReadJson reads a text that is one value and nothing else but blanks around
// it, exactly as RFC 8259 2 to 8 has it. It refuses what the RFC leaves open:
//   - two members of one name in an object (RFC 8259 4)
//   - a number that no finite double is near to (6)
//   - a byte-order mark in front, and what is not UTF-8 (8.1)
//   - an escape of half a character, such as \ud800 (8.2)
// and what is above the limits. The error is InvalidArgument, or
// ResourceExhausted for a limit. It says what is wrong at which byte, counted
// from 1, and has nothing of the text.
absl::StatusOr<JsonValue> ReadJson(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_JSON_READER_H_
