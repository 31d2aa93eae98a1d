// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_STYLE_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_STYLE_H_

namespace ovoc::conformance {

// ServerStyle is which server the stand-in behaves as.
enum class ServerStyle {
  kStrict,        // RFC 6455 and RFC 9112 to the letter
  kLegacyDirect,  // tun-ws 1.0-beta itself: no path, no credentials checked
  kLegacyNginx,   // tun-ws 1.0-beta behind nginx 1.22.1 with auth_basic
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_STYLE_H_
