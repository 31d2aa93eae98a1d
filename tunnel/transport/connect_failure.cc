// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/connect_failure.h"

#include <errno.h>

#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

// tcp(7), ip(7): what a SYN may come to.
EndCause CauseOfError(int error) {
  switch (error) {
    case ECONNREFUSED:
      return EndCause::kPortClosed;
    case ECONNRESET:  // it was there before anybody looked
      return EndCause::kTlsFailed;
    case ETIMEDOUT:
      return EndCause::kPortSilent;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:  // no address to send from
      return EndCause::kNoRoute;
    default:
      return EndCause::kUnknown;
  }
}

}  // namespace

absl::Status ConnectFailure(int error) {
  return WithCause(
      absl::UnavailableError(absl::ErrnoToStatus(error, "connect").message()),
      CauseOfError(error));
}

}  // namespace ovoc::tunnel
