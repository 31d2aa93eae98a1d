// SPDX-License-Identifier: Apache-2.0
//
// The lines of an ini file as AudioCodes devices write it.

#ifndef OVOC_TUNNEL_SETTINGS_INI_FILE_H_
#define OVOC_TUNNEL_SETTINGS_INI_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "tunnel/settings/ini_word.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {

// These limits bound the memory and the time that a wrong file can cost. A file
// with every setting has about 2 KiB. A large device exports a few hundred KiB,
// in lines of several KiB.
inline constexpr size_t kMaxIniFileBytes = size_t{64} * 1024;
inline constexpr size_t kMaxDeviceIniFileBytes = size_t{1024} * 1024;
inline constexpr size_t kMaxIniLineBytes = 1024;  // without the line end
inline constexpr size_t kMaxIniNameBytes = 64;
inline constexpr size_t kMaxNamedParameters = 3;  // of those passed over

// IniDialect says what a file may contain besides this client's own lines.
enum class IniDialect : uint8_t {
  kStrict,  // comments and sections; anything else is an error
  kDevice,  // everything that a device exports; it is skipped and counted
};

// IniForm says how a value is written.
enum class IniForm : uint8_t {
  kBare,       // Name = value
  kQuoted,     // Name = 'value'
  kCommented,  // Name = value ; comment
};

// IniLine is one `Name = value` line. Both views point into the parsed text and
// live as long as it does. Nothing is copied, so that a password is wiped
// together with the text.
struct IniLine {
  int line;                 // counted from 1
  absl::string_view name;   // letters, digits, '_'; 1..64 bytes; case kept
  absl::string_view value;  // without quotes; may be empty
  IniForm form = IniForm::kBare;
};

// IniPassedOver counts what was skipped in a kDevice file.
struct IniPassedOver {
  // Counts a parameter, and remembers the first ones for people.
  void AddParameter(absl::string_view line, int number) {
    const absl::string_view word = FirstWord(line);
    if (first.size() < kMaxNamedParameters && HasIniValue(line, word)) {
      first.emplace_back(word.substr(0, kMaxIniNameBytes), number);
    }
    ++parameters;
  }

  int parameters = 0;  // `Name = value` with a name that is not ours
  std::vector<std::pair<std::string, int>> first;  // of those, with their lines
  int tables = 0;
  int rows = 0;    // lines of tables, except the title, FORMAT and the end
  int others = 0;  // lines of no known form
};

// IniFile is the result of reading a file: its good lines and its errors.
struct IniFile {
  std::vector<IniLine> lines;
  IniPassedOver passed_over;
  SettingErrors errors;
};

// IniClaim says what the first word of a line means to this client.
enum class IniClaim : uint8_t {
  kNone,   // the name belongs to another program
  kAlike,  // it only begins like one of ours; its value may have any length
  kOurs,   // it is, or was probably meant to be, the name of a setting
};
using ClaimOf = absl::FunctionRef<IniClaim(absl::string_view word)>;

// ParseIni splits a text into its `Name = value` lines. It keeps their order
// and duplicates. It accepts:
//   Name = value     The value ends at the end of the line, or at a space and a
//                    ';'. It neither begins nor ends with a space or a quote.
//   Name = 'value'   Everything up to the next ' is literal, also ';' and
//                    spaces. There is no escape. Only a comment may follow.
//   ; comment        Spaces may precede it.
//   [section]        It is ignored, whatever is between the brackets.
// It also accepts blank lines, LF or CR LF, and a UTF-8 byte-order mark at the
// start. A tab counts as a space.
//
// With kStrict everything else is an error, also control bytes and lines longer
// than kMaxIniLineBytes.
//
// With kDevice, lines that `claim_of` does not call kNone are read as above.
// Of the other lines two are errors: one with a NUL byte, and one in which
// something precedes one of our names, such as a byte-order mark, a Unicode
// space, a quote or a #.
//
// A kDevice file may have tables ("Format of ini File Table Parameters" in the
// manuals of AudioCodes' devices): `[ Title ]`, `FORMAT Title_Index = ...;`,
// rows, `[ \Title ]`. A table also ends at the next title. Nothing inside a
// table is read. A line `Name = ...` with one of our names there is an error,
// because its author expected it to be read. The same holds between the title
// and FORMAT, and between the title and the end of a table without FORMAT.
// Parameters below the heading of a section, such as `[SYSTEM Params]`, are
// read.
//
// No error contains a value, because the line may be the password's.
IniFile ParseIni(absl::string_view text, absl::string_view file_name,
                 IniDialect dialect, ClaimOf claim_of);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_FILE_H_
