// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TESTING_CERTIFICATE_VERIFIER_TEST_SUPPORT_H_
#define OVOC_AUTH_TESTING_CERTIFICATE_VERIFIER_TEST_SUPPORT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// For the tests of the verifier: requests by the names of
// testdata/certificates.

using Names = std::vector<std::string>;
using Verdict = CertificateVerifier::Verdict;

inline constexpr char kHost[] = "ovoc.example.net";

// Year: the first second of it, UTC.
absl::Time Year(int year);
// Release: the release date of every verifier here, 2026-11-23.
absl::Time Release();
// Now: the time of a request that does not say otherwise, 2027-01-01.
absl::Time Now();
// GoodChain: leaf_good and its intermediate, below root_ec.
Names GoodChain();

// MakeVerifier: trusts `roots`. A root that does not load fails the test.
CertificateVerifier MakeVerifier(const Names& roots);

// Verify: one request to a verifier of its own.
Verdict Verify(const Names& roots, const Names& chain, const std::string& name,
               absl::Time now = Now(),
               NameCheck name_check = NameCheck::kRequired);

struct ChainCase {
  std::string name;
  Names roots;
  Names chain;
  std::string host;
  VerifyFailure expected;
  std::string message;  // the beginning of the message of a refusal
};

// ExpectVerdicts: each case at Now() has the verdict it expects.
void ExpectVerdicts(const std::vector<ChainCase>& cases);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TESTING_CERTIFICATE_VERIFIER_TEST_SUPPORT_H_
