// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_PEER_END_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_PEER_END_H_

#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// PeerEnd is why the server's end of a connection ended.
enum class PeerEnd {
  kPeerClosed,      // the client closed or reset the connection
  kCloseFrame,      // the client sent a Close frame
  kRefused,         // the request was refused
  kRequestTimeout,  // no whole request in time
  kIdle,            // silence
  kProtocolError,   // a frame the server does not take
  kTransport,       // TLS or the socket failed
  kStopped,         // the server stops
};

// PeerEndName is the word in the log.
absl::string_view PeerEndName(PeerEnd end);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_PEER_END_H_
