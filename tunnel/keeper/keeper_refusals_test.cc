// SPDX-License-Identifier: Apache-2.0
//
// What a worker may not say, and what becomes of one that says it.

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using KeeperRefusalsTest = KeeperTest;

TEST_F(KeeperRefusalsTest, KillsAWorkerThatIsReadyTwice) {
  script_
      ->When(Workers(1),
             [this] {
               for (int i = 0; i < 3; ++i) {
                 Say(WorkerReady{{4, LockedMemory::kAll}});
               }
             })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
  Line("event=worker ");
  Line(
      "event=worker_refused detail=\"it said more than once that it is "
      "ready\"");
}

struct Overlay {
  const char* prefix;
  const char* words;
};

constexpr char kRange[] = "must lie inside the configured overlay range";
constexpr char kPrefix[] = "the prefix length must be 32";
constexpr char kUnicast[] = "must be unicast";

class KeeperOverlayTest : public KeeperTest {
 protected:
  // Each is asked for by a worker of its own, which is killed for it.
  void ExpectRefused(const std::vector<Overlay>& overlays) {
    for (size_t i = 0; i < overlays.size(); ++i) {
      const Overlay& overlay = overlays[i];
      script_->When(Workers(i + 1), [this, overlay] {
        Say(SetAddress{*netif::Ipv4Prefix::Parse(overlay.prefix)});
      });
      script_->When([this, i] { return workers_[i]->kills == 1; }, Nothing());
    }
    script_->When(Workers(overlays.size() + 1), Nothing());
    StopInOrder();
    RunToTheEnd();
    EXPECT_TRUE(interface_config_.calls().empty());
    std::vector<std::string> refusals;
    std::copy_if(log_.begin(), log_.end(), std::back_inserter(refusals),
                 [](const std::string& line) {
                   return absl::StrContains(line, "event=worker_refused");
                 });
    ASSERT_EQ(refusals.size(), overlays.size());
    for (size_t i = 0; i < overlays.size(); ++i) {
      EXPECT_TRUE(absl::StrContains(refusals[i], overlays[i].words))
          << refusals[i];
      EXPECT_TRUE(absl::StrContains(refusals[i], overlays[i].prefix))
          << refusals[i];
    }
    EXPECT_EQ(CountLines(log_, "worker_died detail=\"ended by the keeper: "),
              static_cast<int>(overlays.size()));
  }
};

TEST_F(KeeperOverlayTest, KillsAWorkerThatAsksForAnAddressOutsideTheRange) {
  ExpectRefused({{"10.0.0.2/32", kRange},
                 {"169.253.255.254/32", kRange},
                 {"169.254.64.1/32", kRange},
                 {"169.254.169.254/32", "must not lie in 169.254.169.0/24"},
                 {"169.254.0.1/32", "must not be OVOC's own"},
                 {"224.0.0.1/32", kUnicast},
                 {"255.255.255.255/32", kUnicast},
                 {"0.0.0.0/32", kUnicast}});
}

TEST_F(KeeperOverlayTest, KillsAWorkerThatAsksForAnImpossiblePrefix) {
  ExpectRefused({{"169.254.0.2/0", kPrefix},
                 {"169.254.0.2/15", kPrefix},
                 {"169.254.0.2/18", kPrefix},
                 {"169.254.0.2/31", kPrefix}});
}

TEST_F(KeeperOverlayTest, TakesOnlyHostsWhateverTheRange) {
  auto config = Config("one.example", "ovoc0");
  config->attempt.session.overlay.range = netif::Ipv4Prefix();  // any
  Make(std::move(config));
  ExpectRefused({{"224.0.0.1/32", kUnicast},
                 {"127.0.0.2/32", kUnicast},
                 {"0.1.2.3/32", kUnicast},
                 {"240.0.0.1/32", kUnicast}});
}

TEST_F(KeeperOverlayTest, KeepsToTheRangeOfTheSettings) {
  auto config = Config("one.example", "ovoc0");
  config->attempt.session.overlay.range =
      *netif::Ipv4Prefix::Parse("10.1.0.0/24");
  Make(std::move(config));
  ExpectRefused({{"10.1.1.2/32", kRange}, {"169.254.0.2/32", kRange}});
}

