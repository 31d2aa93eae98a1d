// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/interface_guard.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/testing/fake_interface_config.h"
#include "netif/testing/fake_interface_inspector.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using Strings = std::vector<std::string>;

class InterfaceGuardTest : public testing::Test {
 protected:
  InterfaceGuardTest()
      : logger_(std::make_unique<MemorySink>(&log_), LogLevel::kInfo),
        guard_({&config_, &inspector_, &logger_,
                [this](absl::string_view trouble) {
                  troubles_.emplace_back(trouble);
                },
                [this] { return now_; }}) {
    guard_.SetDevice(&device_, "ovoc0", 1400);
  }

  absl::Status Configure() {
    return guard_.Configure(
        "ovoc0",
        netif::Overlay(
            {.address = netif::Ipv4Address::FromHostOrder(0xA9FE0002)}),
        1400);
  }

  // Lets the time of the guard's next step come.
  absl::Duration Step() {
    const absl::Duration waited = guard_.NextTime() - now_;
    now_ = std::max(now_, guard_.NextTime());
    guard_.OnTime(now_);
    return waited;
  }

  // Another program changes the interface.
  void Change(const std::string& state) {
    inspector_.state = state;
    guard_.OnNews();
  }

  netif::FakeInterfaceConfig config_;
  netif::FakeInterfaceInspector inspector_;
  netif::FakeTunDevice device_;
  Strings log_;
  Strings troubles_;
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(1);
  Logger logger_;
  InterfaceGuard guard_;
};

constexpr char kConfigured[] = "configure ovoc0 169.254.0.2/32 1400";

TEST_F(InterfaceGuardTest, ShowsACarrierOnlyWhileTheTunnelIsUp) {
  EXPECT_EQ(device_.carrier(), netif::Carrier::kOff);
  ASSERT_TRUE(Configure().ok());
  EXPECT_EQ(device_.carrier(), netif::Carrier::kOn);
  guard_.TunnelIsUp(false);
  EXPECT_EQ(device_.carrier(), netif::Carrier::kOff);
  guard_.TunnelIsUp(true);
  EXPECT_EQ(device_.carrier(), netif::Carrier::kOn);
  config_.SetError(absl::AlreadyExistsError("taken"));
  EXPECT_TRUE(absl::IsAlreadyExists(Configure()));
  EXPECT_EQ(device_.carrier(), netif::Carrier::kOff);
}

TEST_F(InterfaceGuardTest, SaysOnceThatAnOldKernelHasNoCarrier) {
  device_.SetCarrierError(absl::UnimplementedError("older than Linux 5.0"));
  EXPECT_TRUE(Configure().ok());
  guard_.TunnelIsUp(false);
  guard_.TunnelIsUp(true);
  EXPECT_EQ(CountLines(log_, "event=carrier_failed"), 1);
  EXPECT_EQ(CountLines(log_, "older than Linux 5.0"), 1);
}

TEST_F(InterfaceGuardTest, SaysThatTheDeviceWasDeletedAndWhatFollows) {
  ASSERT_TRUE(Configure().ok());
  device_.SetName(absl::UnknownError("File descriptor in bad state"));
  device_.SetCarrierError(absl::UnknownError("File descriptor in bad state"));
  guard_.TunnelIsUp(false);
  guard_.TunnelIsUp(false);
  EXPECT_EQ(CountLines(log_,
                       "event=interface_deleted interface=ovoc0 "
                       "detail=\"another program has deleted the tunnel's "
                       "interface, so the client closes its connection and "
                       "ends\""),
            1);
  EXPECT_EQ(log_.size(), 1u);
}

TEST_F(InterfaceGuardTest, MendsWhatAnotherProgramChangedAndSaysWhat) {
  ASSERT_TRUE(Configure().ok());
  Change("is down");
  EXPECT_LE(Step(), absl::Seconds(1));
  EXPECT_EQ(config_.calls(), Strings({kConfigured, kConfigured}));
  EXPECT_EQ(CountLines(log_,
                       "event=interface_changed detail=\"ovoc0 is down\" "
                       "mended=yes"),
            1);
  EXPECT_TRUE(troubles_.empty()) << "it was mended";
  EXPECT_EQ(guard_.NextTime(), absl::InfiniteFuture());
}

