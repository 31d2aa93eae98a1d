// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_SESSION_END_H_
#define OVOC_TUNNEL_SESSION_SESSION_END_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "auth/retry_after.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/retry/reconnect_policy.h"

namespace ovoc::tunnel {

// EndReason is why a connection to OVOC ended or was never made: one list for
// the log, the status, the exit code and the back-off.
enum class EndReason {
  kClosedByUs,     // we asked for it
  kResolution,     // the name of the server has no address
  kConnection,     // no TCP connection, no TLS, or it was reset
  kCertificate,    // the server's certificate did not verify
  kUnauthorized,   // 401: user name or password
  kNoFreeAddress,  // 409: OVOC's address pool is used up
  kHttpStatus,     // another status than 101, for example 404 or 502
  kHandshake,      // the answer to the upgrade breaks a rule
  kTimeout,        // no whole answer to the upgrade in time
  kClosedByPeer,   // a Close frame
  kPeerGone,       // the stream ended without a Close frame
  kDeadPeer,       // nothing came any more (keep-alive)
  kProtocolError,  // a frame breaks a rule
  kInterface,      // the TUN device or its address
  kProxy,          // WSTunProxy leads to no server
  kProxyLogin,     // 407: the user name or password of WSTunProxy
};

inline constexpr size_t kEndReasonCount =
    static_cast<size_t>(EndReason::kProxyLogin) + 1;

// End is how a connection ended. `detail` is for people: it names the rule, the
// limit and what was found, and never contains payload or credentials.
struct End {
  EndReason reason;
  absl::Status detail;
  // The earliest time at which the server wants to see us again, if it said so.
  std::optional<auth::RetryAfter> retry_after = std::nullopt;
};

// The reason as one word of the log and the status, for example "unauthorized".
absl::string_view Word(EndReason reason);

// The same as part of a sentence for people: "the server closed the tunnel".
absl::string_view Describe(EndReason reason);

// The exit code of a `client --check` that ended for this reason.
ExitCode ExitCodeFor(EndReason reason);

// kPersistent for what a quick retry cannot repair: 401, 407, 409, certificate.
ReconnectPolicy::Failure FailureKind(EndReason reason);

// Whether the server ended a tunnel that was up, as a server that is stopped
// ends all of them: by a Close frame, by the end of the stream, or by a reset
// (kConnection with kAborted, see Transport). False for a lost path, for a
// server that hangs, and for one whose frames made us close.
bool IsServersEnd(const End& end);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_SESSION_END_H_
