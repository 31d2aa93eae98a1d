// SPDX-License-Identifier: Apache-2.0
#include "auth/pem_certificates.h"

#include <openssl/err.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/testing/certificate_test_data.h"
#include "gtest/gtest.h"

// What is a block, and which are refused, is trust_store_test's table.

namespace ovoc::auth {
namespace {

constexpr PemLimits kLimits = {
    .what = "test chain", .max_bytes = 8192, .max_certificates = 2};

std::string ErrorOf(absl::string_view pem) {
  const auto read = ReadPemCertificates(pem, kLimits);
  EXPECT_EQ(ERR_peek_error(), 0u);
  return read.ok() ? "no error" : std::string(read.status().message());
}

TEST(PemCertificatesTest, KeepsTheOrder) {
  const auto read = ReadPemCertificates(
      absl::StrCat(TestPem("root_rsa"), TestPem("root_ec")), kLimits);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(X509_cmp((*read)[0].get(), TestCertificate("root_rsa").get()), 0);
  EXPECT_EQ(X509_cmp((*read)[1].get(), TestCertificate("root_ec").get()), 0);
}

TEST(PemCertificatesTest, CallsTheFileByItsNameInEveryMessage) {
  const std::string pem = TestPem("root_ec");
  const std::string texts[] = {
      "", absl::StrCat(pem, "-----END CERTIFICATE-----\n"),
      absl::StrCat(pem, "-----BEGIN CERTIFICATE-----\n"),
      absl::StrCat(pem,
                   "-----BEGIN CERTIFICATE-----\nAAAA\n"
                   "-----END CERTIFICATE-----\n"),
      std::string(8193, '\n')};
  for (const std::string& text : texts) {
    EXPECT_TRUE(absl::StartsWith(ErrorOf(text), "test chain: ")) << text;
  }
}

TEST(PemCertificatesTest, HoldsTheLimitsItIsGiven) {
  const std::string two = absl::StrCat(TestPem("root_ec"), TestPem("root_v1"));
  EXPECT_EQ(ErrorOf(two), "no error");
  EXPECT_EQ(ErrorOf(absl::StrCat(two, TestPem("root_ec"))), "no error")
      << "one that is there already is no more";
  EXPECT_TRUE(
      absl::StrContains(ErrorOf(absl::StrCat(two, TestPem("root_rsa"))),
                        "certificate 3: is one too many; keep at most 2"));
  std::string full = TestPem("root_ec");
  full.resize(8192, '\n');
  EXPECT_EQ(ErrorOf(full), "no error");
  EXPECT_EQ(ErrorOf(absl::StrCat(full, "\n")),
            "test chain: there are 8193 bytes, but at most 8192 are allowed; "
            "keep only the certificates in the file");
}

}  // namespace
}  // namespace ovoc::auth
