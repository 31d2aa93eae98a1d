// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_markers.h"

#include <string>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(NaiveMarkersTest, KnowsTheExactOne) {
  for (const char* pem :
       {"", "BEGIN CERTIFICATE", "-----BEGIN CERTIFICATE REQUEST-----",
        "-----BEGIN CERTIFICATE-----",
        "a\n -----BEGIN CERTIFICATE-----\r\nb"}) {
    EXPECT_TRUE(MarkersAreExact(pem)) << pem;
  }
}

TEST(NaiveMarkersTest, KnowsThoseThatAreNot) {
  for (const char* pem :
       {"----BEGIN CERTIFICATE----", "> -----BEGIN CERTIFICATE-----",
        "a\n-----Begin Certificate-----\n", "-----BEGIN CERTIFICATE----"}) {
    EXPECT_FALSE(MarkersAreExact(pem)) << pem;
  }
}

// RFC 7468 3: five hyphens at each end, capital letters, one space.
TEST(NaiveMarkersTest, KnowsWhatAReaderWouldPassOver) {
  struct Row {
    const char* line;
    bool exact;
  };
  constexpr Row kRows[] = {
      {"-----BEGIN CERTIFICATE-----", true},
      {"\t -----BEGIN CERTIFICATE----- \v\f\r", true},
      {"-----END CERTIFICATE-----", true},
      {"----END CERTIFICATE----", true},  // no block begins there
      {"-----BEGIN TRUSTED CERTIFICATE-----", true},
      {"-----BEGIN X509 CERTIFICATE-----", true},
      {"-----BEGIN CERTIFICATES-----", true},
      {"-----BEGIN PRIVATE KEY-----", true},
      {"-----begin certificate-----", false},
      {"-----BEGIN CERTIFICATE------", false},
      {"------BEGIN CERTIFICATE-----", false},
      {"--BEGIN CERTIFICATE--", false},
      {"-----BEGIN CERTIFICATE-----MIIB", false},
      {"MIIB-----BEGIN CERTIFICATE-----", false},
      {"\ufeff-----BEGIN CERTIFICATE-----", false},
      {"\u00a0-----BEGIN CERTIFICATE-----", false},
      {"# -----BEGIN CERTIFICATE-----", false},
      {"-----BEGIN CERTIFICATE----- -----BEGIN CERTIFICATE-----", false},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(MarkersAreExact(row.line), row.exact) << row.line;
    const std::string good = "-----BEGIN CERTIFICATE-----\nAA==\n";
    EXPECT_EQ(MarkersAreExact(good + row.line + "\n" + good), row.exact)
        << row.line;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
