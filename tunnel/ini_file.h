// SPDX-License-Identifier: Apache-2.0
//
// The lines of an ini file as AudioCodes devices write it.

#ifndef OVOC_TUNNEL_INI_FILE_H_
#define OVOC_TUNNEL_INI_FILE_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// Limits. They bound memory and time for a file that is none of ours; a file
// with every setting has about 2 KiB.
inline constexpr size_t kMaxIniFileBytes = 64 * 1024;
inline constexpr size_t kMaxIniLineBytes = 1024;  // without the line end
inline constexpr size_t kMaxIniNameBytes = 64;

// IniLine is one `Name = value` line. Both views point into the parsed text
// and live as long as it does; nothing is copied, so that a password in it is
// wiped with the text.
struct IniLine {
  int line;                 // counted from 1
  absl::string_view name;   // letters, digits, '_'; 1..64 bytes; case kept
  absl::string_view value;  // without quotes; may be empty
};

// ParseIni splits text into its `Name = value` lines, in order, duplicates
// included. Accepted:
//   Name = value            up to the line's end or to white space and a ';',
//                           without the white space around
//   Name = 'value'          all up to the next ' is literal, ';' and blanks
//                           too; there is no escape; then only blanks or a
//                           comment
//   ; comment               blanks may precede
//   [section]               ignored, with anything between the brackets
//   empty and blank lines; LF or CR LF; a UTF-8 byte order mark at the start
// White space is space and tab. Everything else is refused with one line in
// the form of DescribeSettingError, which never holds a value: a syntax error
// may sit in the password's line. Control bytes are refused anywhere.
absl::StatusOr<std::vector<IniLine>> ParseIni(absl::string_view text,
                                              absl::string_view file_name);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_INI_FILE_H_
