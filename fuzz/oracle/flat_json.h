// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FUZZ_ORACLE_FLAT_JSON_H_
#define OVOC_FUZZ_ORACLE_FLAT_JSON_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "tunnel/manage/protocol/flat_object.h"

namespace ovoc::fuzz {

// FlatByReadJson is what ReadFlatObject, which is nlohmann/json's, has to make
// of a text, by our own JSON reader; none for a text that it has to refuse.
std::optional<tunnel::FlatObject> FlatByReadJson(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_FLAT_JSON_H_
