// SPDX-License-Identifier: Apache-2.0
//
// Throw-away certificates and a TLS server's side, for tests.

#ifndef OVOC_TUNNEL_TRANSPORT_TESTING_TEST_IDENTITY_H_
#define OVOC_TUNNEL_TRANSPORT_TESTING_TEST_IDENTITY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "openssl/base.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {

// TestIdentity is a certificate with its P-256 key, made on the spot and
// signed with ECDSA and SHA-256. Valid in kFirstSecond..kLastSecond. Making one
// cannot fail short of a bug, which ends the test.
class TestIdentity {
 public:
  static constexpr int64_t kFirstSecond = 1767225600;  // 2026-01-01 UTC
  static constexpr int64_t kLastSecond = 2082758400;   // 2036-01-01 UTC

  // A self-signed CA.
  static TestIdentity Root(absl::string_view common_name);

  // A certificate of this CA for a TLS server and client. `alternative_names`
  // is in OpenSSL's form: "DNS:ovoc.example,IP:127.0.0.1".
  TestIdentity Issue(absl::string_view alternative_names) const;

  std::string certificate_pem() const;
  std::string private_key_pem() const;  // unencrypted PKCS #8

  // A TLS server with this certificate, every setting BoringSSL's own.
  bssl::UniquePtr<SSL_CTX> ServerContext() const;

 private:
  TestIdentity();
  void Begin(absl::string_view common_name, const TestIdentity& issuer);
  void Extend(int nid, const std::string& value);

  bssl::UniquePtr<X509> certificate_;
  bssl::UniquePtr<EVP_PKEY> key_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TESTING_TEST_IDENTITY_H_
