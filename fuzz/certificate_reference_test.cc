// SPDX-License-Identifier: Apache-2.0
#include "fuzz/certificate_reference.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fuzz/known_certificates.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

CertificateReference Read(absl::string_view name) {
  for (const KnownCertificate& known : KnownCertificates()) {
    if (known.name == name) {
      return ReadCertificateReference(known.der);
    }
  }
  ADD_FAILURE() << name;
  return {};
}

TEST(CertificateReferenceTest, ReadsEveryKnownCertificate) {
  for (const KnownCertificate& known : KnownCertificates()) {
    const CertificateReference read = ReadCertificateReference(known.der);
    EXPECT_TRUE(read.ok) << known.name;
    EXPECT_TRUE(absl::StartsWith(read.subject, "\x30")) << known.name;
    EXPECT_TRUE(absl::StrContains(read.issuer, "OVOC Test")) << known.name;
  }
}

TEST(CertificateReferenceTest, CutAnywhereItIsNotOk) {
  const std::vector<uint8_t>& der = KnownCertificates().front().der;
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(
        ReadCertificateReference(absl::MakeConstSpan(der).first(size)).ok);
  }
}

TEST(CertificateReferenceTest, FindsNames) {
  const CertificateReference good = Read("leaf_good");
  for (const absl::string_view name :
       {"ovoc.example.net", "OVOC.Example.Net.", "a.pool.example.net",
        "192.0.2.10", "2001:db8::10"}) {
    EXPECT_TRUE(Holds(good, name)) << name;
  }
  for (const absl::string_view name :
       {"example.net", "a.ovoc.example.net", "pool.example.net",
        ".pool.example.net", "a.b.pool.example.net", "192.0.2.11",
        "2001:db8::11", ""}) {
    EXPECT_FALSE(Holds(good, name)) << name;
  }
  EXPECT_FALSE(Holds(Read("leaf_cn_only"), "ovoc.example.net"));
  EXPECT_FALSE(Holds(Read("leaf_ip_as_dns"), "192.0.2.10"));
  EXPECT_FALSE(Holds(Read("leaf_odd_wildcards"), "net"));
}

TEST(CertificateReferenceTest, FollowsIssuers) {
  const std::vector<CertificateReference> roots = {Read("root_ec")};
  const std::vector<CertificateReference> others = {Read("root_unknown")};
  const std::vector<CertificateReference> chain = {
      Read("leaf_good"), Read("leaf_rsa"), Read("intermediate_ec")};
  EXPECT_TRUE(IsAnchored(chain, roots));
  EXPECT_FALSE(IsAnchored(chain, others));
  EXPECT_FALSE(IsAnchored(absl::MakeConstSpan(chain).first(2), roots));
}

}  // namespace
}  // namespace ovoc::fuzz
