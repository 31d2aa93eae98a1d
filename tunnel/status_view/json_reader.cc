// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/json_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "frame/utf8.h"

namespace ovoc::tunnel {
namespace {

using Kind = JsonValue::Kind;

constexpr uint32_t kFirstLowSurrogate = 0xdc00;

bool IsUtf8(absl::string_view text) {
  frame::Utf8Validator validator;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  return validator.Add(absl::MakeConstSpan(bytes, text.size())) &&
         validator.Complete();
}

bool IsHighSurrogate(uint32_t unit) { return unit >> 10 == 0xd800 >> 10; }
bool IsLowSurrogate(uint32_t unit) {
  return unit >> 10 == kFirstLowSurrogate >> 10;
}

// RFC 3629 3; `character` is a code point that is no surrogate.
void AppendUtf8(uint32_t character, std::string* out) {
  if (character < 0x80) {
    out->push_back(static_cast<char>(character));
    return;
  }
  if (character < 0x800) {
    out->push_back(static_cast<char>(0xc0 | character >> 6));
  } else if (character < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | character >> 12));
    out->push_back(static_cast<char>(0x80 | (character >> 6 & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | character >> 18));
    out->push_back(static_cast<char>(0x80 | (character >> 12 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (character >> 6 & 0x3f)));
  }
  out->push_back(static_cast<char>(0x80 | (character & 0x3f)));
}

bool NamesAreDifferent(const std::vector<JsonMember>& members) {
  std::vector<absl::string_view> names;
  names.reserve(members.size());
  for (const JsonMember& member : members) {
    names.push_back(member.name);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

// Parser goes over the text once. Each function takes what it is named for and
// returns whether it was there; at the first failure all of them stop.
class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text) {}

  absl::StatusOr<JsonValue> ReadDocument() {
    JsonValue value;
    if (ReadValue(0, &value)) {
      SkipBlanks();
      if (at_ == text_.size()) {
        return value;
      }
      Fail("something follows the value");
    }
    return absl::Status(code_,
                        absl::StrCat("at byte ", at_ + 1, ": ", problem_));
  }

 private:
  bool Fail(absl::string_view problem) {
    problem_ = problem;
    return false;
  }

  bool FailAtLimit(absl::string_view problem) {
    code_ = absl::StatusCode::kResourceExhausted;
    return Fail(problem);
  }

  // The next byte, or NUL at the end of the text. A NUL is nowhere allowed.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool Take(char wanted) {
    if (at_ == text_.size() || text_[at_] != wanted) {
      return false;
    }
    ++at_;
    return true;
  }

