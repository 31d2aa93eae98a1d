// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/content/log_line.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kCutMark = " cut=1";
constexpr size_t kMaxBodyBytes = kMaxLogLineBytes - kCutMark.size();

bool IsPlain(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != '=' && c != '\\';
}

bool NeedsQuotes(absl::string_view value) {
  return value.empty() || !std::all_of(value.begin(), value.end(), IsPlain);
}

std::string Escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (c >= 0x20 && c < 0x7f) {
    return std::string(1, c);
  }
  return absl::StrFormat("\\x%02x", static_cast<unsigned char>(c));
}

}  // namespace

LogLine::LogLine(absl::string_view event) {
  text_ = absl::StrCat("event=", event.substr(0, kMaxBodyBytes / 2));
}

LogLine& LogLine::Add(absl::string_view key, absl::string_view value) {
  // Room for " key=" and an empty pair of quotes, or the field is dropped.
  if (cut_ || text_.size() + key.size() + 4 > kMaxBodyBytes) {
    cut_ = true;
    return *this;
  }
  absl::StrAppend(&text_, " ", key, "=");
  if (NeedsQuotes(value)) {
    AppendQuoted(value);
    return *this;
  }
  const size_t room = kMaxBodyBytes - text_.size();
  cut_ = value.size() > room;
  absl::StrAppend(&text_, value.substr(0, room));
  return *this;
}

LogLine& LogLine::Add(absl::string_view key, int64_t value) {
  return Add(key, absl::string_view(absl::StrCat(value)));
}

void LogLine::AppendQuoted(absl::string_view value) {
  text_.push_back('"');
  for (const char c : value) {
    const std::string escaped = Escaped(c);
    if (text_.size() + escaped.size() + 1 > kMaxBodyBytes) {
      cut_ = true;
      break;
    }
    text_.append(escaped);
  }
  text_.push_back('"');
}

std::string LogLine::ToString() const {
  return cut_ ? absl::StrCat(text_, kCutMark) : text_;
}

}  // namespace ovoc::tunnel
