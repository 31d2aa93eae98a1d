// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/near_name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"

namespace ovoc::tunnel {
namespace {

bool SameLetter(char a, char b) {
  return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
         absl::ascii_tolower(static_cast<unsigned char>(b));
}

}  // namespace

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);  // distances of a[0, i) to b[0, j)
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (SameLetter(a[i], b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

absl::string_view NearestName(absl::string_view typed,
                              absl::Span<const absl::string_view> names) {
  if (typed.size() > kMaxNearNameBytes) {
    return {};
  }
  absl::string_view nearest;
  size_t least = kMaxNearDistance + 1;
  for (const absl::string_view name : names) {
    // A distance is at least the difference in length: no need to count.
    if (std::max(name.size(), typed.size()) >
        std::min(name.size(), typed.size()) + kMaxNearDistance) {
      continue;
    }
    const size_t distance = EditDistance(typed, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace ovoc::tunnel
