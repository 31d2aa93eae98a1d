// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/expiry.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "auth/verification_time.h"

namespace ovoc::tunnel {
namespace {

std::string Days(absl::Duration left) {
  const int64_t days = absl::ToInt64Hours(left) / 24;
  if (days == 0) {
    return "in less than a day";
  }
  return absl::StrCat("in ", days, days == 1 ? " day" : " days");
}

}  // namespace

// RFC 5280 4.1.2.5: both ends of the period belong to it.
std::string ExpiryWarning(absl::string_view whose,
                          const auth::CertificateSummary& certificate,
                          absl::Time now) {
  if (certificate.not_before == absl::InfiniteFuture()) {
    return absl::StrCat(whose, " has no validity period that can be read");
  }
  if (now < certificate.not_before) {
    return absl::StrCat(whose, " is not valid before ",
                        auth::FormatUtc(certificate.not_before),
                        "; check the clock, or use one that is valid now");
  }
  const std::string end = auth::FormatUtc(certificate.not_after);
  if (now > certificate.not_after) {
    return absl::StrCat(whose, " has expired at ", end, "; renew it");
  }
  if (now + kExpiryNotice > certificate.not_after) {
    return absl::StrCat(whose, " expires ", Days(certificate.not_after - now),
                        ", at ", end, "; renew it before");
  }
  return "";
}

std::vector<std::string> OwnExpiryWarnings(
    absl::Span<const auth::CertificateSummary> chain, absl::Time now) {
  std::vector<std::string> warnings;
  for (size_t i = 0; i < chain.size(); ++i) {
    const std::string whose =
        i == 0 ? "the certificate of TLSCertificate"
               : absl::StrCat("the issuer's certificate in TLSCertificate (",
                              chain[i].subject, ")");
    std::string warning = ExpiryWarning(whose, chain[i], now);
    if (!warning.empty()) {
      warnings.push_back(std::move(warning));
    }
  }
  return warnings;
}

}  // namespace ovoc::tunnel
