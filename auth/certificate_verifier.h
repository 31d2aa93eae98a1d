// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_VERIFIER_H_
#define OVOC_AUTH_CERTIFICATE_VERIFIER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_summary.h"
#include "auth/peer_name.h"
#include "auth/trust_store.h"
#include "auth/verification_budget.h"
#include "auth/verification_time.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// NameCheck: whether the name has to be in the certificate.
enum class NameCheck {
  kRequired,  // RFC 9525 6.6 MUST NOT: the check is not off by default
  kOff,  // the documented compatibility setting; the chain is verified still
};

// CertificateVerifier: says whether a server's certificates prove that it is
// the server asked for. It holds the trust anchors and no other state: Verify
// may be called from several threads. No revocation: there is no path to a
// responder outside the tunnel.
class CertificateVerifier {
 public:
  struct Options {
    // release_date: wall clock. An earlier `now` is known to be wrong, see
    // ChooseVerificationTime. Never: a clock is trusted whatever it says.
    absl::Time release_date = absl::InfinitePast();
    // max_work: of one verification, see VerificationBudget.
    uint64_t max_work = kMaxVerificationWork;
  };

  struct Request {
    // chain: the presented certificates in DER, leaf first (RFC 8446 4.4.2),
    // the rest in any order. Views for the call only; what
    // SSL_get0_peer_certificates gives.
    absl::Span<const absl::Span<const uint8_t>> chain;
    // name: the name or address from the settings, see PeerName::Parse.
    // RFC 9525 6.1.1 MUST NOT: an intermediate name (CNAME) as reference.
    absl::string_view name;
    NameCheck name_check = NameCheck::kRequired;
    absl::Time now;  // wall clock
  };

  struct Verdict {
    VerifyFailure failure = VerifyFailure::kNone;
    // status: OK, or Unauthenticated "certificate DEPTH (SUBJECT): what is
    // wrong" (InvalidArgument when Request::name is none). Fit for a log:
    // printable, bounded.
    absl::Status status;
    // identity: the name of the request when it was found in the certificate;
    // empty when not, or not checked.
    std::string identity;
    // validated_at, clock: of the accepted chain, or of the first one that was
    // refused. Where its times were not come to, validated_at is the later of
    // `now` and the release date.
    absl::Time validated_at;
    ClockState clock = ClockState::kTrusted;
    CertificateSummary leaf;  // as far as it could be read
    uint64_t work = 0;        // units that it took, at most Options::max_work

    bool ok() const { return status.ok(); }
  };

  // Create: InvalidArgument when the release date is in the infinite future.
  static absl::StatusOr<CertificateVerifier> Create(TrustStore trust_store,
                                                    const Options& options);

  // Verify: builds a chain from the leaf to a trust anchor, checks it (see
  // certificate_path.h, verification_time.h in this order), and when a
  // certificate above the leaf breaks a rule searches for another chain (see
  // path_search.h). When no chain is accepted the verdict tells of the first
  // one. All of that has one budget (see verification_budget.h): when it is
  // used up the verdict is kTooLarge.
  Verdict Verify(const Request& request) const;

 private:
  CertificateVerifier(TrustStore trust_store, const Options& options)
      : trust_store_(std::move(trust_store)), options_(options) {}

  // VerifyChain: Verify, after the name (null: not checked) was found
  // well-formed. It fills in `verdict`.
  void VerifyChain(const Request& request, const PeerName* name,
                   VerificationBudget* budget, Verdict* verdict) const;

  TrustStore trust_store_;
  Options options_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_VERIFIER_H_
