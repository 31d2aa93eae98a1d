// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_redaction.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::fuzz {
namespace {

constexpr absl::string_view kHeadEnd = "\r\n\r\n";
constexpr absl::string_view kLineEnds = "\r\n";

// What stands for the value of a field that holds credentials (RFC 9110 11.6.2,
// 11.7.2, RFC 6265); empty for all others.
absl::string_view Replacement(absl::string_view name) {
  const std::string lower =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(name));
  if (lower == "authorization" || lower == "proxy-authorization") {
    return "Basic cmVwbGFjZWQ6cmVwbGFjZWQ=";
  }
  return lower == "cookie" || lower == "set-cookie" ? "replaced=replaced" : "";
}

// Where the line that begins at `at` ends: at CR, LF or the end.
size_t LineEnd(absl::string_view text, size_t at) {
  return std::min(text.find_first_of(kLineEnds, at), text.size());
}

// Behind a line's end: CR LF, CR or LF.
size_t NextLine(absl::string_view text, size_t end) {
  return std::min(text.substr(end, 2) == kLineEnds ? end + 2 : end + 1,
                  text.size());
}

// Where frames begin; the stream's size when they do not.
size_t FramesAt(absl::string_view stream, size_t upgraded_at) {
  if (upgraded_at == stream.npos) {
    return stream.size();
  }
  const size_t from = std::max(upgraded_at, kHeadEnd.size()) - kHeadEnd.size();
  const size_t at = stream.find(kHeadEnd, from);
  return at == stream.npos ? stream.size() : at + kHeadEnd.size();
}

}  // namespace

NaiveRedaction ReadNaiveRedaction(absl::string_view stream,
                                  size_t upgraded_at) {
  NaiveRedaction naive;
  const size_t frames_at = FramesAt(stream, upgraded_at);
  const absl::string_view text = stream.substr(0, frames_at);
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    size_t end = LineEnd(text, begin);
    const size_t colon = text.substr(begin, end - begin).find(':');
    const absl::string_view name = text.substr(begin, colon);
    const absl::string_view replacement =
        colon == text.npos ? "" : Replacement(name);
    at = NextLine(text, end);
    if (replacement.empty()) {
      absl::StrAppend(&naive.recorded, text.substr(begin, at - begin));
      absl::StrAppend(&naive.other, text.substr(begin, at - begin));
      continue;
    }
    // A value goes on in lines that begin with white space (RFC 9112 5.2).
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) {
      end = LineEnd(text, at);
      at = NextLine(text, end);
    }
    ++naive.values;
    const absl::string_view line_end = text.substr(end, at - end);
    absl::StrAppend(&naive.recorded, name, ": ", replacement, line_end);
    absl::StrAppend(&naive.other, name, ":x", line_end);
  }
  absl::StrAppend(&naive.recorded, stream.substr(frames_at));
  absl::StrAppend(&naive.other, stream.substr(frames_at));
  return naive;
}

}  // namespace ovoc::fuzz
