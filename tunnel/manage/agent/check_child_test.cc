// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/check_child.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckChildTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/checkXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    program_ = absl::StrCat(pattern, "/client");
    settings_ = absl::StrCat(pattern, "/candidate.ini");
    std::ofstream(settings_) << "x";
    loop_ = EventLoop::Create().value();
  }
  // A client that is a shell script.
  void Script(absl::string_view text) {
    std::ofstream(program_) << "#!/bin/sh\n" << text;
    ASSERT_EQ(chmod(program_.c_str(), 0700), 0);
  }
  void Start() {
    auto child = CheckChild::Start(
        loop_.get(),
        {.client = program_,
         .settings = settings_,
         .on_line =
             [this](absl::string_view line) { lines_.emplace_back(line); },
         .on_end =
             [this](int code) {
               code_ = code;
               child_.reset();
             }});
    ASSERT_TRUE(child.ok()) << child.status();
    child_ = *std::move(child);
  }
  void Run() {
    const absl::Time end = MonotonicNow() + absl::Seconds(20);
    while (!code_.has_value() && MonotonicNow() < end) {
      ASSERT_TRUE(loop_->RunOnce(end).ok());
    }
  }

  std::string program_;
  std::string settings_;
  std::unique_ptr<EventLoop> loop_;
  std::vector<std::string> lines_;
  std::optional<int> code_;
  std::unique_ptr<CheckChild> child_;
};

TEST_F(CheckChildTest, EachLineAndTheExitCodeAreGiven) {
  Script("echo $1 $2 $3\necho two >&2\necho -n three\nexit 7\n");
  Start();
  Run();
  EXPECT_THAT(lines_,
              ElementsAre(absl::StrCat("--check --json --settings=", settings_),
                          "two"));
  EXPECT_EQ(code_, 7);
  EXPECT_NE(access(settings_.c_str(), F_OK), 0) << "it has the password";
}

TEST_F(CheckChildTest, TheEnvironmentIsEmpty) {
  setenv("SECRET_OF_THE_AGENT", "1", 1);
  Script("echo ${SECRET_OF_THE_AGENT:-none}\n");
  Start();
  Run();
  EXPECT_THAT(lines_, ElementsAre("none"));
}

TEST_F(CheckChildTest, AProgramThatIsNotThereIs127) {
  program_ = "/nowhere/client";
  Start();
  Run();
  EXPECT_EQ(code_, 127);
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(CheckChildTest, ASignalIsNoExitCode) {
  Script("kill -9 $$\n");
  Start();
  Run();
  EXPECT_EQ(code_, -1);
}

TEST_F(CheckChildTest, AnEndlessLineIsNotKept) {
  Script("head -c 100000 /dev/zero | tr '\\\\0' x\necho\necho end\n");
  Start();
  Run();
  ASSERT_FALSE(lines_.empty());
  EXPECT_EQ(lines_.back(), "end");
  EXPECT_LT(lines_.front().size(), 20'000U);
}

TEST_F(CheckChildTest, ItEndsWithItsObject) {
  Script("exec sleep 1000\n");
  Start();
  child_.reset();
  EXPECT_NE(access(settings_.c_str(), F_OK), 0);
  EXPECT_FALSE(code_.has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
