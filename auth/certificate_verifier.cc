// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_verifier.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_path.h"
#include "auth/certificate_summary.h"
#include "auth/chain_rules.h"
#include "auth/name_constraints.h"
#include "auth/path_search.h"
#include "auth/peer_name.h"
#include "auth/presented_chain.h"
#include "auth/trust_store.h"
#include "auth/verification_time.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

using Certificates = std::vector<bssl::UniquePtr<X509>>;

// One chain that was tried.
struct Attempt {
  Violation violation;
  VerificationTime time;
  Certificates chain;
};

std::vector<X509*> Pointers(
    absl::Span<const bssl::UniquePtr<X509>> certificates) {
  std::vector<X509*> pointers;
  pointers.reserve(certificates.size());
  for (const bssl::UniquePtr<X509>& certificate : certificates) {
    pointers.push_back(certificate.get());
  }
  return pointers;
}

std::vector<Validity> Validities(absl::Span<X509* const> chain) {
  std::vector<Validity> validities;
  for (const X509* certificate : chain) {
    validities.push_back(ReadValidity(*certificate));
  }
  return validities;
}

// Judges chains for one name at one time.
class Judge {
 public:
  Judge(const PeerName* name, absl::Time now, absl::Time release_date)
      : name_(name), now_(now), release_date_(release_date) {}

  // A chain of these certificates, as BoringSSL builds it.
  Attempt Build(PathQuery query) const {
    query.name = name_;
    PathResult path = BuildPath(query);
    Attempt attempt = {std::move(path.violation),
                       ChooseVerificationTime(now_, release_date_, {}),
                       std::move(path.chain)};
    if (!attempt.violation.found()) {
      CheckBuiltChain(&attempt);
    }
    return attempt;
  }

  // Whether the beginning of a chain may become a good one.
  bool MayContinue(absl::Span<X509* const> beginning) const {
    // A wrong clock is set by the whole chain.
    const bool in_time =
        now_ < release_date_ ||
        !CheckValidity(Validities(beginning), {now_, ClockState::kTrusted})
             .found();
    return in_time && !CheckChainRules(beginning).found() &&
           !CheckNameConstraints(beginning).found();
  }

 private:
  // Everything about a chain but how it was built.
  void CheckBuiltChain(Attempt* attempt) const {
    const std::vector<X509*> chain = Pointers(attempt->chain);
    // Before the time: only a chain that is good otherwise may choose it.
    attempt->violation = CheckChainRules(chain);
    if (attempt->violation.found()) {
      return;
    }
    const std::vector<Validity> validities = Validities(chain);
    attempt->time = ChooseVerificationTime(now_, release_date_, validities);
    attempt->violation = CheckValidity(validities, attempt->time);
  }

  const PeerName* name_;
  absl::Time now_;
  absl::Time release_date_;
};

// Whether another chain may do better: a certificate above the leaf breaks the
// rule, or a rule between two certificates is broken, as the lower one may have
// another issuer of the same name.
bool MayBeMended(const Attempt& attempt) {
  const Violation& violation = attempt.violation;
  return violation.depth > 0 ||
         violation.failure == VerifyFailure::kBadSignature ||
         violation.failure == VerifyFailure::kNameConstraint;
}

absl::Status Refusal(const Violation& violation, const Certificates& chain) {
  std::string subject;
  if (violation.depth < chain.size()) {
    subject = absl::StrCat(
        " (",
        PrintableName(*X509_get_subject_name(chain[violation.depth].get())),
        ")");
  }
  return absl::UnauthenticatedError(absl::StrCat(
      "certificate ", violation.depth, subject, ": ", violation.detail));
}

// The first chain that is accepted, else the first chain.
Attempt FindChain(const Certificates& presented, const TrustStore& trust_store,
                  const Judge& judge) {
  X509* leaf = presented[0].get();
  const std::vector<X509*> intermediates =
      Pointers(absl::MakeConstSpan(presented).subspan(1));
  const std::vector<X509*> trusted = Pointers(trust_store.anchors());
  Attempt best = judge.Build({leaf, intermediates, trusted});
  if (!best.violation.found() || !MayBeMended(best)) {
    return best;
  }
  int attempts = 1;
  SearchPaths(
      {leaf, intermediates, trusted},
      [&](absl::Span<X509* const> beginning) {
        return judge.MayContinue(beginning);
      },
      [&](absl::Span<X509* const> chain) {
        PathQuery query;
        query.leaf = leaf;
        query.intermediates = chain.subspan(1, chain.size() - 2);
        query.anchors = chain.last(1);
        query.order = IssuerOrder::kPresentedFirst;
        Attempt attempt = judge.Build(query);
        const bool accepted = !attempt.violation.found();
        if (accepted) {
          best = std::move(attempt);
        }
        return accepted || ++attempts == kMaxPathAttempts;
      });
  return best;
}

}  // namespace

absl::StatusOr<CertificateVerifier> CertificateVerifier::Create(
    TrustStore trust_store, const Options& options) {
  if (options.release_date == absl::InfiniteFuture()) {
    return absl::InvalidArgumentError(
        "release date: infinite future, needs a date");
  }
  return CertificateVerifier(std::move(trust_store), options);
}

CertificateVerifier::Verdict CertificateVerifier::Verify(
    const Request& request) const {
  const VerificationTime time =
      ChooseVerificationTime(request.now, options_.release_date, {});
  std::optional<PeerName> name;  // none: not checked
  if (request.name_check == NameCheck::kRequired) {
    absl::StatusOr<PeerName> parsed = PeerName::Parse(request.name);
    if (!parsed.ok()) {
      Verdict verdict;
      verdict.failure = VerifyFailure::kOther;
      verdict.status = parsed.status();
      verdict.validated_at = time.at;
      verdict.clock = time.clock;
      return verdict;
    }
    name = *std::move(parsed);
  }
  Verdict verdict = VerifyChain(request, name.has_value() ? &*name : nullptr);
  // What BoringSSL noted of chains that were refused; left in the thread's
  // error queue, it would be taken for an error of the TLS connection.
  ERR_clear_error();
  return verdict;
}

CertificateVerifier::Verdict CertificateVerifier::VerifyChain(
    const Request& request, const PeerName* name) const {
  Verdict verdict;
  const VerificationTime time =
      ChooseVerificationTime(request.now, options_.release_date, {});
  verdict.validated_at = time.at;
  verdict.clock = time.clock;
  Certificates presented;
  const Violation unreadable = ParsePresentedChain(request.chain, &presented);
  if (unreadable.found()) {
    verdict.failure = unreadable.failure;
    verdict.status = Refusal(unreadable, presented);
    return verdict;
  }
  verdict.leaf = Summarize(*presented[0]);
  const Attempt attempt = FindChain(
      presented, trust_store_, Judge(name, request.now, options_.release_date));
  verdict.failure = attempt.violation.failure;
  verdict.validated_at = attempt.time.at;
  verdict.clock = attempt.time.clock;
  if (attempt.violation.found()) {
    verdict.status = Refusal(attempt.violation, attempt.chain);
    return verdict;
  }
  if (name != nullptr) {
    // RFC 9525 6.6 MUST: the matched reference identifier is the identity.
    verdict.identity = name->text();
  }
  return verdict;
}

}  // namespace ovoc::auth
