// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_ini.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "fuzz/oracle/naive_credentials.h"
#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxLineBytes = 1024;
constexpr size_t kMaxNameBytes = 64;
constexpr absl::string_view kPasswordName = "WSTunPassword";

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

bool ReadLine(absl::string_view line, NaiveIni* ini) {
  if (line.size() > kMaxLineBytes || HasControl(line)) {
    return false;
  }
  LineReader reader(line);
  if (reader.OnlyCommentIsLeft()) {
    return true;
  }
  std::string value;
  if (reader.Take('[')) {
    return reader.TakeUpTo(']', &value) && reader.OnlyCommentIsLeft();
  }
  const std::string name = reader.TakeName();
  reader.SkipBlanks();
  if (!reader.Take('=') || name.empty() || name.size() > kMaxNameBytes) {
    return false;
  }
  reader.SkipBlanks();
  if (reader.Take('\'')) {
    if (!reader.TakeUpTo('\'', &value) || !reader.OnlyCommentIsLeft()) {
      return false;
    }
  } else {
    value = reader.TakeUnquoted();
  }
  ini->lines.push_back({ini->line, name, value});
  return true;
}

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
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    text.remove_prefix(3);
  }
  NaiveIni ini;
  ini.line = 0;
  for (const std::string& line : Split(text)) {
    ++ini.line;
    ini.good = ReadLine(line, &ini);
    if (!ini.good) {
      break;
    }
  }
  return ini;
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
