// SPDX-License-Identifier: Apache-2.0
#include "auth/der_certificate.h"

#include <openssl/err.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "auth/testing/certificate_test_data.h"
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
    EXPECT_EQ(error, "is not an X.509 certificate in DER (RFC 5280 4.1)")
        << size;
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
  EXPECT_EQ(ErrorOf(longer), "is BER in a form that is not DER (RFC 5280 4.1)");

  std::vector<uint8_t> indefinite(der.begin() + 4, der.end());
  indefinite.insert(indefinite.begin(), {0x30, 0x80});
  indefinite.insert(indefinite.end(), {0, 0});
  EXPECT_EQ(ErrorOf(indefinite),
            "is BER in a form that is not DER (RFC 5280 4.1)");
}

TEST(ParseCertificateTest, OtherFormsOfBerInsideAreRefused) {
  const std::vector<uint8_t> der = TestDer("leaf_good");
  const std::vector<uint8_t> critical = {0x01, 0x01, 0xff};
  const auto at =
      std::search(der.begin(), der.end(), critical.begin(), critical.end());
  ASSERT_NE(at, der.end());
  std::vector<uint8_t> changed = der;
  changed[static_cast<size_t>(at - der.begin()) + 2] = 0x01;  // TRUE, in BER
  EXPECT_EQ(ErrorOf(changed),
            "is BER in a form that is not DER (RFC 5280 4.1)");
  const std::vector<uint8_t> elements[] = {
      {0x30, 2, 0x24, 0},           // a constructed OCTET STRING
      {0x30, 2, 0x10, 0},           // a primitive SEQUENCE
      {0x30, 3, 0x01, 1, 0x01},     // a BOOLEAN that is neither
      {0x30, 4, 0x02, 2, 0, 1},     // an INTEGER with a byte too many
      {0x30, 2, 0x02, 0},           // and one without any
      {0x30, 4, 0x03, 2, 1, 1},     // a BIT STRING with padding that is set
      {0x30, 3, 0x05, 1, 0},        // a NULL with something in it
      {0x30, 4, 0x06, 2, 0x80, 1},  // an arc that begins with padding
      {0x30, 3, 0x06, 1, 0x81},     // and one that does not end
      {0x30, 2, 0x06, 0},           // no arc at all
      {0x30, 4, 0x04, 0x81, 1, 0},  // a length in one byte more than it needs
  };
  for (const std::vector<uint8_t>& element : elements) {
    EXPECT_EQ(ErrorOf(element),
              "is BER in a form that is not DER (RFC 5280 4.1)")
        << element.size();
  }
}

TEST(ParseCertificateTest, ElementsAreNotFollowedForEver) {
  std::vector<uint8_t> nested;
  for (int i = 0; i < 20000; ++i) {
    const size_t size = nested.size();
    std::vector<uint8_t> header = {0x30};
    if (size > 0xff) {
      header.insert(header.end(), {0x82, static_cast<uint8_t>(size >> 8),
                                   static_cast<uint8_t>(size & 0xff)});
    } else if (size > 0x7f) {
      header.insert(header.end(), {0x81, static_cast<uint8_t>(size)});
    } else {
      header.push_back(static_cast<uint8_t>(size));
    }
    if (size + header.size() > 0xffff) {
      break;
    }
    nested.insert(nested.begin(), header.begin(), header.end());
  }
  EXPECT_EQ(ErrorOf(nested),
            "is not an X.509 certificate in DER (RFC 5280 4.1)");
}

}  // namespace
}  // namespace ovoc::auth
