// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_markers.h"

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

}  // namespace
}  // namespace ovoc::fuzz
