// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/certificate_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {
namespace {

std::string FiniteTime(absl::Time time) {
  return time > absl::InfinitePast() && time < absl::InfiniteFuture()
             ? JsonTime(time)
             : "null";
}

// Empty for a digest that nobody has computed.
std::string Hex(const std::array<uint8_t, 32>& digest) {
  const bool is_known = std::any_of(digest.begin(), digest.end(),
                                    [](uint8_t byte) { return byte != 0; });
  return is_known
             ? absl::BytesToHexString(absl::string_view(
                   reinterpret_cast<const char*>(digest.data()), digest.size()))
             : "";
}

}  // namespace

JsonObject CertificateJson(const auth::CertificateSummary& certificate) {
  JsonObject json;
  json.AddText("subject", certificate.subject)
      .AddText("issuer", certificate.issuer)
      .Add("names", JsonTexts(certificate.names))
      .AddCount("names_left_out", certificate.names_left_out)
      .Add("not_before", FiniteTime(certificate.not_before))
      .Add("not_after", FiniteTime(certificate.not_after))
      .AddTextOrNull("sha256", Hex(certificate.sha256));
  return json;
}

}  // namespace ovoc::tunnel
