// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check_advice.h"

#include "absl/strings/match.h"

namespace ovoc::tunnel {
namespace {

absl::string_view AfterNoConnection(absl::string_view detail) {
  // BoringSSL's word for bytes that are no TLS record.
  if (absl::StrContains(detail, "WRONG_VERSION_NUMBER")) {
    return "this port does not speak TLS: look at WSTunServerPort and "
           "WSTunSecured";
  }
  if (absl::StrContains(detail, "TLS handshake")) {
    return "look at WSTunServerPort, which may be another program's, and at "
           "what the server wants of TLS (TLSCertificate)";
  }
  return "look at WSTunServer, WSTunServerPort, and what lies between "
         "(firewall, proxy, WSTunVrf)";
}

absl::string_view AfterBadAnswer(absl::string_view detail) {
  // What auth/overlay_assignment says of addresses outside of the setting.
  if (absl::StrContains(detail, "configured overlay range")) {
    return "look at WSTunOverlay: it must be the range that OVOC assigns "
           "addresses from";
  }
  return "look at WSTunServerPort and WSTunSecured: the port may be another "
         "program's, or one for TLS";
}

}  // namespace

absl::string_view CheckAdvice(const End& end) {
  switch (end.reason) {
    case EndReason::kResolution:
      return "look at WSTunServer and the name servers (DNSPriServerIP, "
             "DNSSecServerIP, or /etc/resolv.conf without them)";
    case EndReason::kConnection:
      return AfterNoConnection(end.detail.message());
    case EndReason::kCertificate:
      return "look at TLSTrustedRoots, WSTunServer (the name in the "
             "certificate) and the clock";
    case EndReason::kUnauthorized:
      return "look at WSTunUsername and WSTunPassword";
    case EndReason::kNoFreeAddress:
      return "OVOC has no overlay address left for this device";
    case EndReason::kHttpStatus:
      return "look at WSTunServerPath and WSTunServerPort";
    case EndReason::kHandshake:
    case EndReason::kTimeout:
      return AfterBadAnswer(end.detail.message());
    case EndReason::kClosedByUs:
    case EndReason::kClosedByPeer:
    case EndReason::kPeerGone:
    case EndReason::kDeadPeer:
    case EndReason::kProtocolError:
    case EndReason::kInterface:
      return "";
  }
  return "";
}

}  // namespace ovoc::tunnel
