// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_PROGRESS_REMEDY_H_
#define OVOC_TUNNEL_PROGRESS_REMEDY_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/session/session_end.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// RemedyFacts is what remedies name of the settings. No password is among
// it.
struct RemedyFacts {
  bool secured = true;
  uint16_t port = 443;
  std::string server;
  std::string path;
  std::string username;
  std::string interface;
  std::string proxy = {};  // HOST:PORT, without its login
};

// `server` is the one of WSTunServer that was tried.
RemedyFacts FactsOf(const Settings& settings, absl::string_view server);

// Remedy returns what to do about a connection that ended so, with these
// settings. It is one sentence for people, without a stop: "check WSTunUsername
// (VPN) and WSTunPassword". The log, the status and `client --check` share it.
// It is empty only for kClosedByUs. It has no text of a peer.
std::string Remedy(EndReason reason, EndCause cause, const RemedyFacts& facts);

// The same for an end, with the cause that its detail has.
std::string Remedy(const End& end, const Settings& settings,
                   absl::string_view server);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_PROGRESS_REMEDY_H_
