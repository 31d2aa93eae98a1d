// SPDX-License-Identifier: Apache-2.0
//
// Finds the name that was probably meant by a mistyped one.

#ifndef OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_
#define OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// Two swapped letters are two edits. With a distance of three, names of this
// length would be guessed wrong.
inline constexpr size_t kMaxNearDistance = 2;
// This limit bounds the work for a hostile name. A longer name is near nothing.
inline constexpr size_t kMaxNearNameBytes = 64;

// EditDistance is the Levenshtein distance: the number of insertions, deletions
// and replacements of bytes. It ignores the case of ASCII letters. It takes
// O(a.size() * b.size()) steps.
size_t EditDistance(absl::string_view a, absl::string_view b);

// NearestName returns the first name with the least edit distance, or an empty
// view when that distance is more than kMaxNearDistance.
absl::string_view NearestName(absl::string_view typed,
                              absl::Span<const absl::string_view> names);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_NEAR_NAME_H_
