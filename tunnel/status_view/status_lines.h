// SPDX-License-Identifier: Apache-2.0
//
// The status for people: a label and a text on each line.

#ifndef OVOC_TUNNEL_STATUS_VIEW_STATUS_LINES_H_
#define OVOC_TUNNEL_STATUS_VIEW_STATUS_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/status_view/status_record.h"
#include "tunnel/status_view/verdict.h"

namespace ovoc::tunnel {

enum class Tint : uint8_t { kPlain, kGood, kWarning, kBad };

struct StatusLine {
  absl::string_view label;  // static storage; empty: the line before goes on
  std::string text;         // as ShownText makes it
  Tint tint = Tint::kPlain;
};

// A certificate that expires sooner than this is a warning.
inline constexpr absl::Duration kCertificateWarning = absl::Hours(30 * 24);
// Of the events in the file, so many are shown: the last ones.
inline constexpr size_t kShownEvents = 10;

// StatusLines says what the file has, the verdict first. What is not in the
// file has no line. `now` is the wall-clock time.
std::vector<StatusLine> StatusLines(const StatusRecord& record,
                                    const Verdict& verdict, absl::Time now);

enum class Colour : uint8_t { kNone, kAnsi };

// Aligned returns one line for each, with all texts in one column. With kAnsi a
// text that is not plain is green, yellow or red (ECMA-48 8.3.117).
std::string Aligned(const std::vector<StatusLine>& lines, Colour colour);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_STATUS_LINES_H_
