// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/pem_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOne[] =
    "-----BEGIN CERTIFICATE-----\nMAMB\nAf8=\n-----END CERTIFICATE-----\n";
constexpr char kTwo[] =
    "-----BEGIN CERTIFICATE-----\r\nBQA=\r\n-----END CERTIFICATE-----\r\n";

TEST(PemBlocksTest, KeepsOrderAndRepetitionsAndDoesNotLookInside) {
  const std::vector<uint8_t> one = {0x30, 0x03, 0x01, 0x01, 0xff};
  const std::vector<uint8_t> two = {0x05, 0x00};
  const absl::StatusOr<std::vector<std::vector<uint8_t>>> read =
      ReadPemBlocks(absl::StrCat("words\n", kOne, "more\n", kTwo, kOne));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(*read, ElementsAre(one, two, one));
}

TEST(PemBlocksTest, SaysWhatIsWrongAndWhere) {
  std::string many;
  for (size_t i = 0; i <= kMaxPemBlocks; ++i) {
    absl::StrAppend(&many, kTwo);
  }
  const struct {
    std::string name;
    std::string pem;
    std::string expected;
  } cases[] = {
      {"empty", "", "no BEGIN CERTIFICATE"},
      {"text", "nothing here", "no BEGIN CERTIFICATE"},
      {"no end", absl::StrCat(kOne, "-----BEGIN CERTIFICATE-----\nBQA=\n"),
       "certificate 2 has no END"},
      {"nothing inside",
       "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
       "certificate 1 is not valid base64"},
      {"no base64",
       "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
       "certificate 1 is not valid base64"},
      {"too many", many, "certificate 1025 is one too many; at most 1024"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<std::vector<std::vector<uint8_t>>> read =
        ReadPemBlocks(c.pem);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(c.expected));
  }
}

}  // namespace
}  // namespace ovoc::conformance
