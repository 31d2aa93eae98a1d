// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_CONNECT_FAILURE_H_
#define OVOC_TUNNEL_TRANSPORT_CONNECT_FAILURE_H_

#include "absl/status/status.h"

namespace ovoc::tunnel {

// ConnectFailure is what connect(2), or later SO_ERROR, says by `error`, an
// errno: kUnavailable with a text such as "connect: Connection refused". Its
// cause is kPortClosed, kPortSilent or kNoRoute where the error is one of
// these, and kTlsFailed where the connection was reset as soon as it was there.
[[nodiscard]] absl::Status ConnectFailure(int error);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_CONNECT_FAILURE_H_
