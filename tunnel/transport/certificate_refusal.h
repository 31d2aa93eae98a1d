// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_CERTIFICATE_REFUSAL_H_
#define OVOC_TUNNEL_TRANSPORT_CERTIFICATE_REFUSAL_H_

#include <cstdint>

#include "auth/certificate_verifier.h"
#include "auth/verify_failure.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {

// AlertFor is the TLS alert that tells the peer why its certificate was refused
// (RFC 8446 6.2); bad_certificate if no other fits.
uint8_t AlertFor(auth::VerifyFailure failure);

// CauseOfRefusal is the same for people: the cause of a verdict that is not ok,
// kUnknown if there is none that leads to another remedy.
EndCause CauseOfRefusal(const auth::CertificateVerifier::Verdict& verdict);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_CERTIFICATE_REFUSAL_H_
