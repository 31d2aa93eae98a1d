// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/certificate_json.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(CertificateJsonTest, HasWhatIsKnown) {
  auth::CertificateSummary certificate;
  certificate.subject = "CN=ovoc.example.net";
  certificate.issuer = "CN=\"CA\"";
  certificate.names = {"ovoc.example.net", "192.0.2.1"};
  certificate.names_left_out = 3;
  certificate.not_before =
      absl::FromCivil(absl::CivilSecond(2026, 1, 2), absl::UTCTimeZone());
  certificate.not_after = absl::FromCivil(
      absl::CivilSecond(2049, 12, 31, 23, 59, 59), absl::UTCTimeZone());
  certificate.sha256.fill(0x0f);
  certificate.sha256[0] = 0;
  EXPECT_EQ(CertificateJson(certificate).ToString(),
            R"({"subject":"CN=ovoc.example.net","issuer":"CN=\"CA\"",)"
            R"("names":["ovoc.example.net","192.0.2.1"],"names_left_out":3,)"
            R"("not_before":"2026-01-02T00:00:00.000Z",)"
            R"("not_after":"2049-12-31T23:59:59.000Z",)"
            R"("sha256":"000f0f0f0f0f0f0f0f0f0f0f0f0f0f0f)"
            R"(0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"})");
}

// As of one that is too large to be read.
TEST(CertificateJsonTest, HasNullForWhatIsNot) {
  EXPECT_EQ(CertificateJson(auth::CertificateSummary()).ToString(),
            R"({"subject":"","issuer":"","names":[],"names_left_out":0,)"
            R"("not_before":null,"not_after":null,"sha256":null})");
}

}  // namespace
}  // namespace ovoc::tunnel
