// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/worker_id.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr char kAllIds[] = "         0          0 4294967295\n";
constexpr char kOneId[] = "         0       1000          1\n";
constexpr char kContainer[] = "         0     100000      65536\n";
constexpr char kPasswd[] =
    "root:x:0:0:root:/root:/bin/bash\n"
    "# a comment\n"
    "short:x:5:5\n"
    "nan:x:5x:5::/:\n"
    "nan:x:-5:5::/:\n"
    "nan:x:5:::/:\n"
    "nan:x:4294967295:5::/:\n"
    "alice:x:1000:100:Alice:/home/alice:/bin/sh\n"
    "wheel:x:7:0::/:/bin/sh\n"
    "alice:x:1:1::/:\n";

std::string Refusal(absl::string_view wanted, absl::string_view uid_map) {
  const auto id = ChooseWorkerId(wanted, kPasswd, uid_map);
  EXPECT_TRUE(id.ok() || absl::IsInvalidArgument(id.status())) << id.status();
  return std::string(id.status().message());
}

TEST(WorkerIdTest, FindsTheFirstUserOfTheName) {
  EXPECT_EQ(FindUser(kPasswd, "alice"), (WorkerId{1000, 100}));
  for (const char* name :
       {"", "short", "nan", "Alice", "alic", "#", "# a comment"}) {
    EXPECT_EQ(FindUser(kPasswd, name), std::nullopt) << name;
  }
  EXPECT_EQ(FindUser("", "root"), std::nullopt);
}

TEST(WorkerIdTest, TheDefaultIsOurUserOrANumberOfNobodys) {
  EXPECT_EQ(*ChooseWorkerId("", kPasswd, kAllIds), kDefaultWorkerId);
  EXPECT_EQ(*ChooseWorkerId("", "", kContainer), kDefaultWorkerId);
  EXPECT_EQ(
      *ChooseWorkerId("", absl::StrCat(kPasswd, "ovoc-tunnel:x:998:997::/:\n"),
                      kAllIds),
      (WorkerId{998, 997}));
  EXPECT_EQ(*ChooseWorkerId("", "ovoc-tunnel:x:0:0::/:\n", kAllIds),
            kDefaultWorkerId)
      << "never root, whatever its name";
}

TEST(WorkerIdTest, SaysThatOurUserCannotBeUsed) {
  for (const char* entry :
       {"ovoc-tunnel:x:990:0:", "ovoc-tunnel:x:0:5::/:\n",
        "ovoc-tunnel:x:5:0::/:\n", "ovoc-tunnel:x:5x:5::/:\n"}) {
    for (const char* before : {"", kPasswd}) {
      const std::string passwd = absl::StrCat(before, entry);
      EXPECT_EQ(*ChooseWorkerId("", passwd, kAllIds), kDefaultWorkerId);
      EXPECT_EQ(UnusableUser(passwd),
                "/etc/passwd: ovoc-tunnel: the entry is malformed or has "
                "root's number; give it seven fields and the numbers of a user "
                "and a group (until then the worker's user is 65526)");
    }
  }
}

TEST(WorkerIdTest, SaysNothingOfAUserThatIsGoodOrMissing) {
  for (const char* passwd :
       {"", kPasswd, "ovoc-tunnel:x:998:997::/:\n", "ovoc-tunnel2:x:0:0::/:\n",
        "my-ovoc-tunnel:x:0:0::/:\n", "# ovoc-tunnel:x:0:0::/:\n"}) {
    EXPECT_EQ(UnusableUser(passwd), "") << passwd;
  }
}

// systemd: 61184..65519 dynamic users; 65520..65533 unused. Debian:
// 65000..65533 reserved. Alpine and Gentoo have a group 65533.
TEST(WorkerIdTest, TheNumberIsNobodysAndInEveryContainer) {
  EXPECT_GE(kDefaultWorkerId.user, 65520u);
  EXPECT_LE(kDefaultWorkerId.user, 65532u);
  EXPECT_EQ(kDefaultWorkerId.user, kDefaultWorkerId.group);
}

TEST(WorkerIdTest, TakesNumbersAndNames) {
  EXPECT_EQ(*ChooseWorkerId("1234", kPasswd, kAllIds), (WorkerId{1234, 1234}));
  EXPECT_EQ(*ChooseWorkerId("4294967294", kPasswd, kAllIds),
            (WorkerId{4294967294, 4294967294}));
  EXPECT_EQ(*ChooseWorkerId("alice", kPasswd, kAllIds), (WorkerId{1000, 100}));
}

TEST(WorkerIdTest, RefusesWhatIsNoUser) {
  for (const char* wanted : {"4294967295", "4294967296", "-1", "1x", " 1", "+1",
                             "bob", "nan", "alice "}) {
    const std::string refusal = Refusal(wanted, kAllIds);
    EXPECT_TRUE(absl::StrContains(
        refusal, absl::StrCat("--worker_uid: '", wanted, "' is not a user")))
        << refusal;
    EXPECT_TRUE(absl::StrContains(refusal, "1 to 4294967294")) << refusal;
    EXPECT_TRUE(absl::StrContains(refusal, "/etc/passwd")) << refusal;
  }
}

TEST(WorkerIdTest, RefusesRootWhereThereIsAnybodyElse) {
  for (const char* uid_map : {kAllIds, kContainer, "", "0 0 1\n1 1000 1\n"}) {
    for (const char* wanted : {"0", "00", "root", "wheel"}) {
      EXPECT_TRUE(
          absl::StrContains(Refusal(wanted, uid_map), "has root's number"))
          << wanted << uid_map;
    }
  }
  EXPECT_EQ(*ChooseWorkerId("0", kPasswd, kOneId), (WorkerId{0, 0}))
      << "an unprivileged user's namespace has no other";
}

}  // namespace
}  // namespace ovoc::tunnel
