// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/request_head.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kTokenMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2

bool IsToken(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        kTokenMarks.find(c) == absl::string_view::npos) {
      return false;
    }
  }
  return !text.empty();
}

bool IsVisible(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) {
      return false;
    }
  }
  return !text.empty();
}

// Neither NUL, CR nor any control character but the tab (RFC 9110 5.5).
bool IsFieldValue(absl::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      return false;
    }
  }
  return true;
}

absl::string_view TrimBlanks(absl::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

size_t RequestHead::Count(absl::string_view name) const {
  size_t count = 0;
  for (const RequestField& field : fields) {
    if (absl::EqualsIgnoreCase(field.name, name)) {
      ++count;
    }
  }
  return count;
}

std::optional<absl::string_view> RequestHead::First(
    absl::string_view name) const {
  for (const RequestField& field : fields) {
    if (absl::EqualsIgnoreCase(field.name, name)) {
      return field.value;
    }
  }
  return std::nullopt;
}

bool RequestHead::HasToken(absl::string_view name,
                           absl::string_view token) const {
  for (const RequestField& field : fields) {
    if (!absl::EqualsIgnoreCase(field.name, name)) {
      continue;
    }
    for (const absl::string_view item : absl::StrSplit(field.value, ',')) {
      if (absl::EqualsIgnoreCase(TrimBlanks(item), token)) {
        return true;
      }
    }
  }
  return false;
}

RequestHeadParser::Result RequestHeadParser::Add(absl::Span<const uint8_t> in,
                                                 size_t* consumed) {
  *consumed = 0;
  if (state_ == State::kError) {
    return Result::kError;
  }
  while (state_ != State::kDone && *consumed < in.size()) {
    const char c = static_cast<char>(in[(*consumed)++]);
    if (++head_bytes_ > kMaxRequestHeadBytes) {
      return Fail(
          absl::StrCat("it is longer than ", kMaxRequestHeadBytes, " bytes"));
    }
    if (c != '\n') {
      line_.push_back(c);
      continue;
    }
    if (TakeLine() == Result::kError) {
      return Result::kError;
    }
    line_.clear();
  }
  return state_ == State::kDone ? Result::kDone : Result::kNeedMore;
}

RequestHeadParser::Result RequestHeadParser::TakeLine() {
  absl::string_view line = line_;
  if (!absl::ConsumeSuffix(&line, "\r") && tolerance_ == Tolerance::kStrict) {
    return Fail("a line ends with a bare LF (RFC 9112 2.2)");
  }
  if (++lines_ > kMaxRequestLines) {
    return Fail(absl::StrCat("it has more than ", kMaxRequestLines, " lines"));
  }
  if (state_ == State::kRequestLine) {
    if (line.empty() && tolerance_ == Tolerance::kNginx) {
      return Result::kNeedMore;
    }
    return TakeRequestLine(line);
  }
  if (line.empty()) {
    state_ = State::kDone;
    return Result::kDone;
  }
  return TakeField(line);
}

RequestHeadParser::Result RequestHeadParser::TakeRequestLine(
    absl::string_view line) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 3 || !IsToken(parts[0]) || !IsVisible(parts[1])) {
    return Fail("the first line is not \"method target version\" (RFC 9112 3)");
  }
  absl::string_view minor = parts[2];
  if (!absl::ConsumePrefix(&minor, "HTTP/1.") || minor.size() != 1 ||
      !absl::ascii_isdigit(static_cast<unsigned char>(minor[0]))) {
    return Fail("the version is not HTTP/1.x (RFC 9112 2.3)");
  }
  head_.method = std::string(parts[0]);
  head_.target = std::string(parts[1]);
  head_.minor_version = minor[0] - '0';
  state_ = State::kFields;
  return Result::kNeedMore;
}

RequestHeadParser::Result RequestHeadParser::TakeField(absl::string_view line) {
  const size_t colon = line.find(':');
  const bool readable = colon != absl::string_view::npos &&
                        IsToken(line.substr(0, colon)) &&
                        IsFieldValue(line.substr(colon + 1));
  if (!readable) {
    // nginx logs such a line and goes on; only NUL ends the request there.
    if (tolerance_ == Tolerance::kNginx &&
        line.find('\0') == absl::string_view::npos) {
      return Result::kNeedMore;
    }
    return Fail("a line is not \"name: value\" (RFC 9112 5)");
  }
  head_.fields.push_back({std::string(line.substr(0, colon)),
                          std::string(TrimBlanks(line.substr(colon + 1)))});
  return Result::kNeedMore;
}

RequestHeadParser::Result RequestHeadParser::Fail(absl::string_view what) {
  state_ = State::kError;
  status_ = absl::InvalidArgumentError(absl::StrCat("request head: ", what));
  return Result::kError;
}

}  // namespace ovoc::conformance
