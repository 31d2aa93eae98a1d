// SPDX-License-Identifier: Apache-2.0
#include "auth/response_head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/http_token.h"

namespace ovoc::auth {
namespace {

// Where the parts of "HTTP/1.1 101 Switching Protocols" stand (RFC 9112 4).
constexpr size_t kMinorVersionOffset = 7;
constexpr size_t kStatusCodeOffset = 9;
constexpr size_t kStatusCodeDigits = 3;
constexpr size_t kReasonOffset = 13;
constexpr absl::string_view kEllipsis = "...";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// IsForbiddenControl: what no line may hold; CR and LF are dealt with before.
bool IsForbiddenControl(uint8_t byte) {
  return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

// IsStatusCode: 100 to 599 (RFC 9110 15); `text` has three characters.
bool IsStatusCode(absl::string_view text) {
  return text[0] >= '1' && text[0] <= '5' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

absl::string_view TrimBlanks(absl::string_view text) {
  while (!text.empty() && IsBlank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && IsBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string HexByte(uint8_t byte) {
  return absl::StrCat("byte 0x", absl::Hex(byte, absl::kZeroPad2));
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string shown(text.substr(0, kMaxShownBytes));
  for (char& c : shown) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      c = '?';
    }
  }
  if (text.size() > kMaxShownBytes) {
    shown.resize(kMaxShownBytes - kEllipsis.size());
    absl::StrAppend(&shown, kEllipsis);
  }
  return shown;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", Printable(text), "\"");
}

std::vector<absl::string_view> ResponseHead::Values(
    absl::string_view name) const {
  std::vector<absl::string_view> values;
  for (const HeaderField& field : fields) {
    // RFC 6455 4.1: header names are compared without regard to case
    if (absl::EqualsIgnoreCase(field.name, name)) {
      values.push_back(field.value);
    }
  }
  return values;
}

ResponseHeadParser::ResponseHeadParser() {
  line_.reserve(kMaxHeadBytes);
  head_.fields.reserve(kMaxHeaderLines);
}

ResponseHeadParser::Result ResponseHeadParser::Add(absl::Span<const uint8_t> in,
                                                   size_t* consumed) {
  *consumed = 0;
  while (state_ != State::kDone && state_ != State::kFailed) {
    if (*consumed == in.size()) {
      return Result::kNeedMore;
    }
    // RFC 9112 2.2 MUST: the head is parsed as octets, not as Unicode text
    AddByte(in[*consumed]);
    ++*consumed;
  }
  return state_ == State::kDone ? Result::kDone : Result::kError;
}

absl::Status ResponseHeadParser::EndOfInput() {
  if (state_ == State::kStatusLine || state_ == State::kFieldLines) {
    // RFC 9112 8 MUST: a response that the close cut short is incomplete
    Fail("the connection was closed before the empty line (RFC 9112 8)",
         absl::StrCat(head_bytes_, " bytes"));
  }
  return status_;
}

const ResponseHead& ResponseHeadParser::head() const { return head_; }

void ResponseHeadParser::AddByte(uint8_t byte) {
  if (head_bytes_ == kMaxHeadBytes) {
    return Fail(absl::StrCat("the head may have at most ", kMaxHeadBytes,
                             " bytes (our limit; RFC 9112 2.3, 5)"),
                "more");
  }
  ++head_bytes_;
  if (after_cr_) {
    after_cr_ = false;
    if (byte != '\n') {
      // RFC 9112 2.2 MUST: a bare CR is invalid
      return Fail("CR must be followed by LF (RFC 9112 2.2)", HexByte(byte));
    }
    return EndLine();
  }
  if (byte == '\r') {
    after_cr_ = true;
    return;
  }
  if (byte == '\n') {
    return Fail("a line must end in CR LF (RFC 9112 2.2)", "a bare LF");
  }
  if (IsForbiddenControl(byte)) {
    return Fail("control bytes are not allowed (RFC 9112 4, RFC 9110 5.5)",
                HexByte(byte));
  }
  line_.push_back(static_cast<char>(byte));
}

void ResponseHeadParser::EndLine() {
  switch (state_) {
    case State::kStatusLine:
      ParseStatusLine();
      break;
    case State::kFieldLines:
      if (line_.empty()) {
        state_ = State::kDone;
      } else {
        ParseFieldLine();
      }
      break;
    case State::kDone:
    case State::kFailed:
      return;
  }
  line_.clear();
  ++line_number_;
}

void ResponseHeadParser::ParseStatusLine() {
  const absl::string_view line = line_;
  if (line.empty()) {
    return Fail("the status line must come first (RFC 9112 2.1)",
                "an empty line");
  }
  if (!absl::StartsWith(line, "HTTP/1.1 ") &&
      !absl::StartsWith(line, "HTTP/1.0 ")) {
    return Fail(
        "the status line must begin with \"HTTP/1.1 \" or \"HTTP/1.0 \" "
        "(RFC 9112 2.3, 4)",
        Quoted(line));
  }
  if (line.size() < kReasonOffset || line[kReasonOffset - 1] != ' ' ||
      !IsStatusCode(line.substr(kStatusCodeOffset, kStatusCodeDigits))) {
    return Fail(
        "the status code must be three digits, 100 to 599, and one space "
        "(RFC 9112 4)",
        Quoted(line));
  }
  const absl::string_view reason = line.substr(kReasonOffset);
  // The grammar would let a reason phrase begin with a blank; a second space
  // there is likelier a sender that does not know where its fields end.
  if (!reason.empty() && IsBlank(reason.front())) {
    return Fail(
        "exactly one space must come before the reason phrase (RFC 9112 4)",
        Quoted(line));
  }
  head_.minor_version = line[kMinorVersionOffset] - '0';
  for (char digit : line.substr(kStatusCodeOffset, kStatusCodeDigits)) {
    head_.status_code = head_.status_code * 10 + (digit - '0');
  }
  head_.reason = std::string(reason);
  state_ = State::kFieldLines;
}

void ResponseHeadParser::ParseFieldLine() {
  const absl::string_view line = line_;
  if (head_.fields.size() == kMaxHeaderLines) {
    return Fail(absl::StrCat("at most ", kMaxHeaderLines,
                             " header lines are allowed (our limit; RFC 9110 "
                             "5.4)"),
                "one more");
  }
  if (IsBlank(line.front())) {
    // RFC 9112 2.2 MUST: white space before the first field is refused
    //
    // RFC 9112 5.2 MUST: a folded line is read as if the fold were spaces (a
    // deviation: no server has had a reason to fold since 2014, and a fold
    // hides a header from one reader and shows it to the next)
    return Fail(
        "a line must not begin with white space (RFC 9112 2.2, folding: 5.2)",
        Quoted(line));
  }
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) {
    return Fail("a header line must have a colon (RFC 9112 5)", Quoted(line));
  }
  const absl::string_view name = line.substr(0, colon);
  if (name.empty()) {
    return Fail("a header name must not be empty (RFC 9112 5)", Quoted(line));
  }
  if (IsBlank(name.back())) {
    return Fail("white space must not come before the colon (RFC 9112 5.1)",
                Quoted(line));
  }
  if (!IsToken(name)) {
    return Fail("a header name must be a token (RFC 9110 5.1, 5.6.2)",
                Quoted(name));
  }
  const absl::string_view value = TrimBlanks(line.substr(colon + 1));
  head_.fields.push_back({std::string(name), std::string(value)});
}

void ResponseHeadParser::Fail(absl::string_view rule, absl::string_view found) {
  status_ = absl::InvalidArgumentError(absl::StrCat(
      "response head, line ", line_number_, ": ", rule, "; found ", found));
  state_ = State::kFailed;
  // Nobody shall act on one half of a head.
  head_ = ResponseHead();
}

}  // namespace ovoc::auth
