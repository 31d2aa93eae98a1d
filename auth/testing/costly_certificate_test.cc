// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/costly_certificate.h"

#include <openssl/base.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string>

#include "absl/strings/match.h"
#include "auth/der_certificate.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

TEST(CostlyCertificateTest, LengthsAreInDer) {
  EXPECT_EQ(Tlv(4, "a"),
            "\x04\x01"
            "a");
  EXPECT_EQ(Tlv(4, std::string(128, 'a')).substr(0, 3), "\x04\x81\x80");
  EXPECT_EQ(Tlv(4, std::string(256, 'a')).substr(0, 4),
            std::string("\x04\x82\x01\x00", 4));
  EXPECT_EQ(Tlv(4, std::string(65536, 'a')).substr(0, 5),
            std::string("\x04\x83\x01\x00\x00", 5));
}

TEST(CostlyCertificateTest, ASignedOneVerifies) {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  std::string error;
  const bssl::UniquePtr<X509> certificate =
      ParseCertificate(MakeCertificate({CommonName("a"), CommonName("b"),
                                        Extension(19, Tlv(0x30, "")),
                                        PublicKey(key.get()), key.get()}),
                       &error);
  ASSERT_NE(certificate, nullptr) << error;
  EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
  EXPECT_EQ(X509_verify(certificate.get(), P256Key(8).get()), 0);
}

TEST(CostlyCertificateTest, AnRsaKeyIsReadable) {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  std::string error;
  const bssl::UniquePtr<X509> certificate =
      ParseCertificate(MakeCertificate({CommonName("a"), CommonName("b"),
                                        Extension(19, Tlv(0x30, "")),
                                        RsaPublicKey(8192, "1"), key.get()}),
                       &error);
  ASSERT_NE(certificate, nullptr) << error;
  const bssl::UniquePtr<EVP_PKEY> read(X509_get_pubkey(certificate.get()));
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(EVP_PKEY_bits(read.get()), 8192);
  EXPECT_TRUE(absl::StartsWith(PemOf({0}), "-----BEGIN CERTIFICATE-----\nAA"));
}

}  // namespace
}  // namespace ovoc::auth
