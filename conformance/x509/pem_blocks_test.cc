// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/pem_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

size_t Count(absl::string_view text, absl::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

TEST(PemBlocksTest, AFileThatIsCutHasItsWholeBlocksOrIsRefused) {
  const std::string text = absl::StrCat("words\n", kOne, "more\n", kTwo);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string part = text.substr(0, cut);
    const size_t begun = Count(part, "-----BEGIN CERTIFICATE-----");
    const size_t ended = Count(part, "-----END CERTIFICATE-----");
    const absl::StatusOr<std::vector<std::vector<uint8_t>>> read =
        ReadPemBlocks(part);
    ASSERT_EQ(read.ok(), begun > 0 && begun == ended) << cut;
    if (read.ok()) {
      EXPECT_EQ(read->size(), ended) << cut;
    }
  }
}

TEST(PemBlocksTest, EveryLengthIsReadInLinesOf64) {
  std::vector<std::vector<uint8_t>> written;
  std::string pem;
  for (size_t size = 1; size <= 200; ++size) {
    std::vector<uint8_t> bytes(size);
    for (size_t i = 0; i < size; ++i) {
      bytes[i] = static_cast<uint8_t>(size * 31 + i * 7);
    }
    std::string base64 = absl::Base64Escape(absl::string_view(
        reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    for (size_t end = 64; end < base64.size(); end += 65) {
      base64.insert(end, "\n");  // RFC 7468 2
    }
    absl::StrAppend(&pem, "-----BEGIN CERTIFICATE-----\n", base64,
                    "\n-----END CERTIFICATE-----\n");
    written.push_back(std::move(bytes));
  }
  const absl::StatusOr<std::vector<std::vector<uint8_t>>> read =
      ReadPemBlocks(pem);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, written);
}

TEST(PemBlocksTest, AsManyAsTheLimitAreRead) {
  std::string pem;
  for (size_t i = 0; i < kMaxPemBlocks; ++i) {
    absl::StrAppend(&pem, kTwo);
  }
  const absl::StatusOr<std::vector<std::vector<uint8_t>>> read =
      ReadPemBlocks(pem);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), kMaxPemBlocks);
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
      {"a block in a block",
       absl::StrCat("-----BEGIN CERTIFICATE-----\n", kOne),
       "certificate 1 is not valid base64"},
      {"another block's end",
       "-----BEGIN CERTIFICATE-----\nBQA=\n-----END PUBLIC KEY-----\n",
       "certificate 1 has no END"},
      {"a block of another kind alone",
       "-----BEGIN PUBLIC KEY-----\nBQA=\n-----END PUBLIC KEY-----\n",
       "no BEGIN CERTIFICATE"},
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
