// SPDX-License-Identifier: Apache-2.0
//
// The name that was probably meant by a mistyped one.

#ifndef OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_
#define OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// kMaxNearDistance: two letters exchanged are two edits; with three, names of
// this length would be guessed wrong.
inline constexpr size_t kMaxNearDistance = 2;
// kMaxNearNameBytes bounds the work for a hostile name: longer is near nothing.
inline constexpr size_t kMaxNearNameBytes = 64;

// EditDistance is Levenshtein's: insertions, deletions and replacements of
// bytes, upper and lower case ASCII taken as equal. O(a.size() * b.size()).
size_t EditDistance(absl::string_view a, absl::string_view b);

// NearestName is the first of the names with the least edit distance, or empty
// when that is over kMaxNearDistance.
absl::string_view NearestName(absl::string_view typed,
                              absl::Span<const absl::string_view> names);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_
