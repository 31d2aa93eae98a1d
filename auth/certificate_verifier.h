// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_VERIFIER_H_
#define OVOC_AUTH_CERTIFICATE_VERIFIER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
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

// CertificateVerifier: decides whether a server's certificates prove that it is
// the server we asked for. It has the trust anchors and no other state, so
// several threads may call Verify at once. It does not check revocation,
// because no responder can be reached before the tunnel is up.
class CertificateVerifier {
 public:
  struct Options {
    // release_date: wall clock. If `now` is earlier, the clock must be wrong
    // (see ChooseVerificationTime). Without a release date the clock is always
    // trusted.
    absl::Time release_date = absl::InfinitePast();
    // max_work: the limit for one verification, see VerificationBudget.
    uint64_t max_work = kMaxVerificationWork;
  };

  struct Request {
    // chain: the presented certificates in DER, leaf first (RFC 8446 4.4.2),
    // the others in any order. The views are used only during the call.
    // SSL_get0_peer_certificates gives this.
    absl::Span<const absl::Span<const uint8_t>> chain;
    // name: the name or address from the settings, see PeerName::Parse.
    // RFC 9525 6.1.1 MUST NOT: an intermediate name (CNAME) as reference.
    absl::string_view name;
    NameCheck name_check = NameCheck::kRequired;
    absl::Time now;  // wall clock
  };

  struct Verdict {
    VerifyFailure failure = VerifyFailure::kNone;
    // depth: of the certificate that is refused; 0 is the leaf.
    size_t depth = 0;
    // status: OK, or Unauthenticated with "certificate DEPTH (SUBJECT): what is
    // wrong", or InvalidArgument if Request::name is not a name. The message is
    // printable and bounded, so it can be logged.
    absl::Status status;
    // identity: the name of the request if it was found in the certificate;
    // empty if it was not found or not checked.
    std::string identity;
    // validated_at, clock: for the accepted chain, or for the first one that
    // was refused. If its times were not checked, validated_at is the later of
    // `now` and the release date.
    absl::Time validated_at;
    ClockState clock = ClockState::kTrusted;
    CertificateSummary leaf;  // as far as it could be read
    // issuer: of the accepted chain's certificates above the leaf, the one that
    // expires first. It is not set if there is none, or no chain.
    std::optional<CertificateSummary> issuer;
    uint64_t work = 0;  // units that it took, at most Options::max_work

    bool ok() const { return status.ok(); }
  };

  // Create: InvalidArgument when the release date is in the infinite future.
  static absl::StatusOr<CertificateVerifier> Create(TrustStore trust_store,
                                                    const Options& options);

  // Verify: builds a chain from the leaf to a trust anchor and checks it
  // (certificate_path.h, then verification_time.h). If a certificate above the
  // leaf breaks a rule, it searches for another chain (path_search.h). If no
  // chain is accepted, the verdict is about the first one. One budget covers
  // all of that (verification_budget.h); if it is used up, the verdict is
  // kTooLarge.
  Verdict Verify(const Request& request) const;

 private:
  CertificateVerifier(TrustStore trust_store, const Options& options)
      : trust_store_(std::move(trust_store)), options_(options) {}

  // VerifyChain: does what Verify does once the name is known to be well formed
  // (null: the name is not checked). It fills in `verdict`.
  void VerifyChain(const Request& request, const PeerName* name,
                   VerificationBudget* budget, Verdict* verdict) const;

  TrustStore trust_store_;
  Options options_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_VERIFIER_H_
