// SPDX-License-Identifier: Apache-2.0
//
// The one line in which everything wrong with a setting is told.

#ifndef OVOC_TUNNEL_SETTING_ERROR_H_
#define OVOC_TUNNEL_SETTING_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// SettingError says where and what: all texts but `meant` are meant for a
// person; none may hold a password. Empty parts and line 0 are left out.
struct SettingError {
  absl::string_view file;
  int line = 0;             // counted from 1; 0: the file as a whole
  absl::string_view name;   // of the setting
  absl::string_view found;  // "'70000'", "no '='"
  absl::string_view allowed;
  absl::string_view meant;  // the name that was probably meant
};

// DescribeSettingError is one line of printable ASCII without a line end:
//   FILE:LINE: NAME: found FOUND, allowed ALLOWED; did you mean MEANT?
// Every other byte is shown as \xHH: the file's content is not trusted with
// the terminal.
std::string DescribeSettingError(const SettingError& error);

// SettingStatus is an InvalidArgumentError of DescribeSettingError.
absl::Status SettingStatus(const SettingError& error);

// QuoteFound puts a value between quotes for SettingError::found and shortens
// what is longer than 64 bytes. Not for passwords.
std::string QuoteFound(absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTING_ERROR_H_
