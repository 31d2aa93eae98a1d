// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_NAMED_ERRORS_H_
#define OVOC_TUNNEL_SETTINGS_NAMED_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// NamedErrors collects the errors of settings that were already read, in the
// order of their lines. `settings` must outlive it.
class NamedErrors {
 public:
  explicit NamedErrors(const Settings& settings) : settings_(settings) {}

  // Keeps the error of the setting `name`. Returns true when `status` is OK.
  bool Take(absl::string_view name, const absl::Status& status);
  void Take(const SettingErrors& others) { all_.Add(others); }

  absl::Status ToStatus() const { return all_.ToStatus(); }

 private:
  const Settings& settings_;
  SettingErrors all_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_NAMED_ERRORS_H_
