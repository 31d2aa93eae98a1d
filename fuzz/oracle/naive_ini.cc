// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_ini.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fuzz/oracle/naive_credentials.h"
#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxLineBytes = 1024;
constexpr size_t kMaxNameBytes = 64;
constexpr absl::string_view kPasswordName = "WSTunPassword";

// What no value without quotes begins or ends with, beside ", ' and `.
constexpr absl::string_view kQuotes[] = {
    "\u2018", "\u2019", "\u201a", "\u201b", "\u201c", "\u201d", "\u201e",
    "\u201f", "\u00ab", "\u00bb", "\u00b4", "\u2039", "\u203a", "\u2032",
    "\u2033", "\uff02", "\uff07", "\u02bc", "\u2034", "\u2035", "\u2036",
    "\u2037", "\u275b", "\u275c", "\u275d", "\u275e", "\u2e42", "\u300c",
    "\u300d", "\u300e", "\u300f", "\u301d", "\u301e", "\u301f", "\ufe41",
    "\ufe42", "\ufe43", "\ufe44", "\uff62", "\uff63",
};

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

// LineReader goes once over a line, from left to right.
class LineReader {
 public:
  explicit LineReader(absl::string_view line) : line_(line) {}

  char Peek() const { return at_ < line_.size() ? line_[at_] : '\n'; }
  bool AtEnd() const { return at_ == line_.size(); }
  bool AtBlank() const { return Peek() == ' ' || Peek() == '\t'; }

  bool Take(char c) {
    const bool there = !AtEnd() && Peek() == c;
    at_ += there ? 1 : 0;
    return there;
  }

  void SkipBlanks() {
    while (AtBlank()) {
      ++at_;
    }
  }

  bool OnlyCommentIsLeft() {
    SkipBlanks();
    return AtEnd() || Peek() == ';';
  }

  std::string TakeName() {
    std::string name;
    while (IsNameByte(Peek())) {
      name.push_back(line_[at_++]);
    }
    return name;
  }

  // What no name has; false when a ';' is part of it.
  bool SkipForeign() {
    bool comment = false;
    while (!AtEnd() && !IsNameByte(Peek())) {
      comment |= Peek() == ';';
      ++at_;
    }
    return !comment;
  }

  bool HasAhead(char c) const { return line_.find(c, at_) != line_.npos; }

  // Up to and with `end`; false when that does not come.
  bool TakeUpTo(char end, std::string* taken) {
    while (!AtEnd() && Peek() != end) {
      taken->push_back(line_[at_++]);
    }
    return Take(end);
  }

  // Up to a ';' behind a blank; one right behind the '=' is a value.
  std::string TakeUnquoted() {
    std::string value;
    for (; !AtEnd(); ++at_) {
      const char before = line_[at_ - 1];
      if (Peek() == ';' && (before == ' ' || before == '\t')) {
        break;
      }
      value.push_back(Peek());
    }
    return std::string(NaiveTrim(value));
  }

 private:
  absl::string_view line_;
  size_t at_ = 0;
};

bool HasControl(absl::string_view line) {
  for (const char c : line) {
    const int byte = static_cast<unsigned char>(c);
    if ((byte < 32 && byte != 9) || byte == 127) {
      return true;
    }
  }
  return false;
}

// One of them, or of the bytes that Windows-1252 has for some.
bool HasQuoteAtAnEnd(absl::string_view value) {
  if (value.empty()) {
    return false;
  }
  for (const absl::string_view quote : kQuotes) {
    if (absl::StartsWith(value, quote) || absl::EndsWith(value, quote)) {
      return true;
    }
  }
  constexpr absl::string_view kPlain = "\"'`";
  constexpr absl::string_view kOneByte =
      "\x82\x84\x8B\x91\x92\x93\x94\x9B\xAB\xB4\xBB";
  const bool alone =
      value.size() == 1 || static_cast<uint8_t>(value[value.size() - 2]) < 128;
  return kPlain.find(value[0]) != absl::string_view::npos ||
         kPlain.find(value.back()) != absl::string_view::npos ||
         kOneByte.find(value[0]) != absl::string_view::npos ||
         (alone && kOneByte.find(value.back()) != absl::string_view::npos);
}

// U+00A0, which looks like a blank.
bool HasNoBreakAtAnEnd(absl::string_view value) {
  constexpr absl::string_view kNoBreak = "\xC2\xA0";
  return value.size() >= 2 && (value.substr(0, 2) == kNoBreak ||
                               value.substr(value.size() - 2) == kNoBreak);
}

bool ReadParameter(LineReader reader, int number, NaiveIni* ini) {
  NaiveIniLine line = {number, reader.TakeName(), "", false};
  reader.SkipBlanks();
  if (!reader.Take('=') || line.name.empty() ||
      line.name.size() > kMaxNameBytes) {
    return false;
  }
  reader.SkipBlanks();
  if (reader.Take('\'')) {
    if (!reader.TakeUpTo('\'', &line.value) || !reader.OnlyCommentIsLeft()) {
      return false;
    }
  } else {
    line.value = reader.TakeUnquoted();
    line.comment = !reader.AtEnd();
    if (HasQuoteAtAnEnd(line.value)) {
      return false;
    }
  }
  if (HasNoBreakAtAnEnd(line.value)) {
    return false;
  }
  ini->lines.push_back(line);
  return true;
}

bool ReadLine(absl::string_view line, int number, NaiveIni* ini) {
  if (line.size() > kMaxLineBytes || HasControl(line)) {
    return false;
  }
  LineReader reader(line);
  if (reader.OnlyCommentIsLeft()) {
    return true;
  }
  std::string title;
  if (reader.Take('[')) {
    return reader.TakeUpTo(']', &title) && reader.OnlyCommentIsLeft();
  }
  return ReadParameter(reader, number, ini);
}

