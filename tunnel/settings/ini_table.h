// SPDX-License-Identifier: Apache-2.0
//
// Where the tables of a device's ini file begin and end.

#ifndef OVOC_TUNNEL_SETTINGS_INI_TABLE_H_
#define OVOC_TUNNEL_SETTINGS_INI_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// IniTable is told of headings and of FORMAT and knows what the lines between
// them belong to. Its views point into the lines that it was told of, which
// must outlive it. A heading is a table's when FORMAT or its own `[ \Title ]`
// comes behind it, unless it is that of a section: `[SYSTEM Params]`, with a
// blank between its words and none behind the '['.
class IniTable {
 public:
  // Takes a line that begins with '[', `number` counted from 1. A missing ']'
  // is forgiven.
  void TakeHeading(absl::string_view line, int number);

  // Takes a FORMAT line. All up to the next heading are rows.
  void TakeFormat(int number);

  // Whether FORMAT came.
  bool is_open() const { return open_line_ != 0; }

  // Whether the last heading may be a table's. If so, what came between it and
  // FORMAT stood in the table.
  bool MayBeTitled() const;

  // Whether `line`, a heading, closes a table by this title, with FORMAT or
  // without.
  bool IsClosedBy(absl::string_view line) const;

  // What an error tells of a setting in this table, and what to do.
  std::string Problem() const;
  std::string Remedy() const;

 private:
  // The title when it may be shown, else "".
  absl::string_view ShownTitle() const;

  // The last heading that was no end; line 0: none.
  absl::string_view title_;
  int title_line_ = 0;
  bool section_ = false;
  // Where the open table begins, with its title or with FORMAT; 0: none is.
  int open_line_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_TABLE_H_
