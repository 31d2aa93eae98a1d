// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/known_certificates.h"

#include <set>
#include <string>
#include <vector>

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
