// SPDX-License-Identifier: Apache-2.0
//
// What a keeper answers its worker.

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using KeeperAnswersTest = KeeperTest;

TEST_F(KeeperAnswersTest, SetsAnAddressOfTheRangeOnItsDeviceWithItsMtu) {
  script_
      ->When(Workers(1),
             [this] {
               Say(SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/32")});
             })
      .When(
          [this] {
            const auto answer = Hear<AddressSet>();
            EXPECT_TRUE(!answer.has_value() || answer->result.ok());
            return answer.has_value();
          },
          Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(interface_config_.calls(),
            std::vector<std::string>{"configure ovoc0 169.254.0.2/32 1400"});
}

TEST_F(KeeperAnswersTest, SaysWhyAnAddressCouldNotBeSet) {
  const absl::Status why = absl::PermissionDeniedError("RTM_NEWADDR: no");
  interface_config_.SetError(why);
  std::optional<AddressSet> answer;
  script_
      ->When(Workers(1),
             [this] {
               Say(SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/32")});
             })
      .When([&] { return (answer = Hear<AddressSet>()).has_value(); },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(answer->result, why);
  EXPECT_EQ(worker().kills, 0) << "the machine's fault, not the worker's";
}

TEST_F(KeeperAnswersTest, LooksAroundForAWorkerEachTimeItAsks) {
  std::optional<Surroundings> answer;
  script_->When(Workers(1), [this] { Say(AskSurroundings{}); })
      .When([&] { return (answer = Hear<Surroundings>()).has_value(); },
            [&] {
              EXPECT_EQ(answer->vrf, "vrf1");
              EXPECT_EQ(answer->name_servers,
                        std::vector<netif::IpAddress>{
                            *netif::IpAddress::Parse("192.0.2.53")});
              Say(AskSurroundings{});
            })
      .When([&] { return (answer = Hear<Surroundings>()).has_value(); },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(answer->vrf, "vrf2");
}

TEST_F(KeeperAnswersTest, TellsTheValueOfTheRequestAndLogsNothingOfIt) {
  std::optional<Authorization> answer;
  script_->When(Workers(1), [this] { Say(AskAuthorization{}); })
      .When([&] { return (answer = Hear<Authorization>()).has_value(); },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(answer->value, auth::Secret::FromString("Basic VlBOOnMzY3JldA=="));
  EXPECT_EQ(CountLines(log_, "s3cret") + CountLines(log_, "VlBOOnMz"), 0);
}

TEST_F(KeeperAnswersTest, GivesAWorkerASocketToANameServerItWasToldOf) {
  std::optional<SocketMade> made;
  script_->When(Workers(1), [this] { Say(AskSurroundings{}); });
  script_->When([this] { return Hear<Surroundings>().has_value(); },
                [this] {
                  Say(AskSocket{{SocketPurpose::kDnsUdp,
                                 *netif::IpAddress::Parse("192.0.2.53")}});
                });
  script_->When(
      [this, &made] { return (made = Hear<SocketMade>()).has_value(); },
      Nothing());
  StopInOrder();
  RunToTheEnd();
  ASSERT_TRUE(made.has_value());
  // A machine without any route says so; that is an answer as well.
  EXPECT_EQ(made->socket.valid(), made->result.ok()) << made->result;
  EXPECT_EQ(CountLines(log_, "worker_refused"), 0);
}

}  // namespace
}  // namespace ovoc::tunnel
