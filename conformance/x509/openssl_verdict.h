// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_OPENSSL_VERDICT_H_
#define OVOC_CONFORMANCE_X509_OPENSSL_VERDICT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ovoc::conformance {

struct OpensslFunctions;  // those of libcrypto.so.3 that are called

// OpensslVerifier: OpenSSL 3's verdict on a chain, to compare ours with. It
// loads libcrypto.so.3 at run time. BoringSSL, which this program is linked
// with, has many of the same names and must be linked statically.
class OpensslVerifier {
 public:
  struct Question {
    // Certificates in DER. chain: leaf first, the rest in any order.
    absl::Span<const std::vector<uint8_t>> roots;
    absl::Span<const std::vector<uint8_t>> chain;
    absl::string_view name;  // DNS name or IP address
    absl::Time time;
  };

  struct Verdict {
    bool accepted = false;
    std::string reason;  // OpenSSL's own words; "ok" when accepted
  };

  // Load: NotFound if this machine has no libcrypto.so.3 or a function is
  // missing from it; FailedPrecondition if BoringSSL is a shared library.
  static absl::StatusOr<OpensslVerifier> Load();

  OpensslVerifier(OpensslVerifier&&) noexcept;
  OpensslVerifier& operator=(OpensslVerifier&&) noexcept;
  ~OpensslVerifier();

  // Verify: X509_verify_cert for purpose sslserver at security level 2 (RSA of
  // 2048 bits, no SHA-1). The name is looked for only in the subjectAltName,
  // and wildcards only stand for whole labels. A certificate that OpenSSL
  // cannot read is refused.
  Verdict Verify(const Question& question) const;

 private:
  explicit OpensslVerifier(std::unique_ptr<OpensslFunctions> functions);

  std::unique_ptr<OpensslFunctions> functions_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_OPENSSL_VERDICT_H_
