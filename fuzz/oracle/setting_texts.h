// SPDX-License-Identifier: Apache-2.0
//
// Settings written back, to be compared with what they were read from.

#ifndef OVOC_FUZZ_ORACLE_SETTING_TEXTS_H_
#define OVOC_FUZZ_ORACLE_SETTING_TEXTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "fuzz/oracle/naive_ini.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/settings.h"

namespace ovoc::fuzz {

// Names with values. Settings that are not given and have no default are left
// out.
using SettingTexts = std::vector<std::pair<std::string, std::string>>;

// TextsOf is every setting as a file would have it.
SettingTexts TextsOf(const tunnel::Settings& settings);

// IniOf is a file with these settings.
std::string IniOf(const SettingTexts& texts);

// AreAsWritten is true when each line's value is in the texts as it stands in
// the file, but for the path's leading slash and the spelling of addresses, and
// what no line gives has its default.
bool AreAsWritten(const SettingTexts& texts, const NaiveIni& ini);

// AreAllowed is true when the values keep the limits that `client --help` shows
// and fit together.
bool AreAllowed(const tunnel::Settings& settings);

// IsReadAs is true when ParseIni finds in the text what the plain reader found:
// the lines, the counts, and an error for each bad line. Ours are the names
// that begin with "ours"; those that begin with "our" are alike.
bool IsReadAs(absl::string_view text, tunnel::IniDialect dialect,
              const NaiveIni& naive);

// TellsOfThePasswordsForm is true for errors that say how a password is
// written: with quotes of some kind, a no-break space, or obfuscated. They
// differ for a hidden one.
bool TellsOfThePasswordsForm(absl::string_view errors);

// AreErrorsAt is true for lines that are errors at lines of the text, in order;
// behind 20 of them a last line may say that there are more.
bool AreErrorsAt(absl::string_view errors, absl::string_view file,
                 absl::string_view text);

// IsErrorAt is true for one printable line that begins with "FILE:N: " and a
// line N of the text.
bool IsErrorAt(absl::string_view error, absl::string_view file,
               absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_SETTING_TEXTS_H_
