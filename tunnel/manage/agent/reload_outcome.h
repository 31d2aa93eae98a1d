// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_RELOAD_OUTCOME_H_
#define OVOC_TUNNEL_MANAGE_AGENT_RELOAD_OUTCOME_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/status_view/status_record.h"

namespace ovoc::tunnel {

// ReloadOutcome is what has become of a SIGHUP.
struct ReloadOutcome {
  enum class Result : uint8_t {
    kWaits,    // the client has not answered yet
    kRefused,  // it keeps the settings from before; `detail` says why
    kKept,     // the settings are in use, and the tunnel stayed
    kUp,       // they are in use, and a new tunnel is up
    kNotUp,    // they are in use, and an attempt has failed; `detail` says why
  };
  Result result = Result::kWaits;
  std::string detail;
};

// The word of the protocol: "waits", "refused", "kept", "up" or "not_up".
absl::string_view Word(ReloadOutcome::Result result);

// OutcomeOf looks for the first `reload` since `sent`, by the device's clock,
// among the events of a status file, and for what came of it.
ReloadOutcome OutcomeOf(const StatusRecord& record, absl::Time sent);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_RELOAD_OUTCOME_H_