TEST_F(KeeperRefusalsTest, KillsAWorkerThatAsksForASocketElsewhere) {
  const SocketRequest kElsewhere[] = {
      {SocketPurpose::kDnsUdp, *netif::IpAddress::Parse("192.0.2.54")},
      {SocketPurpose::kDnsTcp, *netif::IpAddress::Parse("127.0.0.1")},
      {SocketPurpose::kServer, *netif::IpAddress::Parse("127.0.0.1")},
      {SocketPurpose::kServer, *netif::IpAddress::Parse("169.254.169.254")},
      {SocketPurpose::kServer, *netif::IpAddress::Parse("::ffff:10.0.0.1")},
  };
  size_t workers = 0;
  for (const SocketRequest& request : kElsewhere) {
    script_->When(Workers(++workers),
                  [this, request] { Say(AskSocket{request}); });
  }
  script_->When(Workers(workers + 1), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=worker_refused"), 5);
  EXPECT_EQ(CountLines(log_, "not one of the name servers"), 4)
      << "two refusals and two ends";
}

TEST_F(KeeperRefusalsTest, KillsAWorkerForEveryMalformedMessage) {
  MessageBytes stop;
  EncodeMessage(KeeperMessage(tunnel::Stop{}), &stop);
  std::vector<uint8_t> unknown(kMessageBytes);
  unknown[0] = 127;
  std::vector<uint8_t> control(kMessageBytes);
  control[0] = 1;  // a log line
  control[2] = 4;  // of 4 bytes: debug, a text of one
  control[5] = 1;
  control[6] = 0x1b;
  std::vector<uint8_t> prefix(kMessageBytes);
  prefix[0] = 3;  // an address
  prefix[2] = 5;  // of 5 bytes, the last its prefix length
  std::vector<uint8_t> longest_prefix = prefix;
  prefix[7] = 33;
  longest_prefix[7] = 255;
  struct Case {
    std::vector<uint8_t> bytes;
    const char* words;
  };
  const Case kCases[] = {
      {unknown, "there is no kind 127"},
      {prefix, "the address has a prefix length above 32"},
      {longest_prefix, "the address has a prefix length above 32"},
      {control, "a log line is not printable ASCII"},
      {{stop.begin(), stop.end()}, "there is no kind 128"},
      {std::vector<uint8_t>(1), "1 bytes instead of 1280"},
      {std::vector<uint8_t>(kMessageBytes - 1), "1279 bytes instead of 1280"},
      {std::vector<uint8_t>(kMessageBytes + 1), "the message is too long"},
      {std::vector<uint8_t>(65536), "the message is too long"},
  };
  size_t workers = 0;
  for (const Case& c : kCases) {
    script_->When(Workers(++workers), [this, &c] {
      log_.clear();
      SayRaw(c.bytes);
      Say(LogRecord{LogLevel::kInfo, "event=afterwards"});
    });
    script_->When(Workers(workers + 1), [this, &c] {
      EXPECT_EQ(CountLines(log_, "event=afterwards"), 0);
      EXPECT_EQ(workers_[workers_.size() - 2]->kills, 1);
      EXPECT_TRUE(absl::StrContains(Line("worker_refused"), c.words));
      EXPECT_TRUE(absl::StrContains(Line("worker_died"), c.words));
      EXPECT_TRUE(
          absl::StrContains(Line("worker_died"), "ended by the keeper: "));
    });
  }
  script_->When(Workers(++workers), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperRefusalsTest, KillsAWorkerThatDoesNotListen) {
  script_
      ->When(Workers(1),
             [this] {
               while (worker()
                          .end.Send(WorkerMessage(AskSurroundings{}), kNoWait)
                          .ok()) {
               }
             })
      .When(
          [this] {  // goes on asking, and never reads an answer
            (void)worker().end.Send(WorkerMessage(AskSurroundings{}), kNoWait);
            return workers_[0]->kills == 1;
          },
          Nothing())
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("worker_refused"),
            "error event=worker_refused detail=\"there is no room to send\"");
}

}  // namespace
}  // namespace ovoc::tunnel
