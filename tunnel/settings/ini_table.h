// SPDX-License-Identifier: Apache-2.0
//
// Where the tables of a device's ini file begin and end.

#ifndef OVOC_TUNNEL_SETTINGS_INI_TABLE_H_
#define OVOC_TUNNEL_SETTINGS_INI_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// IniTable is given the headings and the FORMAT lines of a file, and knows to
// which table the lines between them belong. Its views point into the lines
// that it was given, which must outlive it. A heading begins a table when
// FORMAT or its own `[ \Title ]` follows. The heading of a section, such as
// `[SYSTEM Params]`, has a space between its words and none after the '['; it
// begins no table.
class IniTable {
 public:
  // Takes a line that begins with '['. `number` is counted from 1. The ']' may
  // be missing.
  void TakeHeading(absl::string_view line, int number);

  // Takes a FORMAT line. All lines up to the next heading are rows.
  void TakeFormat(int number);

  // Whether a FORMAT line came after the last heading.
  bool is_open() const { return open_line_ != 0; }

  // Whether the last heading may have begun a table. If so, the lines between
  // it and FORMAT are inside the table.
  bool MayBeTitled() const;

  // Whether `line`, a heading, ends the table of the last heading, with or
  // without a FORMAT line.
  bool IsClosedBy(absl::string_view line) const;

  // What is wrong with a setting inside this table, and what to do.
  std::string Problem() const;
  std::string Remedy() const;

 private:
  // The title if it may be shown, otherwise "".
  absl::string_view ShownTitle() const;

  // The last heading that did not end a table. Line 0 means none.
  absl::string_view title_;
  int title_line_ = 0;
  bool section_ = false;
  // The line where the open table begins, that of its title or of FORMAT. 0
  // means that no table is open.
  int open_line_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_TABLE_H_
