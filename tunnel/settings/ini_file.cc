// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "tunnel/settings/ini_table.h"
#include "tunnel/settings/ini_word.h"
#include "tunnel/settings/quotes.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr absl::string_view kWriteLine =
    "write Name = value, Name = 'value', [section] or a ; comment";
constexpr absl::string_view kWriteQuotes =
    "write Name = 'value', with straight single quotes (')";
constexpr absl::string_view kCloseQuote =
    "end the value with a ' that nothing but a ; comment follows";
constexpr absl::string_view kNameFirst =
    "begin the line with the name, without quotes, or a comment with ;";
constexpr absl::string_view kRemoveIt = "remove it, or type a space instead";
constexpr size_t kMaxShownFrontBytes = 16;

// Place says where an error is, for messages.
struct Place {
  absl::string_view file;
  int line;
};

absl::Status ErrorAt(const Place& place, absl::string_view name,
                     absl::string_view problem, absl::string_view remedy) {
  return SettingStatus({.file = place.file,
                        .line = place.line,
                        .name = name,
                        .problem = problem,
                        .remedy = remedy,
                        .meant = ""});
}

absl::Status TooLong(const Place& place, absl::string_view what, size_t bytes,
                     size_t limit) {
  return ErrorAt(place, "",
                 absl::StrCat("the ", what, " has ", bytes, " bytes"),
                 absl::StrCat("use at most ", limit));
}

bool IsControl(char c) {
  return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f;
}

// TakeLine removes one line with its end from text; CR belongs to the end.
absl::string_view TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

absl::Status CheckBytes(absl::string_view line, const Place& place,
                        IniClaim claim) {
  if (line.size() > kMaxIniLineBytes && claim != IniClaim::kAlike) {
    return TooLong(place, "line", line.size(), kMaxIniLineBytes);
  }
  const auto control = std::find_if(line.begin(), line.end(), IsControl);
  if (control != line.end() && *control == '\r') {
    return ErrorAt(place, "", "a CR is not followed by an LF",
                   "end lines with LF or CR LF");
  }
  if (control != line.end()) {
    return ErrorAt(
        place, "",
        absl::StrFormat("the line has the control byte 0x%02x", *control),
        "remove it");
  }
  return absl::OkStatus();
}

