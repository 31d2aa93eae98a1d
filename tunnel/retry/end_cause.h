// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RETRY_END_CAUSE_H_
#define OVOC_TUNNEL_RETRY_END_CAUSE_H_

#include <cstdint>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// EndCause is what the layer that failed knows of a failure beyond the reason
// (EndReason): enough to say what to do about it (remedy.h). It has no text of
// a peer.
enum class EndCause : uint8_t {
  kUnknown,  // nothing is known beyond the reason
  // The name of the server.
  kNoSuchName,         // DNS says that it has no usable address
  kNameServersFailed,  // no name server gave a usable answer
  kNameServerClosed,   // its port is closed
  kNameServerRefuses,  // it answered REFUSED
  kNameServerFails,    // it answered SERVFAIL
  // TCP.
  kPortClosed,      // the connection was refused
  kPortSilent,      // there was no answer at all
  kNoRoute,         // the network or the host is unreachable
  kAddressRefused,  // the client does not connect to such an address
  kPrivateAddress,  // one of the first three, and DNS gave private addresses
  // TLS.
  kNotTls,              // the server's answer is no TLS
  kOldTls,              // the server speaks no TLS that is new enough
  kCertificateWanted,   // the server wants a client certificate
  kCertificateRefused,  // the server does not accept our certificate
  kTlsStalled,          // the server did not finish the handshake in time
  kTlsFailed,           // the handshake failed in another way
  // The server's certificate.
  kNoIntermediate,  // it came alone, and its issuer is not known
  kUnknownRoot,     // its chain ends at an issuer that is not trusted
  kSelfSigned,
  kExpired,
  kNotYetValid,
  kWrongName,
  kNoAlternativeName,  // it has no subjectAltName, so at most a CN
  // The status of the answer to the login.
  kRedirect,    // 3xx, to another place
  kLoginPage,   // 511, or 2xx with a page for people
  kBadRequest,  // 400
  kForbidden,   // 403
  kNotFound,    // 404
  kProxyLogin,  // 407
  kBusy,        // 429 or 503
  kBadGateway,  // 502 or 504
  // The answer to the login, if it has no status.
  kNoAnswer,      // the server closed the connection without an answer
  kTlsAnswer,     // TLS came where HTTP was expected
  kNotHttp,       // the first line is no HTTP
  kOverlayRange,  // the address is not in WSTunOverlay
  // The proxy of the settings.
  kProxyNotFound,    // its name has no address
  kProxyUnreached,   // there is no TCP connection to it
  kProxyWantsLogin,  // 407, and no login was sent
  kProxyLoginWrong,  // 407, and one was sent
  kProxyForbids,     // 403
  kProxyNoServer,    // 500, 502, 503, 504: it does not reach the server
  kProxyRefuses,     // another status
  kProxyWebPage,     // HTML came instead of an answer
  kProxyNotHttp,     // the answer breaks a rule
  kProxyEarlyBytes,  // bytes came behind the 2xx
  kProxyClosed,      // it closed the connection without an answer, or lost it
  kProxySilent,      // there was no whole answer in time
  // TLS to that proxy.
  kProxyCertificate,  // its certificate does not verify
  kProxyTls,          // there was no handshake for another reason
};
inline constexpr EndCause kLastEndCause = EndCause::kProxyTls;

// WithCause returns `why` with its cause, which stays with it when it is passed
// on. It replaces an earlier one. An OK status has no cause.
[[nodiscard]] absl::Status WithCause(absl::Status why, EndCause cause);

// CauseOf returns the cause that WithCause has set, else kUnknown.
EndCause CauseOf(const absl::Status& why);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RETRY_END_CAUSE_H_
