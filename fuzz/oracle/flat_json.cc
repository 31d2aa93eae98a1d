// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/flat_json.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "tunnel/status_view/json_reader.h"

namespace ovoc::fuzz {
namespace {

using tunnel::FlatValue;
using tunnel::JsonValue;
using Kind = JsonValue::Kind;

std::optional<FlatValue> FlatOf(const JsonValue& value) {
  uint64_t whole = 0;
  switch (value.kind) {
    case Kind::kNull:
      return FlatValue();
    case Kind::kFalse:
    case Kind::kTrue:
      return FlatValue(value.kind == Kind::kTrue);
    case Kind::kNumber:
      return std::all_of(value.text.begin(), value.text.end(),
                         absl::ascii_isdigit) &&
                     absl::SimpleAtoi(value.text, &whole)
                 ? std::optional(FlatValue(whole))
                 : std::nullopt;
    case Kind::kString:
      return FlatValue(value.text);
    case Kind::kArray:
    case Kind::kObject:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<tunnel::FlatObject> FlatByReadJson(absl::string_view text) {
  const auto read = tunnel::ReadJson(text);
  if (!read.ok() || read->kind != Kind::kObject ||
      read->members.size() > tunnel::kMaxFlatKeys) {
    return std::nullopt;
  }
  tunnel::FlatObject flat;
  for (const tunnel::JsonMember& member : read->members) {
    const std::optional<FlatValue> value = FlatOf(member.value);
    if (!value.has_value() || member.name.size() > tunnel::kMaxFlatKeyBytes) {
      return std::nullopt;
    }
    flat.emplace(member.name, *value);
  }
  return flat;
}

}  // namespace ovoc::fuzz