  void SkipBlanks() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' ||
           Peek() == '\r') {
      ++at_;
    }
  }

  bool ReadValue(size_t depth, JsonValue* value) {
    SkipBlanks();
    if (++count_ > kMaxJsonValues) {
      return FailAtLimit("there are too many values");
    }
    switch (Peek()) {
      case '{':
      case '[':
        if (depth == kMaxJsonDepth) {
          return FailAtLimit("arrays and objects are nested too deeply");
        }
        return Peek() == '{' ? ReadObject(depth + 1, value)
                             : ReadArray(depth + 1, value);
      case '"':
        value->kind = Kind::kString;
        return ReadString(&value->text);
      case 'n':
        return ReadWord("null", Kind::kNull, value);
      case 'f':
        return ReadWord("false", Kind::kFalse, value);
      case 't':
        return ReadWord("true", Kind::kTrue, value);
      default:
        return ReadNumber(value);
    }
  }

  bool ReadWord(absl::string_view word, Kind kind, JsonValue* value) {
    if (text_.substr(at_, word.size()) != word) {
      return Fail("a value is expected");
    }
    at_ += word.size();
    value->kind = kind;
    return true;
  }

  bool ReadArray(size_t depth, JsonValue* value) {
    value->kind = Kind::kArray;
    ++at_;  // the bracket
    SkipBlanks();
    if (Take(']')) {
      return true;
    }
    do {
      value->items.emplace_back();
      if (!ReadValue(depth, &value->items.back())) {
        return false;
      }
      SkipBlanks();
    } while (Take(','));
    return Take(']') || Fail("',' or ']' is expected");
  }

  bool ReadObject(size_t depth, JsonValue* value) {
    value->kind = Kind::kObject;
    ++at_;  // the brace
    SkipBlanks();
    if (Take('}')) {
      return true;
    }
    do {
      value->members.emplace_back();
      if (!ReadMember(depth, &value->members.back())) {
        return false;
      }
      SkipBlanks();
    } while (Take(','));
    if (!Take('}')) {
      return Fail("',' or '}' is expected");
    }
    return NamesAreDifferent(value->members) ||
           Fail("two members of the object before have the same name");
  }

  bool ReadMember(size_t depth, JsonMember* member) {
    SkipBlanks();
    if (Peek() != '"') {
      return Fail("a name in quotation marks is expected");
    }
    if (!ReadString(&member->name)) {
      return false;
    }
    SkipBlanks();
    if (!Take(':')) {
      return Fail("':' is expected");
    }
    return ReadValue(depth, &member->value);
  }

  bool TakeDigits() {
    const size_t first = at_;
    while (absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) {
      ++at_;
    }
    return at_ > first;
  }

  // RFC 8259 6: [ minus ] int [ frac ] [ exp ].
  bool ReadNumber(JsonValue* value) {
    const size_t first = at_;
    const bool negative = Take('-');
    if (!Take('0') && !TakeDigits()) {
      return Fail(negative ? "a digit is expected" : "a value is expected");
    }
    if (Take('.') && !TakeDigits()) {
      return Fail("a digit is expected");
    }
    if (Take('e') || Take('E')) {
      if (!Take('+')) {
        Take('-');
      }
      if (!TakeDigits()) {
        return Fail("a digit is expected");
      }
    }
    value->kind = Kind::kNumber;
    value->text = std::string(text_.substr(first, at_ - first));
    return (absl::SimpleAtod(value->text, &value->number) &&
            std::isfinite(value->number)) ||
           Fail("the number before is too large");
  }

  // RFC 8259 7.
  bool ReadString(std::string* out) {
    ++at_;  // the quotation mark
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (Take('"')) {
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        return Fail("a control character has to be escaped");
      }
      ++at_;
      if (c != '\\') {
        out->push_back(c);
      } else if (!ReadEscape(out)) {
        return false;
      }
    }
    return Fail("the text ends within a string");
  }

  bool ReadEscape(std::string* out) {
    constexpr absl::string_view kLetters = "\"\\/bfnrt";
    constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (Take('u')) {
      return ReadCharacter(out);
    }
    const size_t letter = kLetters.find(Peek());
    if (letter == absl::string_view::npos) {
      return Fail("there is no such escape");
    }
    ++at_;
    out->push_back(kMeanings[letter]);
    return true;
  }

  // What follows \u: a character, or the first half of one, which the second
  // half has to follow.
  bool ReadCharacter(std::string* out) {
    std::optional<uint32_t> unit = ReadUnit();
    if (unit.has_value() && IsHighSurrogate(*unit)) {
      const uint32_t high = *unit & 0x3ff;
      unit = Take('\\') && Take('u') ? ReadUnit() : std::nullopt;
      if (!unit.has_value() || !IsLowSurrogate(*unit)) {
        return Fail("the second half of a character is expected");
      }
      AppendUtf8(0x10000 + (high << 10) + (*unit & 0x3ff), out);
      return true;
    }
    if (!unit.has_value() || IsLowSurrogate(*unit)) {
      return Fail("\\u needs four hexadecimal digits, of a whole character");
    }
    AppendUtf8(*unit, out);
    return true;
  }

  // Four hexadecimal digits.
  std::optional<uint32_t> ReadUnit() {
    uint32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char digit = Peek();
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(digit))) {
        return std::nullopt;
      }
      const int value =
          absl::ascii_isdigit(static_cast<unsigned char>(digit))
              ? digit - '0'
              : absl::ascii_tolower(static_cast<unsigned char>(digit)) - 'a' +
                    10;
      unit = unit << 4 | static_cast<uint32_t>(value);
      ++at_;
    }
    return unit;
  }

  const absl::string_view text_;
  size_t at_ = 0;     // the next byte
  size_t count_ = 0;  // of the values so far
  absl::StatusCode code_ = absl::StatusCode::kInvalidArgument;
  absl::string_view problem_;
};

}  // namespace

const JsonValue* JsonValue::Find(absl::string_view name) const {
  for (const JsonMember& member : members) {
    if (member.name == name) {
      return &member.value;
    }
  }
  return nullptr;
}

absl::StatusOr<JsonValue> ReadJson(absl::string_view text) {
  if (text.size() > kMaxJsonBytes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the text has ", text.size(), " bytes, more than ", kMaxJsonBytes));
  }
  if (!IsUtf8(text)) {
    return absl::InvalidArgumentError("the text is not UTF-8");
  }
  return Parser(text).ReadDocument();
}

}  // namespace ovoc::tunnel
