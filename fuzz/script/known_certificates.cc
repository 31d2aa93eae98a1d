// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/known_certificates.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fuzz/oracle/expect.h"

namespace ovoc::fuzz {
namespace {

constexpr absl::string_view kOrder[] = {
    "leaf_good",
    "intermediate_ec",
    "root_ec",
    "leaf_rsa",
    "intermediate_rsa",
    "root_rsa",
    "intermediate_below_pathlen",
    "intermediate_client_only",
    "intermediate_deep_1",
    "intermediate_deep_2",
    "intermediate_deep_3",
    "intermediate_deep_4",
    "intermediate_deep_5",
    "intermediate_deep_6",
    "intermediate_deep_7",
    "intermediate_deep_8",
    "intermediate_dns_constrained",
    "intermediate_ec_expired",
    "intermediate_ec_impostor",
    "intermediate_ed25519",
    "intermediate_expired",
    "intermediate_from_2040",
    "intermediate_ip_constrained",
    "intermediate_not_ca",
    "intermediate_p384",
    "intermediate_p521",
    "intermediate_rsa1024",
    "intermediate_secp256k1",
    "intermediate_sha1",
    "intermediate_unknown",
    "leaf_client_only",
    "leaf_cn_only",
    "leaf_deep_7",
    "leaf_deep_8",
    "leaf_dns_constrained",
    "leaf_ecdsa_sha1",
    "leaf_ed25519",
    "leaf_expired",
    "leaf_from_2040",
    "leaf_hostile_subject",
    "leaf_ip_as_dns",
    "leaf_ip_constrained",
    "leaf_is_ca",
    "leaf_md5",
    "leaf_no_eku",
    "leaf_odd_wildcards",
    "leaf_outside_dns_constraint",
    "leaf_p224",
    "leaf_p384",
    "leaf_p521",
    "leaf_rsa1024",
    "leaf_rsa_pss",
    "leaf_rsa_pss_sha1",
    "leaf_secp256k1",
    "leaf_self_signed",
    "leaf_sha1",
    "leaf_sha224",
    "leaf_under_below_pathlen",
    "leaf_under_client_only",
    "leaf_under_ed25519",
    "leaf_under_expired",
    "leaf_under_from_2040",
    "leaf_under_not_ca",
    "leaf_under_p521",
    "leaf_under_root_rsa1024",
    "leaf_under_root_rsa_sha1",
    "leaf_under_root_v1",
    "leaf_under_rsa1024",
    "leaf_under_secp256k1",
    "leaf_under_self_signed",
    "leaf_under_sha1",
    "leaf_under_unknown",
    "leaf_unknown_critical",
    "leaf_until_2030",
    "leaf_until_2030_under_from_2040",
    "leaf_v1",
    "root_ec_expired",
    "root_rsa1024",
    "root_rsa_sha1",
    "root_unknown",
    "root_v1",
};

KnownCertificate Decode(const PemFile& file) {
  KnownCertificate certificate{file.name, file.text, {}};
  std::string base64;
  for (absl::string_view line : absl::StrSplit(certificate.pem, '\n')) {
    if (line.substr(0, 5) != "-----") {
      absl::StrAppend(&base64, line);
    }
  }
  std::string der;
  FUZZ_EXPECT(absl::Base64Unescape(base64, &der) && !der.empty());
  certificate.der.assign(der.begin(), der.end());
  return certificate;
}

std::vector<KnownCertificate> DecodeAll() {
  std::vector<KnownCertificate> all;
  for (const absl::string_view name : kOrder) {
    for (const PemFile& file : PemFiles()) {
      if (name == file.name) {
        all.push_back(Decode(file));
      }
    }
  }
  return all;
}

}  // namespace

const std::vector<KnownCertificate>& KnownCertificates() {
  static const auto& all = *new std::vector<KnownCertificate>(DecodeAll());
  return all;
}

bool IsKnown(absl::Span<const uint8_t> der) {
  const std::vector<KnownCertificate>& all = KnownCertificates();
  return std::any_of(all.begin(), all.end(),
                     [der](const KnownCertificate& known) {
                       return absl::MakeConstSpan(known.der) == der;
                     });
}

}  // namespace ovoc::fuzz
