// SPDX-License-Identifier: Apache-2.0
//
// The form of every message about a setting. It is one line:
//
//   FILE:LINE: NAME: PROBLEM; REMEDY
//   settings.ini:7: WSTunServerPort: '70000' is not valid; use 0 to 65535
//
// PROBLEM is a clause that says what is wrong; of a value that is shown it is
// "'VALUE' is not valid" or says more ("'a.example:443' has a port"). REMEDY is
// an instruction that says what to do; it is left out where PROBLEM says
// enough. Values stand between single quotes, as in the file.

#ifndef OVOC_TUNNEL_SETTINGS_SETTING_ERROR_H_
#define OVOC_TUNNEL_SETTINGS_SETTING_ERROR_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// SettingError has the parts of such a message. No part may contain a password.
// Empty parts and line 0 are left out.
struct SettingError {
  absl::string_view file;
  int line = 0;            // counted from 1; 0: the file as a whole
  absl::string_view name;  // of the setting
  absl::string_view problem;
  absl::string_view remedy;
  absl::string_view meant;  // the name that was probably meant
};

// DescribeSettingError is the message, with "; did you mean MEANT?" at its end.
// It is printable ASCII without a line end. Every other byte is shown as \xHH:
// the file's content is not trusted with the terminal.
std::string DescribeSettingError(const SettingError& error);

// SettingStatus is an InvalidArgumentError of DescribeSettingError.
absl::Status SettingStatus(const SettingError& error);

// SettingErrors collects what is wrong with a file, in the order of its lines.
// It keeps at most kMaxSettingErrors, so that a wrong file cannot fill a log.
inline constexpr size_t kMaxSettingErrors = 20;

class SettingErrors {
 public:
  // Adds the error of `line`. The message of `status` must be one line.
  void Add(int line, const absl::Status& status);
  void Add(const SettingErrors& others);

  bool empty() const { return errors_.empty(); }

  // OK, or an InvalidArgumentError with one line for each error, in the order
  // of the file. If there are too many, the last line says so.
  absl::Status ToStatus() const;

 private:
  std::multimap<int, std::string> errors_;  // kMaxSettingErrors + 1 at most
};

// SummarizeErrors returns the first line of such a message and the number of
// the other errors, for a log in which one line is one event.
std::string SummarizeErrors(absl::string_view message);

// QuoteValue puts a value between quotes for SettingError::problem, and
// shortens it to 64 bytes. Do not use it for passwords.
std::string QuoteValue(absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SETTING_ERROR_H_
