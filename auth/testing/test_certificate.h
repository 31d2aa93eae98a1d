// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TESTING_TEST_CERTIFICATE_H_
#define OVOC_AUTH_TESTING_TEST_CERTIFICATE_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::auth {

// For tests: certificates made on the spot, for rules with many cases. The ones
// in testdata/certificates come from another implementation.

// MakeTestKey: a P-256 key.
bssl::UniquePtr<EVP_PKEY> MakeTestKey();

struct TestCertificateParts {
  std::string subject;  // common name; empty: an empty subject
  std::string issuer;   // common name
  EVP_PKEY* key = nullptr;
  EVP_PKEY* issuer_key = nullptr;
  // extensions: in the form of OpenSSL's configuration, like
  // "basicConstraints=critical,CA:TRUE" or "nameConstraints=DER:3000".
  std::vector<std::string> extensions;
};

// MakeTestCertificate: X.509 v3, valid 2020 to 2120. An extension that is not
// understood fails the test.
bssl::UniquePtr<X509> MakeTestCertificate(const TestCertificateParts& parts);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TESTING_TEST_CERTIFICATE_H_
