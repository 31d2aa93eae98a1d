// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_strength.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <optional>
#include <string>

#include "auth/der_certificate.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/costly_certificate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct StrengthCase {
  const char* file;
  const char* expected;  // the beginning of the finding; null: none
};

TEST(FindWeakKeyTest, AllowsTheListedKeysOnly) {
  const StrengthCase cases[] = {
      {"leaf_rsa", nullptr},      // RSA 2048
      {"leaf_good", nullptr},     // P-256
      {"leaf_p384", nullptr},     // P-384
      {"leaf_ed25519", nullptr},  // Ed25519
      {"leaf_rsa1024", "RSA key of 1024 bits"},
      {"root_rsa1024", "RSA key of 1024 bits"},
      {"leaf_p521", "EC key on secp521r1"},
      {"leaf_p224", "EC key on secp224r1"},
      // A curve that BoringSSL does not have.
      {"leaf_secp256k1", "unsupported key id-ecPublicKey on secp256k1"},
  };
  for (const StrengthCase& c : cases) {
    SCOPED_TRACE(c.file);
    const bssl::UniquePtr<X509> certificate = TestCertificate(c.file);
    ASSERT_NE(certificate, nullptr);
    const std::optional<std::string> weak = FindWeakKey(*certificate);
    if (c.expected == nullptr) {
      EXPECT_FALSE(weak.has_value()) << *weak;
      continue;
    }
    ASSERT_TRUE(weak.has_value());
    EXPECT_THAT(*weak, AllOf(StartsWith(c.expected),
                             HasSubstr("allowed: RSA of 2048 bits or more")));
  }
}

TEST(FindWeakSignatureTest, AllowsTheListedAlgorithmsOnly) {
  const StrengthCase cases[] = {
      {"leaf_rsa", nullptr},            // RSA PKCS #1 v1.5 with SHA-256
      {"leaf_rsa_pss", nullptr},        // RSA-PSS with SHA-256
      {"leaf_good", nullptr},           // ECDSA with SHA-256
      {"leaf_p384", nullptr},           // ECDSA with SHA-384
      {"leaf_ed25519", nullptr},        // ECDSA with SHA-512
      {"leaf_under_ed25519", nullptr},  // Ed25519
      {"leaf_sha1", "signed with RSA-SHA1"},
      {"leaf_md5", "signed with RSA-MD5"},
      {"leaf_sha224", "signed with RSA-SHA224"},
      {"leaf_ecdsa_sha1", "signed with ecdsa-with-SHA1"},
      {"intermediate_sha1", "signed with RSA-SHA1"},
      // Its hash is not written: SHA-1 is the default of RFC 4055.
      {"leaf_rsa_pss_sha1", "signed with RSA-PSS and SHA1"},
  };
  for (const StrengthCase& c : cases) {
    SCOPED_TRACE(c.file);
    const bssl::UniquePtr<X509> certificate = TestCertificate(c.file);
    ASSERT_NE(certificate, nullptr);
    const std::optional<std::string> weak = FindWeakSignature(*certificate);
    if (c.expected == nullptr) {
      EXPECT_FALSE(weak.has_value()) << *weak;
      continue;
    }
    ASSERT_TRUE(weak.has_value());
    EXPECT_THAT(*weak,
                AllOf(StartsWith(c.expected), HasSubstr("with SHA-256")));
  }
}

// Whether BoringSSL reads a key of more depends on its version.
TEST(FindWeakKeyTest, AllowsRsaUpToItsLimit) {
  const bssl::UniquePtr<EVP_PKEY> signer = P256Key(7);
  const auto weak = [&](size_t bits) {
    std::string error;
    const bssl::UniquePtr<X509> certificate = ParseCertificate(
        MakeCertificate({CommonName("a"), CommonName("a"),
                         Extension(19, Tlv(0x30, "")), RsaPublicKey(bits, "1"),
                         signer.get()}),
        &error);
    EXPECT_NE(certificate, nullptr) << error;
    return FindWeakKey(*certificate);
  };
  EXPECT_FALSE(weak(8192).has_value());
  for (const size_t bits : {8200u, 16384u, 16400u, 65536u}) {
    EXPECT_THAT(
        weak(bits).value_or(""),
        AllOf(StartsWith("RSA key of " + std::to_string(bits) + " bits"),
              HasSubstr("8192 at most")));
  }
}

TEST(FindWeakKeyTest, DoesNotLookAtTheSignature) {
  const bssl::UniquePtr<X509> certificate = TestCertificate("leaf_sha1");
  ASSERT_NE(certificate, nullptr);
  EXPECT_FALSE(FindWeakKey(*certificate).has_value());
}

TEST(FindWeakSignatureTest, DoesNotLookAtTheKey) {
  for (const char* file : {"leaf_rsa1024", "leaf_p521", "leaf_secp256k1"}) {
    const bssl::UniquePtr<X509> certificate = TestCertificate(file);
    ASSERT_NE(certificate, nullptr);
    EXPECT_FALSE(FindWeakSignature(*certificate).has_value()) << file;
  }
}

}  // namespace
}  // namespace ovoc::auth
