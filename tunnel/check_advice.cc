// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check_advice.h"

#include "absl/strings/match.h"

namespace ovoc::tunnel {
namespace {

absl::string_view AfterNoConnection(absl::string_view detail) {
  // BoringSSL's word for bytes that are no TLS record.
  if (absl::StrContains(detail, "WRONG_VERSION_NUMBER")) {
    return "this port does not speak TLS: check WSTunServerPort and "
           "WSTunSecured";
  }
  // What tunnel/transport/socket_rule says of an address that was looked up.
  if (absl::StrContains(detail, "is not accepted as the server's address")) {
    return "correct the address that /etc/hosts or DNS has for WSTunServer";
  }
  if (absl::StrContains(detail, "TLS handshake")) {
    return "check WSTunServerPort, which may belong to another program, and "
           "what the server requires of TLS (TLSCertificate)";
  }
  return "check WSTunServer, WSTunServerPort and what is in between "
         "(firewall, proxy, WSTunVrf)";
}

absl::string_view AfterBadAnswer(absl::string_view detail,
                                 const Settings& settings) {
  // What netif/overlay_assignment says of addresses outside of the setting.
  if (absl::StrContains(detail, "configured overlay range")) {
    return "set WSTunOverlay to the range from which OVOC assigns addresses "
           "if it contains 169.254.0.1; no other range is supported";
  }
  if (settings.secured) {  // the answer came through TLS, so the port is right
    return "TLS works, so look at OVOC and at each proxy in front of it";
  }
  return "check WSTunServerPort and WSTunSecured: the port may belong to "
         "another program, or expect TLS";
}

}  // namespace

absl::string_view CheckAdvice(const End& end, const Settings& settings) {
  switch (end.reason) {
    case EndReason::kResolution:
      return "check WSTunServer and the name servers (DNSPriServerIP and "
             "DNSSecServerIP, or /etc/resolv.conf if neither is set)";
    case EndReason::kConnection:
      return AfterNoConnection(end.detail.message());
    case EndReason::kCertificate:
      return "check TLSTrustedRoots, WSTunServer (the name in the "
             "certificate) and the clock";
    case EndReason::kUnauthorized:
      return "check WSTunUsername and WSTunPassword";
    case EndReason::kNoFreeAddress:
      return "OVOC has no overlay address left for this device";
    case EndReason::kHttpStatus:
      return "check WSTunServerPath and WSTunServerPort";
    case EndReason::kHandshake:
    case EndReason::kTimeout:
      return AfterBadAnswer(end.detail.message(), settings);
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