bool IsOurs(absl::string_view name, absl::string_view begin = "our") {
  return NaiveSameName(name.substr(0, begin.size()), begin);
}

// One of our names behind something other than blanks, and '=' behind it.
bool HidesOurs(LineReader reader) {
  return !IsNameByte(reader.Peek()) && reader.SkipForeign() &&
         IsOurs(reader.TakeName()) && reader.HasAhead('=');
}

// DeviceReader knows whether it is in a table.
struct DeviceReader {
  NaiveIni ini;
  bool in_table = false;
  // The last heading, whether it may be a table's, and the lines read by then.
  std::string heading;
  bool titled = false;
  size_t lines_before = 0;

  // What was read since the heading stands in a table.
  void RefuseSinceHeading() {
    while (ini.lines.size() > lines_before) {
      ini.bad.push_back(ini.lines.back().line);
      ini.lines.pop_back();
    }
    std::sort(ini.bad.begin(), ini.bad.end());
  }

  void ReadHeading(LineReader reader) {
    std::string inside;
    reader.TakeUpTo(']', &inside);
    const std::string title(NaiveTrim(inside));
    const bool end = !title.empty() && title[0] == '\\';
    if (end && titled && NaiveSameName(NaiveTrim(title.substr(1)), heading)) {
      RefuseSinceHeading();
    }
    const bool set_off = !inside.empty() && inside.find_first_of(" \t") == 0;
    const bool one_word = title.find_first_of(" \t") == std::string::npos;
    heading = title;
    titled = !end && (set_off || one_word);
    lines_before = ini.lines.size();
    in_table = false;
  }

  void Read(absl::string_view line, int number) {
    LineReader reader(line);
    if (line.find('\0') != absl::string_view::npos) {
      ini.bad.push_back(number);
      return;
    }
    if (reader.OnlyCommentIsLeft()) {
      return;
    }
    if (reader.Take('[')) {
      ReadHeading(reader);
      return;
    }
    LineReader behind = reader;
    const std::string name = behind.TakeName();
    const bool blank = behind.AtBlank();
    behind.SkipBlanks();
    const bool parameter = !name.empty() && behind.Take('=');
    const bool is_ours = IsOurs(name);
    const bool hides = HidesOurs(reader);
    if (in_table) {
      ++ini.passed_over[2];
      if ((parameter && is_ours) || hides) {
        ini.bad.push_back(number);
      }
    } else if (NaiveSameName(name, "FORMAT") && blank && !parameter) {
      in_table = true;
      ++ini.passed_over[1];
      if (titled) {
        RefuseSinceHeading();
      }
    } else if (!hides && !is_ours) {
      ++ini.passed_over[parameter ? 0 : 3];
    } else if (hides || (line.size() > kMaxLineBytes && IsOurs(name, "ours")) ||
               HasControl(line) || !ReadParameter(reader, number, &ini)) {
      ini.bad.push_back(number);
    }
  }
};

// The lines of a text without their ends; a last one only when it has bytes.
std::vector<std::string> Split(absl::string_view text) {
  std::vector<std::string> lines;
  bool open = false;
  for (const char c : text) {
    if (!open) {
      lines.emplace_back();
    }
    open = c != '\n';
    if (open) {
      lines.back().push_back(c);
    } else if (!lines.back().empty() && lines.back().back() == '\r') {
      lines.back().pop_back();
    }
  }
  if (open && lines.back().back() == '\r') {
    lines.back().pop_back();
  }
  return lines;
}

absl::string_view WithoutMark(absl::string_view text) {
  return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

// The place behind the password's name, where that stands at the front of the
// line; the line's end where another does.
size_t BehindPasswordName(absl::string_view line) {
  const size_t begin = line.find_first_not_of(" \t\xEF\xBB\xBF");
  if (begin == absl::string_view::npos) {
    return line.size();
  }
  const absl::string_view rest = line.substr(begin);
  const absl::string_view name = rest.substr(0, kPasswordName.size());
  const absl::string_view behind = rest.substr(name.size());
  const bool ends = behind.empty() || behind.find_first_of(" \t=\r") == 0;
  return ends && NaiveSameName(name, kPasswordName) ? begin + name.size()
                                                    : line.size();
}

}  // namespace

NaiveIni ReadNaiveIni(absl::string_view text) {
  NaiveIni ini;
  int number = 0;
  for (const std::string& line : Split(WithoutMark(text))) {
    if (!ReadLine(line, ++number, &ini)) {
      ini.bad.push_back(number);
    }
  }
  return ini;
}

NaiveIni ReadNaiveDeviceIni(absl::string_view text) {
  DeviceReader reader;
  int number = 0;
  for (const std::string& line : Split(WithoutMark(text))) {
    reader.Read(line, ++number);
  }
  return reader.ini;
}

std::string HidePassword(absl::string_view text) {
  std::string hidden;
  while (!text.empty()) {
    const size_t feed = text.find('\n');
    const absl::string_view line = text.substr(0, feed);
    text.remove_prefix(feed == absl::string_view::npos ? text.size()
                                                       : feed + 1);
    const size_t behind = BehindPasswordName(line);
    absl::StrAppend(&hidden, line.substr(0, behind),
                    Hidden(line.substr(behind)),
                    feed == absl::string_view::npos ? "" : "\n");
  }
  return hidden;
}

}  // namespace ovoc::fuzz
