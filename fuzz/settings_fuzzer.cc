// SPDX-License-Identifier: Apache-2.0
//
// A settings file: its lines are those a plain reader finds, of this client and
// of a device; what is taken is as written, within its limits, and the same
// when written again; what is not is refused with lines that name one of the
// file each and show no password.

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_ini.h"
#include "fuzz/oracle/setting_texts.h"

using ovoc::tunnel::IniDialect;
using ovoc::tunnel::ParseSettings;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ovoc::fuzz;
  const std::string text(data, data + std::min<size_t>(size, 2048));
  const NaiveIni ini = ReadNaiveIni(text);
  FUZZ_EXPECT(IsReadAs(text, IniDialect::kStrict, ini));
  FUZZ_EXPECT(IsReadAs(text, IniDialect::kDevice, ReadNaiveDeviceIni(text)));

  const std::string hidden_text = HidePassword(text);
  for (const auto dialect : {IniDialect::kStrict, IniDialect::kDevice}) {
    const auto settings = ParseSettings(text, "f", dialect);
    const auto hidden = ParseSettings(hidden_text, "f", dialect);
    FUZZ_EXPECT(settings.status() == hidden.status() ||
                TellsOfThePasswordsForm(settings.status().message()));
    if (!settings.ok()) {
      FUZZ_EXPECT(AreErrorsAt(settings.status().message(), "f", text));
      continue;
    }
    FUZZ_EXPECT(AreAllowed(*settings));
    const SettingTexts texts = TextsOf(*settings);
    const bool strict = dialect == IniDialect::kStrict;
    FUZZ_EXPECT(!strict || (ini.bad.empty() && AreAsWritten(texts, ini)));
    const auto again = ParseSettings(IniOf(texts), "g", IniDialect::kStrict);
    FUZZ_EXPECT(again.ok() && TextsOf(*again) == texts);
  }
  return 0;
}
