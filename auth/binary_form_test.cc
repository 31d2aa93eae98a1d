// SPDX-License-Identifier: Apache-2.0
#include "auth/binary_form.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

// The first bytes of files that OpenSSL 3 made: x509, pkey (RSA and Ed25519),
// ec, rsa -traditional, pkcs12, crl2pkcs7.
TEST(BinaryFormTest, KnowsWhatOpensslWrites) {
  const struct {
    const char* name;
    const char* hex;
    BinaryForm form;
  } kRows[] = {
      {"certificate", "308201a83082014ea003020102", BinaryForm::kCertificate},
      {"short certificate", "30819e3081", BinaryForm::kCertificate},
      {"PKCS #8, RSA", "308204be020100300d0609", BinaryForm::kKey},
      {"PKCS #8, Ed25519", "302e020100300506032b6570", BinaryForm::kKey},
      {"RFC 5915", "307702010104209b", BinaryForm::kKey},
      {"PKCS #1", "308204a40201000282", BinaryForm::kKey},
      {"PKCS #12", "308205d60201033082", BinaryForm::kPkcs12},
      {"PKCS #12, indefinite", "3080020103308006", BinaryForm::kPkcs12},
      {"PKCS #7", "308203a306092a864886", BinaryForm::kNone},
      {"nothing", "", BinaryForm::kNone},
      {"a SEQUENCE's tag alone", "30", BinaryForm::kNone},
      {"an empty SEQUENCE", "3000", BinaryForm::kNone},
      {"a length that is cut", "308201", BinaryForm::kNone},
      {"a length of 5 bytes", "308501020304050201", BinaryForm::kNone},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(BinaryFormOf(absl::HexStringToBytes(row.hex)), row.form)
        << row.name;
  }
}

TEST(BinaryFormTest, TextIsNoneOfThem) {
  for (const char* text : {"-----BEGIN CERTIFICATE-----\n", "0000", "30\n"}) {
    EXPECT_EQ(BinaryFormOf(text), BinaryForm::kNone) << text;
  }
}

TEST(BinaryFormTest, EachFormHasItsCommand) {
  EXPECT_TRUE(absl::StrContains(HowToConvert(BinaryForm::kCertificate),
                                "openssl x509 -inform DER"));
  EXPECT_TRUE(absl::StrContains(HowToConvert(BinaryForm::kKey),
                                "openssl pkey -inform DER"));
  EXPECT_TRUE(absl::StrContains(HowToConvert(BinaryForm::kPkcs12),
                                "openssl pkcs12 -nocerts -nodes"));
  EXPECT_EQ(HowToConvert(BinaryForm::kNone), "");
}

}  // namespace
}  // namespace ovoc::auth