TEST_F(InterfaceGuardTest, LeavesAnInterfaceAloneThatIsAsItShouldBe) {
  ASSERT_TRUE(Configure().ok());
  Change("");
  Step();
  inspector_.concerned = false;
  Change("is down");
  EXPECT_EQ(guard_.NextTime(), absl::InfiniteFuture()) << "no news of it";
  EXPECT_EQ(config_.calls(), Strings({kConfigured}));
  EXPECT_TRUE(log_.empty());
}

TEST_F(InterfaceGuardTest, ReadsTheNewsAlsoWhenItGuardsNothing) {
  InterfaceGuard idle({&config_, &inspector_, &logger_,
                       [](absl::string_view) {}, [this] { return now_; }});
  idle.OnNews();
  EXPECT_EQ(inspector_.news, 1);
  EXPECT_EQ(idle.NextTime(), absl::InfiniteFuture());
  idle.OnTime(now_ + absl::Hours(1));
  EXPECT_EQ(inspector_.looks, 0);
}

TEST_F(InterfaceGuardTest, ADeviceIsPreparedAtOnceAndGuardedBeforeItsAddress) {
  EXPECT_EQ(config_.prepared(), Strings({"ovoc0 1400"}));
  Change("has lost its route to 169.254.0.1/32");
  Step();
  EXPECT_EQ(config_.prepared(), Strings({"ovoc0 1400", "ovoc0 1400"}));
  EXPECT_EQ(config_.calls(), Strings());
  EXPECT_EQ(CountLines(log_, "event=interface_changed"), 1);
}

TEST_F(InterfaceGuardTest, WhatCannotBePreparedIsSaidAndTriedAgain) {
  netif::FakeTunDevice other;
  config_.SetError(absl::PermissionDeniedError("needs CAP_NET_ADMIN"));
  guard_.SetDevice(&other, "ovoc1", 1300);
  EXPECT_EQ(CountLines(log_,
                       "event=interface_unprepared "
                       "detail=\"needs CAP_NET_ADMIN\""),
            1);
  inspector_.state = "is down";
  config_.SetError(absl::OkStatus());
  EXPECT_LE(Step(), absl::Seconds(1));
  EXPECT_EQ(config_.prepared(), Strings({"ovoc0 1400", "ovoc1 1300"}));
}

TEST_F(InterfaceGuardTest, ManyChangesAtOnceAreOne) {
  ASSERT_TRUE(Configure().ok());
  for (int i = 0; i < 1000; ++i) {
    Change("is down");
  }
  Step();
  EXPECT_EQ(inspector_.looks, 1);
}

TEST_F(InterfaceGuardTest, AFightWithAnotherProgramSlowsDownAndIsShown) {
  ASSERT_TRUE(Configure().ok());
  const absl::Time end = now_ + absl::Hours(1);
  while (now_ < end) {
    Change("is down");
    Step();
  }
  EXPECT_LE(config_.calls().size(), 75u) << "one a minute in the end";
  EXPECT_GE(config_.calls().size(), 60u) << "it does not give up";
  ASSERT_FALSE(troubles_.empty());
  EXPECT_EQ(troubles_[0], "ovoc0 is down") << "while it may not be mended yet";
  EXPECT_EQ(troubles_[1], "") << "when it is";
}

TEST_F(InterfaceGuardTest, AfterALongPeaceItMendsAtOnceAgain) {
  ASSERT_TRUE(Configure().ok());
  for (int i = 0; i < 20; ++i) {
    Change("is down");
    Step();
  }
  now_ += absl::Minutes(6);
  const size_t before = config_.calls().size();
  Change("is down");
  EXPECT_LE(Step(), absl::Seconds(1));
  EXPECT_EQ(config_.calls().size(), before + 1);
}

