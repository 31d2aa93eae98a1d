// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/held_device.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netif/testing/fake_interface_config.h"
#include "netif/testing/fake_interface_inspector.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using Names = std::multiset<std::string>;
using Strings = std::vector<std::string>;

class NamedDevice : public netif::FakeTunDevice {
 public:
  NamedDevice(std::string name, Names* open)
      : name_(std::move(name)), open_(open) {
    open_->insert(name_);
  }
  ~NamedDevice() override { open_->erase(open_->find(name_)); }

 private:
  const std::string name_;
  Names* const open_;
};

absl::Status NoRight() {
  return absl::PermissionDeniedError("no CAP_NET_ADMIN");
}

class HeldDeviceTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<netif::TunDevice>> Open(
      const std::string& name) {
    ++opens_;
    if (!error_.ok()) {
      return error_;
    }
    return std::make_unique<NamedDevice>(name, &open_);
  }

  Names open_;  // now
  int opens_ = 0;
  absl::Status error_;
  Strings log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kInfo};
  netif::FakeInterfaceConfig config_;
  netif::FakeInterfaceInspector inspector_;
  InterfaceGuard guard_{{.config = &config_,
                         .inspector = &inspector_,
                         .logger = &logger_,
                         .tell = [](absl::string_view) {},
                         .clock = [] { return absl::UnixEpoch(); }}};
  HeldDevice held_{[this](const std::string& name) { return Open(name); },
                   &guard_};
};

TEST_F(HeldDeviceTest, OpensADeviceAndHasItGuarded) {
  ASSERT_TRUE(held_.Open("ovoc0", 1400).ok());
  EXPECT_EQ(held_.name(), "ovoc0");
  EXPECT_GE(held_.device().fd(), 0);
  EXPECT_EQ(open_, Names{"ovoc0"});
  EXPECT_EQ(config_.prepared(), Strings{"ovoc0 1400"});
}

TEST_F(HeldDeviceTest, SaysWhyThereIsNone) {
  error_ = NoRight();
  EXPECT_EQ(held_.Open("ovoc0", 1400), NoRight());
  EXPECT_TRUE(config_.prepared().empty());
}

class HeldDeviceChangeTest : public HeldDeviceTest {
 protected:
  void SetUp() override { ASSERT_TRUE(held_.Open("ovoc0", 1400).ok()); }
};

TEST_F(HeldDeviceChangeTest, HoldsBothUntilItMoves) {
  const int old_fd = held_.device().fd();
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  EXPECT_EQ(open_, (Names{"ovoc0", "ovoc1"}));
  EXPECT_EQ(held_.name(), "ovoc0");
  EXPECT_EQ(held_.device().fd(), old_fd);
  EXPECT_EQ(config_.prepared(), Strings{"ovoc0 1400"});
  held_.Move(1300);
  EXPECT_EQ(open_, Names{"ovoc1"});
  EXPECT_EQ(held_.name(), "ovoc1");
  EXPECT_EQ(config_.prepared(), (Strings{"ovoc0 1400", "ovoc1 1300"}));
}

TEST_F(HeldDeviceChangeTest, StaysWhereNothingElseIsWanted) {
  ASSERT_TRUE(held_.Prepare("ovoc0").ok());
  held_.Move(1300);
  held_.Move(1300);
  EXPECT_EQ(open_, Names{"ovoc0"});
  EXPECT_EQ(opens_, 1);
  EXPECT_EQ(config_.prepared(), Strings{"ovoc0 1400"});
}

TEST_F(HeldDeviceChangeTest, OpensNoDeviceTwice) {
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  EXPECT_EQ(opens_, 2) << "the kernel would refuse another of that name";
  held_.Move(1400);
  EXPECT_EQ(held_.name(), "ovoc1");
}

TEST_F(HeldDeviceChangeTest, AWayBackGivesTheOtherBack) {
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  ASSERT_TRUE(held_.Prepare("ovoc0").ok());
  EXPECT_EQ(open_, Names{"ovoc0"});
  held_.Move(1400);
  EXPECT_EQ(held_.name(), "ovoc0");
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  EXPECT_EQ(opens_, 3) << "given back, so opened again";
}

TEST_F(HeldDeviceChangeTest, AnotherWishReplacesTheFirst) {
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  ASSERT_TRUE(held_.Prepare("ovoc2").ok());
  EXPECT_EQ(open_, (Names{"ovoc0", "ovoc2"}));
  held_.Move(1400);
  EXPECT_EQ(open_, Names{"ovoc2"});
}

TEST_F(HeldDeviceChangeTest, AnErrorLeavesAllAsItWas) {
  ASSERT_TRUE(held_.Prepare("ovoc1").ok());
  error_ = NoRight();
  EXPECT_EQ(held_.Prepare("ovoc2"), NoRight());
  EXPECT_EQ(open_, (Names{"ovoc0", "ovoc1"}));
  held_.Move(1400);
  EXPECT_EQ(held_.name(), "ovoc1");
}

}  // namespace
}  // namespace ovoc::tunnel
