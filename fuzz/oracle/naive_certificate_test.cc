// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_certificate.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/testing/certificate_test_data.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

NaiveCertificate Read(absl::string_view name) {
  return ReadNaiveCertificate(auth::TestDer(name));
}

TEST(NaiveCertificateTest, ReadsEveryCertificateOfTheTests) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("testdata/certificates")) {
    if (entry.path().extension() == ".pem") {
      const NaiveCertificate read = Read(entry.path().stem().string());
      EXPECT_TRUE(read.ok) << entry.path();
      EXPECT_TRUE(absl::StartsWith(read.subject, "\x30")) << entry.path();
      EXPECT_TRUE(absl::StrContains(read.issuer, "OVOC Test")) << entry.path();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(NaiveCertificateTest, CutAnywhereItIsNotOk) {
  const std::vector<uint8_t> der = auth::TestDer("leaf_good");
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(ReadNaiveCertificate(absl::MakeConstSpan(der).first(size)).ok);
  }
}

TEST(NaiveCertificateTest, FindsNames) {
  const NaiveCertificate good = Read("leaf_good");
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

TEST(NaiveCertificateTest, ReadsExtensions) {
  NaiveCertificate good = Read("leaf_good");
  EXPECT_TRUE(KeepsExtensionRules(good));
  EXPECT_TRUE(KeepsExtensionRules(Read("intermediate_dns_constrained")));
  EXPECT_FALSE(KeepsExtensionRules(Read("leaf_unknown_critical")));
  EXPECT_FALSE(good.critical_extensions.empty());
  good.extensions.push_back(good.extensions[0]);
  EXPECT_FALSE(KeepsExtensionRules(good));
}

TEST(NaiveCertificateTest, FollowsIssuers) {
  const std::vector<NaiveCertificate> roots = {Read("root_ec")};
  const std::vector<NaiveCertificate> others = {Read("root_unknown")};
  const std::vector<NaiveCertificate> chain = {
      Read("leaf_good"), Read("leaf_rsa"), Read("intermediate_ec")};
  EXPECT_TRUE(IsAnchored(chain, roots));
  EXPECT_FALSE(IsAnchored(chain, others));
  EXPECT_FALSE(IsAnchored(absl::MakeConstSpan(chain).first(2), roots));
}

}  // namespace
}  // namespace ovoc::fuzz
