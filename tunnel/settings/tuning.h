// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_TUNING_H_
#define OVOC_TUNNEL_SETTINGS_TUNING_H_

#include "absl/time/time.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// Tuning has the settings that a worker can take over while its tunnel is up:
// those whose row in SettingTakeovers says kTellWorker. The times are whole
// seconds within the limits of the settings.
struct Tuning {
  absl::Duration keep_alive;        // WSTunKeepAlive
  absl::Duration dead_after;        // WSTunDeadAfter, above keep_alive
  absl::Duration reconnect_spread;  // WSTunReconnectSpread
};

inline Tuning TuningOf(const Settings& settings) {
  return {settings.keep_alive, settings.dead_after, settings.reconnect_spread};
}

// Whether valid settings can have these values.
inline bool IsAllowed(const Tuning& tuning) {
  return tuning.keep_alive >= absl::Seconds(kMinKeepAlive) &&
         tuning.keep_alive <= absl::Seconds(kMaxKeepAlive) &&
         tuning.dead_after >= absl::Seconds(kMinDeadAfter) &&
         tuning.dead_after <= absl::Seconds(kMaxDeadAfter) &&
         tuning.dead_after > tuning.keep_alive &&
         tuning.reconnect_spread >= absl::Seconds(kMinReconnectSpread) &&
         tuning.reconnect_spread <= absl::Seconds(kMaxReconnectSpread);
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_TUNING_H_
