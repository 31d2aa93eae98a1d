// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_verifier.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
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

// The certificates but those that a chain was refused for.
std::vector<X509*> Without(absl::Span<const bssl::UniquePtr<X509>> certificates,
                           const Certificates& refused) {
  std::vector<X509*> kept;
  for (const bssl::UniquePtr<X509>& certificate : certificates) {
    const bool is_refused =
        std::any_of(refused.begin(), refused.end(),
                    [&](const bssl::UniquePtr<X509>& other) {
                      return X509_cmp(other.get(), certificate.get()) == 0;
                    });
    if (!is_refused) {
      kept.push_back(certificate.get());
    }
  }
  return kept;
}

// Everything about a chain but how it was built.
void CheckBuiltChain(absl::Time now, absl::Time release_date,
                     Attempt* attempt) {
  std::vector<X509*> chain;
  std::vector<Validity> validity;
  for (const bssl::UniquePtr<X509>& certificate : attempt->chain) {
    chain.push_back(certificate.get());
    validity.push_back(ReadValidity(*certificate));
  }
  // Before the time: only a chain that is good otherwise may choose it.
  attempt->violation = CheckChainRules(chain);
  if (attempt->violation.found()) {
    return;
  }
  attempt->time = ChooseVerificationTime(now, release_date, validity);
  attempt->violation = CheckValidity(validity, attempt->time);
}

// The certificate without which another chain may do better: the one that
// breaks the rule, or for a rule between two certificates the upper one, as the
// lower may have another issuer of the same name. Null: there is none, the leaf
// is wrong.
X509* Culprit(const Attempt& attempt) {
  const Violation& violation = attempt.violation;
  const bool between_two = violation.failure == VerifyFailure::kBadSignature ||
                           violation.failure == VerifyFailure::kNameConstraint;
  const size_t depth = violation.depth + (between_two ? 1 : 0);
  return depth == 0 || depth >= attempt.chain.size()
             ? nullptr
             : attempt.chain[depth].get();
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

Attempt TryChain(const Certificates& presented, const TrustStore& trust_store,
                 const Certificates& refused, const PeerName* name) {
  const std::vector<X509*> intermediates =
      Without(absl::MakeConstSpan(presented).subspan(1), refused);
  const std::vector<X509*> anchors = Without(trust_store.anchors(), refused);
  PathResult path =
      BuildPath({presented[0].get(), intermediates, anchors, name});
  return {std::move(path.violation), {}, std::move(path.chain)};
}

// The first chain that is accepted, else the first chain.
Attempt FindChain(const Certificates& presented, const TrustStore& trust_store,
                  const PeerName* name, absl::Time now,
                  absl::Time release_date) {
  std::optional<Attempt> first;
  Certificates refused;
  for (int i = 0; i < kMaxPathAttempts; ++i) {
    Attempt attempt = TryChain(presented, trust_store, refused, name);
    attempt.time = ChooseVerificationTime(now, release_date, {});
    if (!attempt.violation.found()) {
      CheckBuiltChain(now, release_date, &attempt);
    }
    if (!attempt.violation.found()) {
      return attempt;
    }
    X509* culprit = Culprit(attempt);
    if (culprit != nullptr) {
      refused.push_back(bssl::UpRef(culprit));
    }
    if (!first.has_value()) {
      first = std::move(attempt);
    }
    if (culprit == nullptr) {
      break;
    }
  }
  return *std::move(first);
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
  const Attempt attempt = FindChain(presented, trust_store_, name, request.now,
                                    options_.release_date);
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
