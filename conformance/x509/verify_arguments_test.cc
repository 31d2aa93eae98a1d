// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/verify_arguments.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using ::testing::StartsWith;

absl::StatusOr<VerifyArguments> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "verify_chain");
  return ParseVerifyArguments(arguments);
}

TEST(VerifyArgumentsTest, ReadsTheFourOptionsInAnyOrder) {
  const absl::StatusOr<VerifyArguments> read =
      Parse({"--time=1700000000", "--name=a.example", "--chain=c=d.pem",
             "--roots=r"});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->roots, "r");
  EXPECT_EQ(read->chain, "c=d.pem");
  EXPECT_EQ(read->name, "a.example");
  EXPECT_EQ(read->name_check, auth::NameCheck::kRequired);
  EXPECT_EQ(read->time, absl::FromUnixSeconds(1700000000));
}

TEST(VerifyArgumentsTest, TheOrderDoesNotMatter) {
  std::vector<const char*> options = {"--chain=c", "--name=n", "--roots=r",
                                      "--time=7"};
  const auto before = [](const char* a, const char* b) {
    return absl::string_view(a) < absl::string_view(b);
  };
  int orders = 0;
  do {
    const absl::StatusOr<VerifyArguments> read = Parse(options);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->roots, "r");
    EXPECT_EQ(read->chain, "c");
    EXPECT_EQ(read->name, "n");
    EXPECT_EQ(read->time, absl::FromUnixSeconds(7));
    ++orders;
  } while (std::next_permutation(options.begin(), options.end(), before));
  EXPECT_EQ(orders, 24);
}

TEST(VerifyArgumentsTest, NoOptionIsTakenTwice) {
  for (const char* option :
       {"--roots=r", "--chain=c", "--name=n", "--time=0", "--name_check=off",
        "--purpose=server", "--crl=f", "--max_depth=1"}) {
    const absl::StatusOr<VerifyArguments> read = Parse({option, option});
    const absl::string_view name =
        absl::string_view(option).substr(0, std::string(option).find('='));
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(read.status().message(),
              absl::StrCat(name, ": it is given twice"));
  }
}

TEST(VerifyArgumentsTest, TimesAreSecondsOf64Bits) {
  const struct {
    const char* option;
    int64_t seconds;
  } kCases[] = {{"--time=9223372036854775807", INT64_MAX},
                {"--time=-9223372036854775808", INT64_MIN},
                {"--time=0", 0},
                {"--time=253402300799", 253402300799}};  // the end of 9999
  for (const auto& c : kCases) {
    const absl::StatusOr<VerifyArguments> read =
        Parse({"--roots=r", "--chain=c", "--name=n", c.option});
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(absl::ToUnixSeconds(read->time), c.seconds) << c.option;
  }
  EXPECT_FALSE(Parse({"--roots=r", "--chain=c", "--name=n",
                      "--time=9223372036854775808"})
                   .ok());
}

TEST(VerifyArgumentsTest, TakesAddressesAndTimesBefore1970) {
  const absl::StatusOr<VerifyArguments> read =
      Parse({"--roots=r", "--chain=c", "--name=2001:db8::1", "--time=-5"});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, "2001:db8::1");
  EXPECT_EQ(read->time, absl::FromUnixSeconds(-5));
}

TEST(VerifyArgumentsTest, TheNameCheckIsLeftOutOnlyWhenAskedFor) {
  const absl::StatusOr<VerifyArguments> read =
      Parse({"--roots=r", "--chain=c", "--name_check=off", "--time=0",
             "--purpose=server"});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name_check, auth::NameCheck::kOff);
}

TEST(VerifyArgumentsTest, NamesTheOptionThatIsWrong) {
  const struct {
    std::vector<const char*> arguments;
    std::string expected;
  } cases[] = {
      {{}, "--roots: it is missing"},
      {{"--chain=c", "--name=n", "--time=0"}, "--roots: it is missing"},
      {{"--roots=", "--chain=c", "--name=n", "--time=0"},
       "--roots: it is empty"},
      {{"--roots=r", "--name=n", "--time=0"}, "--chain: it is missing"},
      {{"--roots=r", "--chain=", "--name=n", "--time=0"},
       "--chain: it is empty"},
      {{"--roots=r", "--chain=c", "--time=0"}, "--name: it is missing"},
      {{"--roots=r", "--chain=c", "--name=", "--time=0"}, "--name: "},
      {{"--roots=r", "--chain=c", "--name=a b", "--time=0"}, "--name: "},
      {{"--roots=r", "--chain=c", "--name=*.a", "--time=0"}, "--name: "},
      {{"--roots=r", "--chain=c", "--name=n"}, "--time: it is missing"},
      {{"--roots=r", "--chain=c", "--name=n", "--time="},
       "--time: it is not a number"},
      {{"--roots=r", "--chain=c", "--name=n", "--time=1.5"},
       "--time: it is not a number"},
      {{"--roots=r", "--chain=c", "--name=n", "--time=99999999999999999999"},
       "--time: it is not a number"},
      {{"--roots=r", "--roots=r", "--chain=c", "--name=n", "--time=0"},
       "--roots: it is given twice"},
      {{"--root=r"}, "--root: unknown option"},
      {{"--=r"}, "--: unknown option"},
      {{"roots"}, "roots: this is not an option"},
      {{"--roots"}, "--roots: this is not an option"},
      {{"-=r"}, "-=r: this is not an option"},
      {{""}, ": this is not an option"},
      {{"--roots=r", "--chain=c", "--name=n", "--time=0", "--purpose=mail"},
       "--purpose: "},
      {{"--roots=r", "--chain=c", "--name=n", "--time=0", "--name_check=off"},
       "--name_check: "},
      {{"--roots=r", "--chain=c", "--time=0", "--name_check=on"},
       "--name_check: "},
  };
  for (const auto& c : cases) {
    const absl::StatusOr<VerifyArguments> read = Parse(c.arguments);
    ASSERT_FALSE(read.ok()) << c.expected;
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(read.status().message()), StartsWith(c.expected));
  }
}

TEST(VerifyArgumentsTest, SaysWhatIsNotSupported) {
  const struct {
    const char* argument;
    std::string expected;
  } cases[] = {
      {"--purpose=client", "--purpose=client: only the certificates"},
      {"--crl=file.pem", "--crl: revocation is not checked"},
      {"--max_depth=1", "--max_depth: the longest chain"},
      {"--name=a@example.net", "--name: mail addresses are not supported"},
  };
  for (const auto& c : cases) {
    std::vector<const char*> arguments = {"--roots=r", "--chain=c", "--time=0",
                                          c.argument};
    if (std::string(c.argument).find("--name") != 0) {
      arguments.push_back("--name=n");
    }
    const absl::StatusOr<VerifyArguments> read = Parse(arguments);
    ASSERT_FALSE(read.ok()) << c.expected;
    EXPECT_EQ(read.status().code(), absl::StatusCode::kUnimplemented);
    EXPECT_THAT(std::string(read.status().message()), StartsWith(c.expected));
  }
}

}  // namespace
}  // namespace ovoc::conformance
