// SPDX-License-Identifier: Apache-2.0
#include "conformance/pem_file.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "auth/trust_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string FileWith(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

void ExpectRefused(const std::string& path, const std::string& why) {
  const absl::StatusOr<std::string> read = ReadPemFile("--ca", path);
  EXPECT_TRUE(absl::IsInvalidArgument(read.status()));
  EXPECT_THAT(std::string(read.status().message()),
              StartsWith("--ca: " + path + " "));
  EXPECT_THAT(std::string(read.status().message()), HasSubstr(why));
}

TEST(PemFileTest, ReturnsEachByte) {
  const std::string text("-----BEGIN\r\n\0\xff", 14);
  const absl::StatusOr<std::string> read =
      ReadPemFile("--ca", FileWith("bytes.pem", text));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, text);
}

TEST(PemFileTest, TakesAsMuchAsATrustStore) {
  const std::string most(auth::kMaxTrustStoreBytes, 'x');
  const absl::StatusOr<std::string> read =
      ReadPemFile("--ca", FileWith("most.pem", most));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), most.size());
  ExpectRefused(FileWith("more.pem", most + "x"), "bytes");
}

TEST(PemFileTest, NamesTheFileThatIsNotThere) {
  ExpectRefused(testing::TempDir() + "/none.pem", "No such file");
}

TEST(PemFileTest, TakesNoFolder) { ExpectRefused("/proc", "is a directory"); }

}  // namespace
}  // namespace ovoc::conformance
