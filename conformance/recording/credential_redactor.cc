// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/credential_redactor.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace ovoc::conformance {
namespace {

// "replaced:replaced": credentials in form (RFC 7617 2), nobody's in fact.
constexpr absl::string_view kBasic = "Basic cmVwbGFjZWQ6cmVwbGFjZWQ=";
constexpr absl::string_view kCookie = "replaced=replaced";

constexpr std::array<std::pair<absl::string_view, absl::string_view>, 4>
    kFields = {{{"Authorization", kBasic},
                {"Proxy-Authorization", kBasic},
                {"Cookie", kCookie},
                {"Set-Cookie", kCookie}}};

// Longer ones are none of kFields, whose longest has 19, with a blank behind.
constexpr size_t kMaxNameBytes = 20;
constexpr uint32_t kHeadEnd = 0x0D0A0D0A;  // CR LF CR LF (RFC 9112 2.1)

bool IsBlank(uint8_t byte) { return byte == ' ' || byte == '\t'; }
// In front of a name or a colon, where StripAsciiWhitespace passes over more.
bool IsWhite(uint8_t byte) { return absl::ascii_isspace(byte); }
bool IsLineEnd(uint8_t byte) { return byte == '\r' || byte == '\n'; }

void Append(absl::string_view text, std::vector<uint8_t>* out) {
  out->insert(out->end(), text.begin(), text.end());
}

}  // namespace

absl::string_view ReplacementFor(absl::string_view field_name) {
  for (const auto& [name, replacement] : kFields) {
    if (absl::EqualsIgnoreCase(field_name, name)) {
      return replacement;
    }
  }
  return "";
}

std::vector<uint8_t> CredentialRedactor::Redact(absl::Span<const uint8_t> in) {
  std::vector<uint8_t> out;
  out.reserve(in.size());
  for (const uint8_t byte : in) {
    AddByte(byte, &out);
  }
  return out;
}

void CredentialRedactor::ExpectFrames() { expect_frames_ = true; }

std::vector<uint8_t> CredentialRedactor::Finish() {
  return std::exchange(held_, {});
}

void CredentialRedactor::AddByte(uint8_t byte, std::vector<uint8_t>* out) {
  if (expect_frames_ && last_bytes_ == kHeadEnd) {
    state_ = State::kFrames;
  }
  last_bytes_ = last_bytes_ << 8 | byte;
  switch (state_) {
    case State::kName:
      AddToName(byte, out);
      return;
    case State::kOtherLine:
      out->push_back(byte);
      if (IsLineEnd(byte)) {
        state_ = State::kName;
      }
      return;
    case State::kValue:
      if (IsLineEnd(byte)) {
        held_ = {byte};
        state_ = State::kValueEnded;
      }
      return;
    case State::kValueEnded:
      AddAfterValue(byte, out);
      return;
    case State::kFrames:
      out->push_back(byte);
      return;
  }
}

void CredentialRedactor::AddToName(uint8_t byte, std::vector<uint8_t>* out) {
  out->push_back(byte);
  if (IsLineEnd(byte)) {
    name_.clear();
    return;
  }
  if (byte == ':') {
    const absl::string_view replacement =
        ReplacementFor(absl::StripAsciiWhitespace(name_));
    name_.clear();
    if (replacement.empty()) {
      state_ = State::kOtherLine;
      return;
    }
    out->push_back(' ');
    Append(replacement, out);
    state_ = State::kValue;
    return;
  }
  if (IsWhite(byte) && (name_.empty() || name_.back() == ' ')) {
    return;  // any amount of white space counts as one blank
  }
  if (name_.size() == kMaxNameBytes) {
    name_.clear();
    state_ = State::kOtherLine;
    return;
  }
  name_.push_back(IsWhite(byte) ? ' ' : static_cast<char>(byte));
}

void CredentialRedactor::AddAfterValue(uint8_t byte,
                                       std::vector<uint8_t>* out) {
  if (IsBlank(byte)) {
    held_.clear();  // folded: the value goes on
    state_ = State::kValue;
    return;
  }
  if (byte == '\n' && held_.back() == '\r') {
    held_.push_back(byte);
    return;
  }
  out->insert(out->end(), held_.begin(), held_.end());
  held_.clear();
  state_ = State::kName;
  AddToName(byte, out);
}

}  // namespace ovoc::conformance
