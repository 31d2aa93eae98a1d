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
#include "auth/certificate_facts.h"
#include "auth/certificate_path.h"
#include "auth/certificate_pool.h"
#include "auth/certificate_summary.h"
#include "auth/chain_rules.h"
#include "auth/path_search.h"
#include "auth/peer_name.h"
#include "auth/presented_chain.h"
#include "auth/trust_store.h"
#include "auth/verification_budget.h"
#include "auth/verification_time.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

using Certificates = std::vector<bssl::UniquePtr<X509>>;

// One chain that was tried.
struct Attempt {
  Path path;
  VerificationTime time;
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

std::vector<Validity> Validities(Chain chain) {
  std::vector<Validity> validities;
  for (const CertificateFacts* certificate : chain) {
    validities.push_back(certificate->validity);
  }
  return validities;
}

// Judges chains for one name at one time.
class Judge {
 public:
  Judge(const PeerName* name, absl::Time now, absl::Time release_date,
        VerificationBudget* budget)
      : now_(now), release_date_(release_date), checks_(name, budget) {}

  // What is wrong with a chain, at which time.
  Attempt Examine(Path path) {
    Attempt attempt = {std::move(path),
                       ChooseVerificationTime(now_, release_date_, {})};
    Path& tried = attempt.path;
    if (!tried.violation.found()) {
      tried.violation = checks_.Check(tried.chain);
    }
    // The time comes last: only a chain that is good otherwise may choose it.
    if (!tried.violation.found()) {
      const std::vector<Validity> validities = Validities(tried.chain);
      attempt.time = ChooseVerificationTime(now_, release_date_, validities);
      tried.violation = CheckValidity(validities, attempt.time);
    }
    return attempt;
  }

  // Whether the beginning of a chain may become a good one.
  bool MayContinue(Chain beginning, Place place) {
    // A wrong clock is set by the whole chain.
    const bool in_time =
        now_ < release_date_ || !CheckValidity(Validities(beginning.last(1)),
                                               {now_, ClockState::kTrusted})
                                     .found();
    return in_time && checks_.MayContinue(beginning, place);
  }

 private:
  absl::Time now_;
  absl::Time release_date_;
  ChainChecks checks_;
};

// Whether another chain may do better: a certificate above the leaf breaks the
// rule, or a rule between two certificates or about the whole chain is broken,
// as the lower one may have another issuer of the same name.
bool MayBeMended(const Violation& violation) {
  return violation.depth > 0 ||
         violation.failure == VerifyFailure::kBadSignature ||
         violation.failure == VerifyFailure::kNameConstraint ||
         violation.failure == VerifyFailure::kPolicy;
}

// Of the certificates above the leaf.
std::optional<CertificateSummary> FirstToExpire(Chain chain) {
  const CertificateFacts* first = nullptr;
  for (const CertificateFacts* issuer : chain.subspan(1)) {
    if (first == nullptr ||
        issuer->validity.not_after < first->validity.not_after) {
      first = issuer;
    }
  }
  return first == nullptr ? std::nullopt
                          : std::make_optional(Summarize(*first->certificate));
}

absl::Status Refusal(const Violation& violation, Chain chain) {
  std::string subject;
  if (violation.depth < chain.size()) {
    const X509& culprit = *chain[violation.depth]->certificate;
    subject = absl::StrCat(
        " (", PrintableName(*X509_get_subject_name(&culprit)), ")");
  }
  return absl::UnauthenticatedError(absl::StrCat(
      "certificate ", violation.depth, subject, ": ", violation.detail));
}

// The first chain that is accepted, else the first chain.
Attempt FindChain(CertificatePool* pool, VerificationBudget* budget,
                  Judge* judge) {
  Attempt best = judge->Examine(FollowIssuers(pool));
  if (!best.path.violation.found() || !MayBeMended(best.path.violation)) {
    return best;
  }
  SearchPaths(
      pool, budget,
      [&](Chain beginning, Place place) {
        return judge->MayContinue(beginning, place);
      },
      [&](Chain chain) {
        Path path;
        path.chain.assign(chain.begin(), chain.end());
        Attempt attempt = judge->Examine(std::move(path));
        if (attempt.path.violation.found()) {
          return false;
        }
        best = std::move(attempt);
        return true;
      });
  return best;
}

}  // namespace

absl::StatusOr<CertificateVerifier> CertificateVerifier::Create(
    TrustStore trust_store, const Options& options) {
  if (options.release_date == absl::InfiniteFuture()) {
    return absl::InvalidArgumentError(
        "release date: it is the infinite future, but it must be a date");
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
  Verdict verdict;
  VerificationBudget budget(options_.max_work);
  verdict.validated_at = time.at;
  verdict.clock = time.clock;
  VerifyChain(request, name.has_value() ? &*name : nullptr, &budget, &verdict);
  verdict.work = budget.spent();
  // What BoringSSL noted of chains that were refused; left in the thread's
  // error queue, it would be taken for an error of the TLS connection.
  ERR_clear_error();
  return verdict;
}

void CertificateVerifier::VerifyChain(const Request& request,
                                      const PeerName* name,
                                      VerificationBudget* budget,
                                      Verdict* verdict) const {
  Certificates presented;
  const Violation unreadable =
      ParsePresentedChain(request.chain, budget, &presented);
  if (unreadable.found()) {
    verdict->failure = unreadable.failure;
    verdict->depth = unreadable.depth;
    verdict->status = Refusal(unreadable, {});
    return;
  }
  verdict->leaf = Summarize(*presented[0]);
  const std::vector<X509*> intermediates =
      Pointers(absl::MakeConstSpan(presented).subspan(1));
  const std::vector<X509*> trusted = Pointers(trust_store_.anchors());
  CertificatePool pool({presented[0].get(), intermediates, trusted}, budget);
  Judge judge(name, request.now, options_.release_date, budget);
  Attempt attempt = FindChain(&pool, budget, &judge);
  Violation& violation = attempt.path.violation;
  if (budget->is_used_up() && violation.found()) {
    violation = budget->Refusal();
  }
  verdict->failure = violation.failure;
  verdict->depth = violation.depth;
  verdict->validated_at = attempt.time.at;
  verdict->clock = attempt.time.clock;
  if (violation.found()) {
    verdict->status = Refusal(violation, attempt.path.chain);
    return;
  }
  verdict->issuer = FirstToExpire(attempt.path.chain);
  if (name != nullptr) {
    // RFC 9525 6.6 MUST: the matched reference identifier is the identity.
    verdict->identity = name->text();
  }
}

}  // namespace ovoc::auth
