// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TESTING_STATE_DIAGRAM_H_
#define OVOC_TUNNEL_TESTING_STATE_DIAGRAM_H_

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ArrowsOf reads the Mermaid state diagram of the document at `path`. It
// returns "Open --> Closing: CloseAsked" for each arrow and each event that the
// arrow names. Arrows without an event are left out.
inline std::set<std::string> ArrowsOf(const std::string& path) {
  std::ifstream file(path);
  std::set<std::string> arrows;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    is_inside = line == "```mermaid" || (is_inside && line != "```");
    const std::vector<std::string> parts =
        absl::StrSplit(absl::StripAsciiWhitespace(line), ": ");
    if (!is_inside || parts.size() != 2 ||
        !absl::StrContains(parts[0], "-->")) {
      continue;
    }
    for (const absl::string_view event : absl::StrSplit(parts[1], ", ")) {
      arrows.insert(absl::StrCat(parts[0], ": ", event));
    }
  }
  return arrows;
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_STATE_DIAGRAM_H_