absl::Status CheckName(absl::string_view name, const Place& place) {
  // What stands here is not shown: after a slip of the hand it may be the
  // password.
  if (name.empty() || !std::all_of(name.begin(), name.end(), IsIniNameByte)) {
    return ErrorAt(place, "",
                   HasNoBreakSpaceAtAnEnd(name)
                       ? "a no-break space (U+00A0) stands beside the name"
                       : "the text before the '=' is not a name",
                   kWriteLine);
  }
  if (name.size() > kMaxIniNameBytes) {
    return TooLong(place, "name", name.size(), kMaxIniNameBytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<IniLine> ParseBare(absl::string_view text, IniLine line,
                                  const Place& place) {
  const absl::string_view cut = WithoutIniComment(text);
  line.value = StripIniBlanks(cut);
  line.form = cut.size() < text.size() ? IniForm::kCommented : IniForm::kBare;
  const absl::string_view quote =
      line.value.empty() ? "" : ForeignQuote(line.value);
  if (!quote.empty() && !HasNoBreakSpaceAtAnEnd(line.value)) {
    return ErrorAt(place, line.name, absl::StrCat("the value has ", quote),
                   kWriteQuotes);
  }
  return line;
}

// ParseValue takes all that follows the '='.
absl::StatusOr<IniLine> ParseValue(absl::string_view text, IniLine line,
                                   const Place& place) {
  absl::string_view quoted = StripIniBlanks(text);
  if (!absl::ConsumePrefix(&quoted, "'")) {
    return ParseBare(text, line, place);
  }
  const size_t end = quoted.find('\'');
  if (end == absl::string_view::npos) {
    return ErrorAt(place, line.name, "the closing ' is missing", kCloseQuote);
  }
  const absl::string_view rest = StripIniBlanks(quoted.substr(end + 1));
  if (!IsBlankOrIniComment(rest)) {
    return ErrorAt(place, line.name,
                   HasNoBreakSpaceAtAnEnd(rest)
                       ? "the value has a no-break space (U+00A0) behind it"
                       : "text follows the closing '",
                   kCloseQuote);
  }
  line.value = quoted.substr(0, end);
  line.form = IniForm::kQuoted;
  return line;
}

absl::Status CheckSection(absl::string_view line, const Place& place) {
  const size_t end = line.find(']');
  if (end == absl::string_view::npos) {
    return ErrorAt(place, "", "the closing ']' is missing", kWriteLine);
  }
  if (!IsBlankOrIniComment(line.substr(end + 1))) {
    return ErrorAt(place, "", "text follows the ']'", kWriteLine);
  }
  return absl::OkStatus();
}

// ParseParameter reads a line that is neither blank nor comment nor section.
absl::StatusOr<IniLine> ParseParameter(absl::string_view line,
                                       const Place& place) {
  const size_t equals = line.find('=');
  if (line.front() == '#' || equals == absl::string_view::npos) {
    return ErrorAt(
        place, "",
        line.front() == '#' ? "the line begins with #" : "the line has no '='",
        kWriteLine);
  }
  const absl::string_view name = StripIniBlanks(line.substr(0, equals));
  if (absl::Status status = CheckName(name, place); !status.ok()) {
    return status;
  }
  const absl::StatusOr<IniLine> read =
      ParseValue(line.substr(equals + 1),
                 IniLine{.line = place.line, .name = name, .value = ""}, place);
  return read.ok() && HasNoBreakSpaceAtAnEnd(read->value)
             ? ErrorAt(place, name,
                       "the value has a no-break space (U+00A0) at one end",
                       kRemoveIt)
             : read;
}

// "FORMAT Title_Index = ...": a parameter of that name would have its '=' next.
bool IsFormat(absl::string_view line, absl::string_view word) {
  return absl::EqualsIgnoreCase(word, "FORMAT") && line.size() > word.size() &&
         IsIniBlank(line[word.size()]) && !IsParameter(line, word);
}

// Reader takes a file line by line.
class Reader {
 public:
  Reader(absl::string_view file, IniDialect dialect, ClaimOf claim_of)
      : file_(file), dialect_(dialect), claim_of_(claim_of) {}

  void Add(absl::string_view raw, int number);
  IniFile TakeFile() { return std::move(read_); }

 private:
  IniClaim Claim(absl::string_view word) const {
    return word.empty() ? IniClaim::kNone : claim_of_(word);
  }
  void Keep(const absl::StatusOr<IniLine>& line, const Place& place);
  void AddStrict(absl::string_view raw, const Place& place);
  void AddOfDevice(absl::string_view raw, const Place& place);
  void AddRow(absl::string_view line, const Place& place);
  void AddHeading(absl::string_view line, const Place& place);
  // One of our names behind what no name has, which is often invisible.
  absl::Status CheckFront(absl::string_view line, const Place& place) const;
  // What was read since the last heading stands in a table.
  void RefuseSinceHeading();
  // One of our names in the table: whoever wrote it wanted it to be read.
  absl::Status InsideTable(absl::string_view name, const Place& place) const;

  const absl::string_view file_;
  const IniDialect dialect_;
  const ClaimOf claim_of_;
  IniTable table_;
  size_t read_at_heading_ = 0;  // lines read when the last heading came
  IniFile read_;
};

void Reader::Keep(const absl::StatusOr<IniLine>& line, const Place& place) {
  if (line.ok()) {
    read_.lines.push_back(*line);
  } else {
    read_.errors.Add(place.line, line.status());
  }
}

void Reader::Add(absl::string_view raw, int number) {
  const Place place = {file_, number};
  dialect_ == IniDialect::kStrict ? AddStrict(raw, place)
                                  : AddOfDevice(raw, place);
}

void Reader::AddStrict(absl::string_view raw, const Place& place) {
  absl::Status status = CheckBytes(raw, place, IniClaim::kOurs);
  const absl::string_view line = StripIniBlanks(raw);
  if (status.ok() && IsBlankOrIniComment(line)) {
    return;
  }
  if (status.ok() && line.front() == '[') {
    status = CheckSection(line, place);
  } else if (status.ok()) {
    return Keep(ParseParameter(line, place), place);
  }
  if (!status.ok()) {
    read_.errors.Add(place.line, status);
  }
}

void Reader::AddOfDevice(absl::string_view raw, const Place& place) {
  const absl::string_view line = StripIniBlanks(raw);
  if (absl::StrContains(raw, '\0')) {
    read_.errors.Add(place.line, ErrorAt(place, "", "the line has a NUL byte",
                                         "use a text file"));
    return;
  }
  if (IsBlankOrIniComment(line)) {
    return;
  }
  if (line.front() == '[') {
    return AddHeading(line, place);
  }
  if (table_.is_open()) {
    return AddRow(line, place);
  }
  const absl::string_view word = FirstWord(line);
  if (IsFormat(line, word)) {
    table_.TakeFormat(place.line);
    ++read_.passed_over.tables;
    if (table_.MayBeTitled()) {
      RefuseSinceHeading();
    }
  } else if (IniClaim claim = Claim(word); claim != IniClaim::kNone) {
    const absl::Status status = CheckBytes(raw, place, claim);
    Keep(status.ok() ? ParseParameter(line, place) : status, place);
  } else if (IsParameter(line, word)) {
    read_.passed_over.AddParameter(line, place.line);
  } else if (absl::Status status = CheckFront(line, place); !status.ok()) {
    read_.errors.Add(place.line, status);
  } else {
    ++read_.passed_over.others;
  }
}

absl::Status Reader::CheckFront(absl::string_view line,
                                const Place& place) const {
  const HiddenWord hidden = FindHiddenWord(line);
  if (Claim(hidden.word) == IniClaim::kNone) {
    return absl::OkStatus();
  }
  absl::string_view front = hidden.front.substr(0, kMaxShownFrontBytes);
  if (absl::StartsWith(front, kByteOrderMark)) {
    front = "a byte-order mark";
  } else if (HasNoBreakSpaceAtAnEnd(front)) {
    front = "a no-break space (U+00A0)";
  }
  return ErrorAt(place, hidden.word.substr(0, kMaxIniNameBytes),
                 absl::StrCat(front, " stands before the name"), kNameFirst);
}

void Reader::AddRow(absl::string_view line, const Place& place) {
  ++read_.passed_over.rows;
  const absl::string_view word = FirstWord(line);
  if (IsParameter(line, word) && Claim(word) != IniClaim::kNone) {
    read_.errors.Add(place.line, InsideTable(word, place));
  } else if (absl::Status status = CheckFront(line, place); !status.ok()) {
    read_.errors.Add(place.line, status);
  }
}

void Reader::AddHeading(absl::string_view line, const Place& place) {
  if (table_.IsClosedBy(line)) {
    RefuseSinceHeading();
  }
  table_.TakeHeading(line, place.line);
  read_at_heading_ = read_.lines.size();
}

void Reader::RefuseSinceHeading() {
  while (read_.lines.size() > read_at_heading_) {
    const IniLine& line = read_.lines.back();
    read_.errors.Add(line.line, InsideTable(line.name, {file_, line.line}));
    read_.lines.pop_back();
  }
}

absl::Status Reader::InsideTable(absl::string_view name,
                                 const Place& place) const {
  return ErrorAt(place, name.substr(0, kMaxIniNameBytes), table_.Problem(),
                 table_.Remedy());
}

}  // namespace

IniFile ParseIni(absl::string_view text, absl::string_view file_name,
                 IniDialect dialect, ClaimOf claim_of) {
  Reader reader(file_name, dialect, claim_of);
  const size_t limit = dialect == IniDialect::kStrict ? kMaxIniFileBytes
                                                      : kMaxDeviceIniFileBytes;
  if (text.size() > limit) {
    IniFile refused;
    refused.errors.Add(0, TooLong({file_name, 0}, "file", text.size(), limit));
    return refused;
  }
  absl::ConsumePrefix(&text, kByteOrderMark);
  for (int number = 1; !text.empty(); ++number) {
    reader.Add(TakeLine(&text), number);
  }
  return reader.TakeFile();
}

}  // namespace ovoc::tunnel
