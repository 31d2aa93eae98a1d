// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/expiry.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// `date -u -d '2026-12-01 00:00:00' +%s`
const absl::Time kNow = absl::FromUnixSeconds(1796083200);
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSecond = absl::Seconds(1);

std::string WarningFor(absl::Time not_before, absl::Time not_after) {
  auth::CertificateSummary certificate;
  certificate.not_before = not_before;
  certificate.not_after = not_after;
  return ExpiryWarning("the server's certificate", certificate, kNow);
}

TEST(ExpiryTest, SaysInHowManyDaysACertificateExpires) {
  struct Case {
    absl::Duration left;
    absl::string_view warning;
  };
  const Case kCases[] = {
      {30 * kDay, ""},
      {400 * kDay, ""},
      {30 * kDay - kSecond,
       "the server's certificate expires in 29 days, at 2026-12-30T23:59:59Z; "
       "renew it before"},
      {10 * kDay,
       "the server's certificate expires in 10 days, at 2026-12-11T00:00:00Z; "
       "renew it before"},
      {2 * kDay - kSecond,
       "the server's certificate expires in 1 day, at 2026-12-02T23:59:59Z; "
       "renew it before"},
      {kDay - kSecond,
       "the server's certificate expires in less than a day, at "
       "2026-12-01T23:59:59Z; renew it before"},
      {absl::ZeroDuration(),
       "the server's certificate expires in less than a day, at "
       "2026-12-01T00:00:00Z; renew it before"},
      {-kSecond,
       "the server's certificate has expired at 2026-11-30T23:59:59Z; renew "
       "it"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(WarningFor(kNow - kDay, kNow + c.left), c.warning)
        << absl::FormatDuration(c.left);
  }
}

TEST(ExpiryTest, SaysThatACertificateIsNotValidYet) {
  EXPECT_EQ(WarningFor(kNow, kNow + 400 * kDay), "");
  EXPECT_EQ(WarningFor(kNow + kSecond, kNow + 400 * kDay),
            "the server's certificate is not valid before "
            "2026-12-01T00:00:01Z; check the clock, or use one that is valid "
            "now");
}

// What ReadValidity makes of a period that it cannot read.
TEST(ExpiryTest, APeriodThatCannotBeReadIsWarnedOf) {
  EXPECT_EQ(WarningFor(absl::InfiniteFuture(), absl::InfinitePast()),
            "the server's certificate has no validity period that can be read");
}

auth::CertificateSummary Named(absl::string_view subject, absl::Duration left) {
  auth::CertificateSummary certificate;
  certificate.subject = std::string(subject);
  certificate.not_before = kNow - kDay;
  certificate.not_after = kNow + left;
  return certificate;
}

TEST(ExpiryTest, WarnsOfEachOwnCertificate) {
  EXPECT_EQ(OwnExpiryWarnings({}, kNow), std::vector<std::string>());
  EXPECT_EQ(
      OwnExpiryWarnings(
          {Named("CN=device", 400 * kDay), Named("CN=a CA", 400 * kDay)}, kNow),
      std::vector<std::string>());
  EXPECT_EQ(
      OwnExpiryWarnings(
          {Named("CN=device", -kSecond), Named("CN=good CA", 400 * kDay),
           Named("CN=old CA", 10 * kDay)},
          kNow),
      (std::vector<std::string>{
          "the certificate of TLSCertificate has expired at "
          "2026-11-30T23:59:59Z; renew it",
          "the issuer's certificate in TLSCertificate (CN=old CA) expires in "
          "10 days, at 2026-12-11T00:00:00Z; renew it before"}));
}

}  // namespace
}  // namespace ovoc::tunnel
