// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/remedy.h"

#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"

namespace ovoc::tunnel {
namespace {

// In the texts $0 stands for the port, $1 for the server, $2 for the path, $3
// for the user name, $4 for the interface and $5 for the proxy.

struct OfCause {
  EndCause cause;
  absl::string_view text;
};

constexpr OfCause kCauses[] = {
    {EndCause::kNoSuchName,
     "correct WSTunServer, or have DNS know $1; if only the name servers of "
     "your network know it, set DNSPriServerIP to one of them"},
    {EndCause::kNameServerClosed,
     "nothing listens on port 53 of the name server: have it started, or set "
     "DNSPriServerIP to another one"},
    {EndCause::kNameServerRefuses,
     "the name server refuses to look $1 up: set DNSPriServerIP to one that "
     "serves this device"},
    {EndCause::kNameServerFails,
     "the name server cannot look $1 up at the moment: look at that server, or "
     "set DNSPriServerIP to another one"},
    {EndCause::kPortClosed,
     "nothing listens on port $0 there, or a firewall refuses it: check "
     "WSTunServer and WSTunServerPort"},
    {EndCause::kPortSilent,
     "let TCP port $0 through the firewall, which may drop it; otherwise check "
     "WSTunServer, WSTunServerPort and WSTunVrf"},
    {EndCause::kNoRoute,
     "there is no way to the server, it is off, or a firewall refuses it: "
     "check "
     "WSTunServer, the uplink, the default route and WSTunVrf"},
    {EndCause::kAddressRefused,
     "correct the address that /etc/hosts or DNS has for WSTunServer"},
    {EndCause::kPrivateAddress,
     "DNS gives only private addresses for $1: if OVOC is not in your network, "
     "use a name server that knows its public address; otherwise check the "
     "route, the firewall and WSTunServerPort"},
    {EndCause::kNotTls,
     "port $0 does not speak TLS: check WSTunServerPort and WSTunSecured"},
    {EndCause::kOldTls,
     "have OVOC, or what ends TLS in front of it, updated to TLS 1.2 or later"},
    {EndCause::kCertificateWanted,
     "the server wants a client certificate: set TLSCertificate and "
     "TLSPrivateKey"},
    {EndCause::kCertificateRefused,
     "the server does not accept the certificate in TLSCertificate: renew it, "
     "or have OVOC trust its issuer"},
    {EndCause::kTlsStalled,
     "if port $0 speaks TLS, the path loses large packets: lower the MTU of "
     "the uplink, or let ICMP \"fragmentation needed\" pass; if not, correct "
     "WSTunServerPort"},
    {EndCause::kTlsFailed,
     "check WSTunServerPort, which may belong to another program, and what the "
     "server requires of TLS (TLSCertificate)"},
    {EndCause::kNoIntermediate,
     "have OVOC send its intermediate certificates, or add the issuer and "
     "its root to TLSTrustedRoots; if the issuer is a firewall's that reads "
     "TLS, have it "
     "leave $1 alone"},
    {EndCause::kUnknownRoot,
     "if that issuer is OVOC's, add its root to TLSTrustedRoots; if it is a "
     "firewall's that reads TLS, have it leave $1 alone"},
    {EndCause::kSelfSigned,
     "if that certificate is OVOC's, add it to TLSTrustedRoots"},
    {EndCause::kExpired,
     "have OVOC's certificate renewed; if the time of the check is wrong, set "
     "the clock"},
    {EndCause::kNotYetValid,
     "if the time of the check is wrong, set the clock of this device; "
     "otherwise have OVOC's certificate replaced"},
    {EndCause::kWrongName,
     "set WSTunServer to a name that is in the certificate, or have OVOC's "
     "certificate replaced"},
    {EndCause::kNoAlternativeName,
     "have OVOC's certificate replaced by one with a subjectAltName of $1: its "
     "name is in the CN alone, which is not looked at"},
    {EndCause::kRedirect,
     "a login page is in between, or WSTunServer or WSTunServerPath is wrong"},
    {EndCause::kLoginPage,
     "a login page or another server answered in place of OVOC: log in to "
     "this network, or check WSTunServer and WSTunServerPath"},
    {EndCause::kBadRequest,
     "if the server wants a client certificate, set TLSCertificate and "
     "TLSPrivateKey, or renew the one that it refuses; otherwise check "
     "WSTunServerPath and WSTunServerPort, and that a proxy in front of OVOC "
     "passes Upgrade on"},
    {EndCause::kForbidden,
     "a firewall, a proxy or OVOC forbids it: ask its administrator to allow "
     "$1"},
    {EndCause::kNotFound,
     "there is no tunnel at /$2 (WSTunServerPath); the manual's path is tun"},
    {EndCause::kProxyLogin,
     "a proxy in between wants a login: have it let this connection pass "
     "without one"},
    {EndCause::kBusy,
     "OVOC, or the proxy in front of it, cannot take the device at the moment, "
     "and the client tries again: if it stays so, look at both"},
    {EndCause::kBadGateway,
     "the proxy in front of OVOC does not reach it: look at OVOC's tunnel "
     "service"},
    {EndCause::kOverlayRange,
     "set WSTunOverlay to the range from which OVOC assigns addresses if it "
     "contains 169.254.0.1; no other range is supported"},
    {EndCause::kProxyNotFound,
     "correct the host in WSTunProxy, or have DNS know it"},
    {EndCause::kProxyUnreached,
     "check WSTunProxy, whether the proxy runs, and the way to it (firewall, "
     "route, WSTunVrf)"},
    {EndCause::kProxyWantsLogin,
     "the proxy wants a login: put user:password@ in front of $5 in "
     "WSTunProxy; "
     "it has to take Basic, as NTLM and Negotiate are not supported"},
    {EndCause::kProxyForbids,
     "ask the administrator of the proxy to allow CONNECT to $1 port $0"},
    {EndCause::kProxyNoServer,
     "the proxy does not reach $1 port $0: check WSTunServer and "
     "WSTunServerPort, and whether the proxy knows the name and has a route"},
    {EndCause::kProxyWebPage,
     "a web server or a login page answered in place of the proxy: check "
     "WSTunProxy, or log in to this network"},
    {EndCause::kProxyNotHttp,
     "$5 does not answer as an HTTP proxy does: check host and port of "
     "WSTunProxy"},
    {EndCause::kProxyEarlyBytes,
     "the proxy writes into the tunnel before anybody has used it: update the "
     "proxy, or use another one"},
    {EndCause::kProxyClosed,
     "look at the log of the proxy, and check the port of WSTunProxy, which "
     "may want TLS"},
    {EndCause::kProxySilent,
     "look at the log of the proxy, which may wait for $1, and check the port "
     "of WSTunProxy, which may belong to another program"},
    {EndCause::kProxyCertificate,
     "this is the certificate of the proxy, not of OVOC: add its root to "
     "WSTunProxyRoots, have it renewed, or write the name that it is for in "
     "WSTunProxy"},
    {EndCause::kProxyTls,
     "if $5 does not speak TLS, write http:// in WSTunProxy; if it does, look "
     "at the log of the proxy (one that wants a client certificate is not "
     "supported)"},
};

// What is likely without TLS, before what the cause says otherwise.
constexpr OfCause kPlainCauses[] = {
    {EndCause::kRedirect,
     "does port $0 want TLS (WSTunSecured = 1)? If not, a login page is in "
     "between, or WSTunServer or WSTunServerPath is wrong"},
    {EndCause::kBadRequest, "does port $0 want TLS (WSTunSecured = 1)?"},
    {EndCause::kTlsAnswer, "port $0 wants TLS: set WSTunSecured = 1"},
    {EndCause::kNoAnswer, "does port $0 want TLS (WSTunSecured = 1)?"},
    {EndCause::kNotHttp, "port $0 does not speak HTTP: check WSTunServerPort"},
};

struct OfReason {
  EndReason reason;
  absl::string_view text;
};

// Where the cause says no more.
constexpr OfReason kReasons[] = {
    {EndReason::kClosedByUs, ""},
    {EndReason::kResolution,
     "check the uplink, the default route and WSTunVrf, then the name servers "
     "(DNSPriServerIP and DNSSecServerIP, or "
     "/etc/resolv.conf if neither is set), and that no firewall blocks port 53 "
     "of them"},
    {EndReason::kConnection,
     "check WSTunServer, WSTunServerPort and what is in between (firewall, "
     "proxy, WSTunVrf)"},
    {EndReason::kCertificate,
     "have OVOC's certificates corrected: no setting of the client makes them "
     "good"},
    {EndReason::kUnauthorized, "check WSTunUsername ($3) and WSTunPassword"},
    {EndReason::kNoFreeAddress,
     "OVOC has no overlay address left for this device: have its range "
     "widened, or devices removed that are not in use"},
    {EndReason::kHttpStatus,
     "check WSTunServerPath and WSTunServerPort; if both are right, look at "
     "OVOC and at the proxy in front of it, which has to pass Upgrade on"},
    {EndReason::kHandshake,
     "TLS works, so look at OVOC and at each proxy in front of it"},
    {EndReason::kTimeout,
     "TLS works, so look at OVOC and at each proxy in front of it"},
    {EndReason::kClosedByPeer,
     "OVOC closed the tunnel, and the client connects again: if it stays so, "
     "look at OVOC"},
    {EndReason::kPeerGone,
     "OVOC or a proxy in between ended the connection, and the client connects "
     "again: if it stays so, look at both"},
    {EndReason::kDeadPeer,
     "check the uplink and OVOC; if it comes back after each idle time, lower "
     "WSTunKeepAlive"},
    {EndReason::kProtocolError,
     "OVOC or a proxy in between sent what the protocol does not allow: update "
     "OVOC, and keep proxies from changing the stream"},
    {EndReason::kInterface,
     "see what else changes the interface $4 (WSTunInterface) or has its "
     "addresses"},
    {EndReason::kProxy,
     "check that $5 (WSTunProxy) is a proxy that supports CONNECT"},
    {EndReason::kProxyLogin,
     "check the user name and the password in WSTunProxy, and that the proxy "
     "takes Basic, as NTLM and Negotiate are not supported"},
};

constexpr absl::string_view kPlainAnswer =
    "check WSTunServerPort and WSTunSecured: the port may belong to another "
    "program, or expect TLS";

absl::string_view Text(EndReason reason, EndCause cause, bool secured) {
  for (const OfCause& row : kPlainCauses) {
    if (row.cause == cause && !secured) {
      return row.text;
    }
  }
  for (const OfCause& row : kCauses) {
    if (row.cause == cause) {
      return row.text;
    }
  }
  if (!secured &&
      (reason == EndReason::kHandshake || reason == EndReason::kTimeout)) {
    return kPlainAnswer;
  }
  for (const OfReason& row : kReasons) {
    if (row.reason == reason) {
      return row.text;
    }
  }
  return "";
}

}  // namespace

RemedyFacts FactsOf(const Settings& settings, absl::string_view server) {
  return {settings.secured,
          ServerPort(settings),
          std::string(server),
          settings.server_path,
          settings.username,
          settings.interface,
          settings.proxy.has_value() ? settings.proxy->Endpoint() : ""};
}

std::string Remedy(EndReason reason, EndCause cause, const RemedyFacts& facts) {
  return absl::Substitute(Text(reason, cause, facts.secured), facts.port,
                          facts.server, facts.path, facts.username,
                          facts.interface, facts.proxy);
}

std::string Remedy(const End& end, const Settings& settings,
                   absl::string_view server) {
  return Remedy(end.reason, CauseOf(end.detail), FactsOf(settings, server));
}

}  // namespace ovoc::tunnel
