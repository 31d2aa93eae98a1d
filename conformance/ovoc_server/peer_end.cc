// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/peer_end.h"

namespace ovoc::conformance {

absl::string_view PeerEndName(PeerEnd end) {
  switch (end) {
    case PeerEnd::kPeerClosed:
      return "peer_closed";
    case PeerEnd::kCloseFrame:
      return "close_frame";
    case PeerEnd::kRefused:
      return "refused";
    case PeerEnd::kRequestTimeout:
      return "request_timeout";
    case PeerEnd::kIdle:
      return "idle";
    case PeerEnd::kProtocolError:
      return "protocol_error";
    case PeerEnd::kTransport:
      return "transport";
    case PeerEnd::kStopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace ovoc::conformance
