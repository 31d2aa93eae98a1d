// SPDX-License-Identifier: Apache-2.0
#include "auth/presented_chain.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "auth/der_certificate.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

Violation CheckLimits(absl::Span<const absl::Span<const uint8_t>> der) {
  if (der.empty()) {
    return {VerifyFailure::kMalformed, 0, "the server sent no certificate"};
  }
  if (der.size() > kMaxPresentedCertificates) {
    return {VerifyFailure::kTooLarge, 0,
            absl::StrCat("the server sent ", der.size(),
                         " certificates, but at most ",
                         kMaxPresentedCertificates, " are allowed")};
  }
  size_t total = 0;
  for (size_t i = 0; i < der.size(); ++i) {
    if (der[i].size() > kMaxCertificateBytes) {
      return {VerifyFailure::kTooLarge, i,
              absl::StrCat("it has ", der[i].size(), " bytes, but at most ",
                           kMaxCertificateBytes, " are allowed")};
    }
    total += der[i].size();
  }
  if (total > kMaxPresentedBytes) {
    return {VerifyFailure::kTooLarge, 0,
            absl::StrCat("the server sent ", total,
                         " bytes of certificates, but at most ",
                         kMaxPresentedBytes, " are allowed")};
  }
  return {};
}

}  // namespace

Violation ParsePresentedChain(absl::Span<const absl::Span<const uint8_t>> der,
                              VerificationBudget* budget,
                              std::vector<bssl::UniquePtr<X509>>* chain) {
  chain->clear();
  if (Violation violation = CheckLimits(der); violation.found()) {
    return violation;
  }
  std::vector<bssl::UniquePtr<X509>> parsed;
  for (size_t i = 0; i < der.size(); ++i) {
    if (!budget->Charge(ParseWork(der[i].size()))) {
      return budget->Refusal();
    }
    std::string error;
    bssl::UniquePtr<X509> certificate = ParseCertificate(der[i], &error);
    if (certificate == nullptr) {
      return {VerifyFailure::kMalformed, i, std::move(error)};
    }
    parsed.push_back(std::move(certificate));
  }
  *chain = std::move(parsed);
  return {};
}

}  // namespace ovoc::auth
