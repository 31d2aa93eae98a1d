// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/known_certificates.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(KnownCertificatesTest, EveryFileIsInTheFixedOrderOnce) {
  std::set<std::string> known;
  for (const KnownCertificate& certificate : KnownCertificates()) {
    EXPECT_TRUE(known.insert(std::string(certificate.name)).second);
  }
  for (const PemFile& file : PemFiles()) {
    EXPECT_EQ(known.count(file.name), 1u)
        << file.name << " has to be appended to kOrder";
  }
  EXPECT_EQ(KnownCertificates().front().name, "leaf_good");
}

// The corpora pick by place: these must never move.
TEST(KnownCertificatesTest, PlacesThatCorporaUseStayWhereTheyAre) {
  const struct {
    size_t place;
    const char* name;
  } kCases[] = {{0, "leaf_good"},
                {1, "intermediate_ec"},
                {2, "root_ec"},
                {3, "leaf_rsa"},
                {4, "intermediate_rsa"},
                {5, "root_rsa"},
                {8, "intermediate_deep_1"},
                {30, "leaf_client_only"},
                {54, "leaf_self_signed"},
                {79, "root_unknown"},
                {80, "root_v1"}};
  ASSERT_GE(KnownCertificates().size(), 81u);
  for (const auto& test : kCases) {
    EXPECT_EQ(KnownCertificates()[test.place].name, test.name) << test.place;
  }
  EXPECT_LE(KnownCertificates().size(), 256u) << "a place is one byte";
}

TEST(KnownCertificatesTest, FilesAreSortedAndEachIsOneCertificate) {
  std::string before;
  for (const PemFile& file : PemFiles()) {
    EXPECT_LT(before, file.name);
    before = file.name;
    const absl::string_view text = file.text;
    // A line break stands in front of the file.
    EXPECT_EQ(text.find("-----BEGIN CERTIFICATE-----\n"), 1u) << file.name;
    EXPECT_EQ(text.rfind("-----BEGIN"), 1u) << file.name;
    EXPECT_TRUE(absl::EndsWith(text, "-----END CERTIFICATE-----\n"))
        << file.name;
  }
}

// X.690 8.1, 8.9: one SEQUENCE, whose length is that of the rest.
TEST(KnownCertificatesTest, EachIsAWholeSequence) {
  for (const KnownCertificate& certificate : KnownCertificates()) {
    const std::vector<uint8_t>& der = certificate.der;
    ASSERT_GT(der.size(), 256u) << certificate.name;
    EXPECT_EQ(der[0], 0x30) << certificate.name;
    EXPECT_EQ(der[1], 0x82) << certificate.name;
    EXPECT_EQ(der.size(), 4u + der[2] * 256u + der[3]) << certificate.name;
    EXPECT_TRUE(IsKnown(der)) << certificate.name;
  }
}

TEST(KnownCertificatesTest, NoTwoAreTheSame) {
  std::set<std::vector<uint8_t>> different;
  for (const KnownCertificate& certificate : KnownCertificates()) {
    EXPECT_TRUE(different.insert(certificate.der).second) << certificate.name;
  }
}

TEST(KnownCertificatesTest, APartOfACertificateIsNotKnown) {
  const std::vector<uint8_t>& der = KnownCertificates().back().der;
  EXPECT_FALSE(IsKnown(absl::MakeConstSpan(der).first(der.size() - 1)));
  EXPECT_FALSE(IsKnown(absl::MakeConstSpan(der).subspan(1)));
  std::vector<uint8_t> longer = der;
  longer.push_back(0);
  EXPECT_FALSE(IsKnown(longer));
}

TEST(KnownCertificatesTest, KnowsTheExactBytesOnly) {
  std::vector<uint8_t> der = KnownCertificates().front().der;
  EXPECT_EQ(der.front(), 0x30);  // a SEQUENCE
  EXPECT_TRUE(IsKnown(der));
  der.back() ^= 1;
  EXPECT_FALSE(IsKnown(der));
  EXPECT_FALSE(IsKnown({}));
}

}  // namespace
}  // namespace ovoc::fuzz
