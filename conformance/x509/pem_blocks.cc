// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/pem_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr absl::string_view kEnd = "-----END CERTIFICATE-----";

absl::Status Broken(size_t ordinal, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("certificate ", ordinal, " ", what));
}

}  // namespace

absl::StatusOr<std::vector<std::vector<uint8_t>>> ReadPemBlocks(
    absl::string_view pem) {
  std::vector<std::vector<uint8_t>> certificates;
  for (size_t begin = pem.find(kBegin); begin != absl::string_view::npos;
       begin = pem.find(kBegin)) {
    const size_t ordinal = certificates.size() + 1;
    if (ordinal > kMaxPemBlocks) {
      return Broken(ordinal, absl::StrCat("is one too many; at most ",
                                          kMaxPemBlocks, " are read"));
    }
    pem.remove_prefix(begin + kBegin.size());
    const size_t end = pem.find(kEnd);
    if (end == absl::string_view::npos) {
      return Broken(ordinal, "has no END CERTIFICATE line");
    }
    std::string der;
    // Line ends inside are passed over.
    if (!absl::Base64Unescape(pem.substr(0, end), &der) || der.empty()) {
      return Broken(ordinal, "is not valid base64");
    }
    certificates.emplace_back(der.begin(), der.end());
    pem.remove_prefix(end + kEnd.size());
  }
  if (certificates.empty()) {
    return absl::InvalidArgumentError(
        "no BEGIN CERTIFICATE block found (RFC 7468)");
  }
  return certificates;
}

}  // namespace ovoc::conformance
