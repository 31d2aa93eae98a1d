// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TESTING_CERTIFICATE_TEST_DATA_H_
#define OVOC_AUTH_TESTING_CERTIFICATE_TEST_DATA_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// For tests: the certificates of testdata/certificates, by file name without
// ".pem". A file that is not there fails the test.

// TestPem: the file as it is.
std::string TestPem(absl::string_view name);

// TestDer: the certificate in the file, decoded by other code than the trust
// store's.
std::vector<uint8_t> TestDer(absl::string_view name);

// TestCertificate: parsed by BoringSSL; null only after a test failure.
bssl::UniquePtr<X509> TestCertificate(absl::string_view name);

// TestChain: owns what a server presents.
class TestChain {
 public:
  TestChain() = default;
  explicit TestChain(const std::vector<std::string>& names);
  TestChain(const TestChain&) = delete;
  TestChain& operator=(const TestChain&) = delete;

  // Add: one more certificate at the end.
  void Add(std::vector<uint8_t> der);
  // spans: valid until the next Add.
  absl::Span<const absl::Span<const uint8_t>> spans();

 private:
  std::vector<std::vector<uint8_t>> ders_;
  std::vector<absl::Span<const uint8_t>> spans_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TESTING_CERTIFICATE_TEST_DATA_H_
