// SPDX-License-Identifier: Apache-2.0
//
// A settings file: its lines are those a plain reader finds; what is taken is
// as written, within its limits, and the same when written again; what is not
// is refused with one line that names one of the file and shows no password.

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "fuzz/expect.h"
#include "fuzz/oracle/naive_ini.h"
#include "fuzz/oracle/setting_texts.h"
#include "tunnel/ini_file.h"
#include "tunnel/settings.h"

namespace ovoc::fuzz {
namespace {

bool AreSame(const tunnel::IniLine& ours, const NaiveIniLine& naive) {
  return ours.line == naive.line && ours.name == naive.name &&
         ours.value == naive.value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + std::min<size_t>(size, 2048));
  const NaiveIni ini = ReadNaiveIni(text);
  const auto lines = tunnel::ParseIni(text, "f");
  FUZZ_EXPECT(lines.ok() == ini.good);
  FUZZ_EXPECT(!lines.ok() || absl::c_equal(*lines, ini.lines, AreSame));

  const auto settings = tunnel::ParseSettings(text, "f");
  const auto hidden = tunnel::ParseSettings(HidePassword(text), "f");
  FUZZ_EXPECT(settings.status() == hidden.status());
  if (!settings.ok()) {
    FUZZ_EXPECT(IsErrorAt(settings.status().message(), "f", text));
    FUZZ_EXPECT(lines.ok() || settings.status() == lines.status());
    return 0;
  }
  FUZZ_EXPECT(ini.good && AreAllowed(*settings));
  const SettingTexts texts = TextsOf(*settings);
  FUZZ_EXPECT(AreAsWritten(texts, ini));
  const auto again = tunnel::ParseSettings(IniOf(texts), "g");
  FUZZ_EXPECT(again.ok() && TextsOf(*again) == texts);
  return 0;
}

}  // namespace ovoc::fuzz