TEST_F(InterfaceGuardTest, WhatCannotBeMendedIsShownAndTriedAgain) {
  ASSERT_TRUE(Configure().ok());
  config_.SetError(absl::PermissionDeniedError("needs CAP_NET_ADMIN"));
  Change("is down");
  Step();
  EXPECT_EQ(troubles_, Strings({"ovoc0 is down; needs CAP_NET_ADMIN"}));
  EXPECT_LE(guard_.NextTime() - now_, absl::Seconds(2));
  config_.SetError(absl::OkStatus());
  Step();
  EXPECT_EQ(troubles_.back(), "");
}

TEST_F(InterfaceGuardTest, ADeviceThatIsGoneIsNotItsMatter) {
  ASSERT_TRUE(Configure().ok());
  inspector_.state = absl::NotFoundError("there is no interface ovoc0");
  guard_.OnNews();
  Step();
  EXPECT_EQ(config_.calls(), Strings({kConfigured}));
  EXPECT_EQ(guard_.NextTime(), absl::InfiniteFuture());
}

TEST_F(InterfaceGuardTest, ADeviceInAnotherNamespaceIsShownUntilItIsBack) {
  ASSERT_TRUE(Configure().ok());
  device_.SetName("ovoc0");
  inspector_.state = absl::NotFoundError("there is no interface ovoc0");
  for (int i = 0; i < 3; ++i) {
    guard_.OnNews();
    Step();
  }
  const std::string moved =
      "the tunnel's interface ovoc0 is in another network namespace; move it "
      "back or restart the client";
  EXPECT_EQ(troubles_, Strings({moved}));
  EXPECT_EQ(log_, Strings({"warning event=interface_changed detail=\"" + moved +
                           "\" mended=no"}));
  config_.SetError(absl::NotFoundError("there is no interface ovoc0"));
  EXPECT_EQ(Configure(), absl::FailedPreconditionError(moved));
  EXPECT_EQ(troubles_, Strings({moved}));
  config_.SetError(absl::OkStatus());
  Change("is down");
  Step();
  EXPECT_EQ(troubles_.back(), "");
  EXPECT_EQ(config_.calls(), Strings({kConfigured, kConfigured}))
      << "it is mended";
}

TEST_F(InterfaceGuardTest, ADeviceOfItsNameThatIsNotOursIsLeftAlone) {
  ASSERT_TRUE(Configure().ok());
  device_.SetName("eth7");
  Change("has lost its address 169.254.0.2/32");
  Step();
  EXPECT_EQ(troubles_,
            Strings({"the tunnel's interface ovoc0 was renamed to eth7; rename "
                     "it back or restart the client"}));
  EXPECT_TRUE(absl::IsFailedPrecondition(Configure()));
  Change("is down");
  Step();
  EXPECT_EQ(troubles_.size(), 1u) << "it still has another name";
  EXPECT_EQ(CountLines(log_,
                       "event=interface_changed detail=\"the tunnel's "
                       "interface ovoc0 was renamed to eth7; rename it back or "
                       "restart the client\" mended=no"),
            1);
  EXPECT_EQ(config_.calls(), Strings({kConfigured}));
  device_.SetName("ovoc0");
  Change("is down");
  Step();
  EXPECT_EQ(config_.calls(), Strings({kConfigured, kConfigured}));
  EXPECT_EQ(troubles_.back(), "");
}

TEST_F(InterfaceGuardTest, ANewDeviceBeginsAnew) {
  ASSERT_TRUE(Configure().ok());
  Change("is down");
  netif::FakeTunDevice other;
  guard_.SetDevice(&other, "ovoc1", 1300);
  EXPECT_EQ(guard_.NextTime(), absl::InfiniteFuture());
  EXPECT_EQ(other.carrier(), netif::Carrier::kOff);
  EXPECT_EQ(config_.prepared(), Strings({"ovoc0 1400", "ovoc1 1300"}));
  Change("is down");
  Step();
  EXPECT_EQ(config_.prepared().size(), 3u);
  EXPECT_EQ(config_.calls(), Strings({kConfigured}));
}

}  // namespace
}  // namespace ovoc::tunnel
