// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CONFIG_SETTINGS_CHANGE_H_
#define OVOC_TUNNEL_CONFIG_SETTINGS_CHANGE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/config/tunnel_config.h"

namespace ovoc::tunnel {

// Takeover says what has to happen before a changed setting takes effect. The
// smallest step comes first.
enum class Takeover {
  kNothing,     // no setting has changed
  kNextLookup,  // the keeper gives it for the next lookup of a name
  kNextLogin,   // the keeper gives it for the next login
  kTellWorker,  // the worker is told; the tunnel stays
  kNewWorker,   // the tunnel is closed and another one is made
};

// SettingTakeover is a row of the table that says for each setting what a
// change of it takes, and why.
struct SettingTakeover {
  absl::string_view name;
  Takeover takeover;
  absl::string_view reason;
  bool (*same)(const TunnelConfig& a, const TunnelConfig& b);
};

// SettingTakeovers has every setting of DescribeSettings, in the same order.
absl::Span<const SettingTakeover> SettingTakeovers();

// SettingsChange is what differs between two configurations.
struct SettingsChange {
  std::vector<absl::string_view> names;  // of the settings; no values
  Takeover takeover = Takeover::kNothing;
  // Those of `names` that take effect later, unless there is a new worker.
  std::vector<absl::string_view> at_next_lookup = {};
  std::vector<absl::string_view> at_next_login = {};
};

// CompareSettings compares the values and the contents of the files that the
// settings name. If a certificate was renewed in the same file, TLSCertificate
// has changed. Other name servers take a new worker, whatever their rows say,
// if one of the old or the new ones lies inside WSTunOverlay.
SettingsChange CompareSettings(const TunnelConfig& before,
                               const TunnelConfig& after);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_SETTINGS_CHANGE_H_
