// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_CHANGE_H_
#define OVOC_TUNNEL_SETTINGS_CHANGE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// Takeover is what it takes for a changed setting to be in force, the least
// first.
enum class Takeover {
  kNothing,     // none has changed
  kNextLookup,  // the keeper gives it for the next lookup of a name
  kNextLogin,   // the keeper gives it for the next login
  kTellWorker,  // the worker is told; the tunnel stays
  kNewWorker,   // the tunnel is closed and another one is made
};

// SettingTakeover is a row of the one table of what a change of each setting
// takes, and why.
struct SettingTakeover {
  absl::string_view name;
  Takeover takeover;
  absl::string_view reason;
  bool (*same)(const TunnelConfig& a, const TunnelConfig& b);
};

// Every setting of DescribeSettings, in the same order.
absl::Span<const SettingTakeover> SettingTakeovers();

// SettingsChange is what differs between two configurations.
struct SettingsChange {
  std::vector<absl::string_view> names;  // of settings, never values
  Takeover takeover = Takeover::kNothing;
  // Those of `names` that are used later, unless there is a new worker.
  std::vector<absl::string_view> at_next_lookup = {};
  std::vector<absl::string_view> at_next_login = {};
};

// Compares values, and the contents of the files that settings name: a
// certificate that was renewed in its place is a change of TLSCertificate.
SettingsChange CompareSettings(const TunnelConfig& before,
                               const TunnelConfig& after);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_CHANGE_H_
