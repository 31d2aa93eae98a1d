// SPDX-License-Identifier: Apache-2.0
#include "auth/der_certificate.h"

#include <openssl/err.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "auth/certificate_test_data.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

std::string ErrorOf(const std::vector<uint8_t>& der) {
  std::string error;
  EXPECT_EQ(ParseCertificate(der, &error), nullptr);
  ERR_clear_error();
  return error;
}

TEST(ParseCertificateTest, ReadsACertificateInDer) {
  std::string error;
  for (const std::string name : {"root_ec", "root_v1", "leaf_rsa_pss",
                                 "leaf_ed25519", "leaf_hostile_subject"}) {
    EXPECT_NE(ParseCertificate(TestDer(name), &error), nullptr) << name;
  }
  EXPECT_EQ(error, "");
}

TEST(ParseCertificateTest, CutAnywhereItIsNone) {
  const std::vector<uint8_t> der = TestDer("root_ec");
  for (size_t size = 0; size < der.size(); ++size) {
    std::string error;
    EXPECT_EQ(ParseCertificate(absl::MakeConstSpan(der).first(size), &error),
              nullptr);
    EXPECT_EQ(error, "is no X.509 certificate in DER (RFC 5280 4.1)") << size;
  }
  ERR_clear_error();
}

TEST(ParseCertificateTest, BytesAfterItsEndAreRefused) {
  std::vector<uint8_t> der = TestDer("root_ec");
  der.insert(der.end(), {0, 0});
  EXPECT_EQ(ErrorOf(der), "has 2 bytes after its end");
}

TEST(ParseCertificateTest, OtherFormsOfBerAreRefused) {
  const std::vector<uint8_t> der = TestDer("root_ec");
  ASSERT_EQ(der[1], 0x82);  // two bytes of length follow
  std::vector<uint8_t> longer = der;
  longer[1] = 0x83;  // three, of which the first is zero
  longer.insert(longer.begin() + 2, 0);
  EXPECT_EQ(ErrorOf(longer),
            "is an X.509 certificate, but not in DER (RFC 5280 4.1)");

  std::vector<uint8_t> indefinite(der.begin() + 4, der.end());
  indefinite.insert(indefinite.begin(), {0x30, 0x80});
  indefinite.insert(indefinite.end(), {0, 0});
  EXPECT_FALSE(ErrorOf(indefinite).empty());
}

}  // namespace
}  // namespace ovoc::auth
