// SPDX-License-Identifier: Apache-2.0
//
// The lines of an ini file as AudioCodes devices write it.

#ifndef OVOC_TUNNEL_SETTINGS_INI_FILE_H_
#define OVOC_TUNNEL_SETTINGS_INI_FILE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {

// Limits. They bound memory and time for a file that is none of ours. A file
// with every setting has about 2 KiB; what a large device exports has some
// hundred, in lines of several.
inline constexpr size_t kMaxIniFileBytes = 64 * 1024;
inline constexpr size_t kMaxDeviceIniFileBytes = 1024 * 1024;
inline constexpr size_t kMaxIniLineBytes = 1024;  // without the line end
inline constexpr size_t kMaxIniNameBytes = 64;

// IniDialect is what may stand beside this client's own lines.
enum class IniDialect : uint8_t {
  kStrict,  // comments and sections; anything else is an error
  kDevice,  // all that a device exports: it is passed over and counted
};

// IniForm is how a value is written.
enum class IniForm : uint8_t {
  kBare,       // Name = value
  kQuoted,     // Name = 'value'
  kCommented,  // Name = value ; comment
};

// IniLine is one `Name = value` line. Both views point into the parsed text
// and live as long as it does; nothing is copied, so that a password in it is
// wiped with the text.
struct IniLine {
  int line;                 // counted from 1
  absl::string_view name;   // letters, digits, '_'; 1..64 bytes; case kept
  absl::string_view value;  // without quotes; may be empty
  IniForm form = IniForm::kBare;
};

// IniPassedOver counts what kDevice passed over.
struct IniPassedOver {
  int parameters = 0;  // `Name = value` with a name that is not ours
  int tables = 0;
  int rows = 0;    // lines of tables, without title, FORMAT and end
  int others = 0;  // lines of no known form
};

// IniFile is what was read: all that is good, and all that is not.
struct IniFile {
  std::vector<IniLine> lines;
  IniPassedOver passed_over;
  SettingErrors errors;
};

// IniClaim is what a word at the front of a line is to this client.
enum class IniClaim : uint8_t {
  kNone,   // a name of others
  kAlike,  // begins like ours only: its value may be of any length
  kOurs,   // is, or is likely meant to be, the name of a setting
};
using ClaimOf = absl::FunctionRef<IniClaim(absl::string_view word)>;

// ParseIni splits text into its `Name = value` lines, in order, duplicates
// included. Accepted:
//   Name = value            up to the line's end or to white space and a ';',
//                           without the white space around; it neither begins
//                           nor ends with a quote of any kind
//   Name = 'value'          all up to the next ' is literal, ';' and blanks
//                           too; there is no escape; then only blanks or a
//                           comment
//   ; comment               blanks may precede
//   [section]               ignored, with anything between the brackets
//   empty and blank lines; LF or CR LF; a UTF-8 byte order mark at the start
// White space is space and tab. In kStrict everything else is an error, control
// bytes and lines over kMaxIniLineBytes included. kDevice asks `claim_of`
// for each line; one that is not kNone is read as above, of the others only a
// NUL is an error, and one of our names behind something else: a byte-order
// mark in mid-file, a blank of Unicode, a quote, a #. It knows tables ("Format
// of ini File Table Parameters" in the manuals of AudioCodes' devices): `[
// Title ]`, `FORMAT Title_Index = ...;`, rows, `[ \Title ]`. A table ends at
// the next title, too. Nothing is read in a table; a line `Name = ...` in one
// whose name may be ours is an error, as whoever wrote it wanted it to be read.
// So is one between title and FORMAT, or between title and end of a table
// without FORMAT. Parameters behind the heading of a section, such as `[SYSTEM
// Params]`, are read. An error never holds a value: it may sit in the
// password's line.
IniFile ParseIni(absl::string_view text, absl::string_view file_name,
                 IniDialect dialect, ClaimOf claim_of);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_FILE_H_
