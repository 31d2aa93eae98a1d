// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tunnel_device.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netif/testing/fake_interface_config.h"
#include "netif/testing/fake_tun_device.h"

namespace ovoc::tunnel {
namespace {

using Packet = std::vector<uint8_t>;

// Takes what it has room for.
class Taker : public TunnelDevice::PacketTaker {
 public:
  bool CanTake() override { return room > 0; }
  void Take(absl::Span<const uint8_t> packet) override {
    --room;
    packets.emplace_back(packet.begin(), packet.end());
    burst_open = true;
  }
  void BurstTaken() override {
    EXPECT_TRUE(burst_open) << "a burst of nothing";
    burst_open = false;
    ++bursts;
  }
  void DeviceLost(const absl::Status& why) override { lost.push_back(why); }

  int room = 1000000;
  std::vector<Packet> packets;
  bool burst_open = false;
  int bursts = 0;
  std::vector<absl::Status> lost;
};

// A device whose descriptor is one end of a socket pair, for what an eventfd
// cannot show: a hang-up.
class HangUpDevice : public netif::TunDevice {
 public:
  HangUpDevice() {
    std::array<int, 2> fds = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    ours_.Reset(fds[0]);
    theirs_.Reset(fds[1]);
  }
  void HangUp() { theirs_.Reset(); }
  absl::StatusOr<size_t> Read(absl::Span<uint8_t>) override {
    return size_t{0};
  }
  absl::StatusOr<size_t> Write(absl::Span<const uint8_t>) override {
    return size_t{0};
  }
  int fd() const override { return ours_.get(); }

 private:
  netif::UniqueFd ours_;
  netif::UniqueFd theirs_;
};

class TunnelDeviceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    auto tun = std::make_unique<netif::FakeTunDevice>();
    tun_ = tun.get();
    Use(std::move(tun));
  }

  void Use(std::unique_ptr<netif::TunDevice> tun) {
    device_ = std::make_unique<TunnelDevice>(loop_.get(), std::move(tun),
                                             &config_, "ovoc0", 1400, &taker_);
    ASSERT_TRUE(device_->Start().ok());
  }

  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  std::unique_ptr<EventLoop> loop_;
  netif::FakeInterfaceConfig config_;
  Taker taker_;
  netif::FakeTunDevice* tun_ = nullptr;  // owned by device_
  std::unique_ptr<TunnelDevice> device_;
};

TEST_F(TunnelDeviceTest, ReadsNothingBeforeResume) {
  tun_->HostSends({1});
  RunReady();
  EXPECT_TRUE(taker_.packets.empty());
  device_->Resume();
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
  EXPECT_EQ(taker_.bursts, 1);
}

TEST_F(TunnelDeviceTest, TakesABurstAtOnce) {
  device_->Resume();
  tun_->HostSends({1});
  tun_->HostSends({2, 2});
  tun_->HostSends(Packet(1500, 3));
  RunReady();
  EXPECT_EQ(taker_.packets,
            (std::vector<Packet>{{1}, {2, 2}, Packet(1500, 3)}));
  EXPECT_EQ(taker_.bursts, 1);
  RunReady();
  EXPECT_EQ(taker_.bursts, 1);
}

TEST_F(TunnelDeviceTest, LeavesTheOthersTheirTurnInALongBurst) {
  device_->Resume();
  for (int i = 0; i < 100; ++i) {
    tun_->HostSends({static_cast<uint8_t>(i)});
  }
  RunReady();
  EXPECT_EQ(taker_.packets.size(), 64u);
  RunReady();
  EXPECT_EQ(taker_.packets.size(), 100u);
  EXPECT_EQ(taker_.packets[99], Packet{99});
  EXPECT_EQ(taker_.bursts, 2);
}

TEST_F(TunnelDeviceTest, StopsReadingWhenNoMoreCanBeTaken) {
  device_->Resume();
  taker_.room = 1;
  tun_->HostSends({1});
  tun_->HostSends({2});
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
  EXPECT_EQ(taker_.bursts, 1);
  taker_.room = 10;
  RunReady();  // nobody has said that there is room
  EXPECT_EQ(taker_.packets.size(), 1u);
  device_->Resume();
  RunReady();
  EXPECT_EQ(taker_.packets, (std::vector<Packet>{{1}, {2}}));
}

TEST_F(TunnelDeviceTest, SaysNothingOfABurstThatCouldNotBegin) {
  device_->Resume();
  taker_.room = 0;
  tun_->HostSends({1});
  RunReady();
  EXPECT_EQ(taker_.bursts, 0);
}

TEST_F(TunnelDeviceTest, AppliesAddressPrefixAndMtu) {
  ASSERT_TRUE(device_->Apply({0xA9FE0002, 18}).ok());
  device_->SetMtu(1280);
  ASSERT_TRUE(device_->Apply({0xA9FE0003, 24}).ok());
  EXPECT_EQ(config_.calls(),
            (std::vector<std::string>{"configure ovoc0 169.254.0.2/18 1400",
                                      "configure ovoc0 169.254.0.3/24 1280"}));
}

TEST_F(TunnelDeviceTest, PassesOnWhyAnAddressCannotBeApplied) {
  const absl::Status no = absl::PermissionDeniedError("RTM_NEWADDR");
  config_.SetError(no);
  EXPECT_EQ(device_->Apply({0xA9FE0002, 18}), no);
}

TEST_F(TunnelDeviceTest, WritesPacketsAndCountsThoseThatAreRefused) {
  const Packet packet = {0x45, 1, 2};
  device_->Write(packet);
  EXPECT_EQ(tun_->TakeReceived(), std::vector<Packet>{packet});
  EXPECT_EQ(device_->refused_writes(), 0u);
  tun_->SetWriteError(absl::UnavailableError("it is down"));
  device_->Write(packet);
  EXPECT_EQ(device_->refused_writes(), 1u);
  tun_->SetWriteError(absl::OkStatus());
  tun_->SetRoom(0);
  device_->Write(packet);
  EXPECT_EQ(device_->refused_writes(), 2u);
  EXPECT_TRUE(taker_.lost.empty());
}

TEST_F(TunnelDeviceTest, AppliesTheAddressAgainAfterTheDeviceWasDown) {
  ASSERT_TRUE(device_->Apply({0xA9FE0002, 18}).ok());
  EXPECT_TRUE(device_->Repair().ok());
  EXPECT_EQ(config_.calls().size(), 1u) << "nothing was wrong";
  tun_->SetWriteError(absl::UnavailableError("it is down"));
  device_->Write({0x45});
  EXPECT_TRUE(device_->Repair().ok());
  ASSERT_EQ(config_.calls().size(), 2u);
  EXPECT_EQ(config_.calls()[1], config_.calls()[0]);
  EXPECT_TRUE(device_->Repair().ok());
  EXPECT_EQ(config_.calls().size(), 2u) << "once is enough";
}

TEST_F(TunnelDeviceTest, TellsOnceThatTheDeviceIsLost) {
  device_->Resume();
  tun_->HostSends({1});
  const absl::Status why = absl::FailedPreconditionError("it was removed");
  tun_->SetReadError(why);
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}}) << "what came before";
  EXPECT_EQ(taker_.bursts, 1);
  EXPECT_EQ(taker_.lost, std::vector<absl::Status>{why});
  RunReady();
  device_->Resume();
  RunReady();
  EXPECT_EQ(taker_.lost.size(), 1u);
}

TEST_F(TunnelDeviceTest, GoesOnWhenTheDeviceIsDownForNow) {
  device_->Resume();
  tun_->SetReadError(absl::UnavailableError("it is down"));
  RunReady();
  EXPECT_TRUE(taker_.lost.empty());
  tun_->SetReadError(absl::OkStatus());
  tun_->HostSends({1});
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
}

TEST_F(TunnelDeviceTest, AHangUpIsALossEvenWhileNothingIsRead) {
  auto tun = std::make_unique<HangUpDevice>();
  HangUpDevice* const raw = tun.get();
  Use(std::move(tun));
  raw->HangUp();
  RunReady();
  ASSERT_EQ(taker_.lost.size(), 1u);
  EXPECT_EQ(taker_.lost[0].message(), "interface ovoc0 is gone");
  RunReady();
  EXPECT_EQ(taker_.lost.size(), 1u);
}

TEST_F(TunnelDeviceTest, IsNoLongerWatchedOnceDestroyed) {
  device_->Resume();
  tun_->HostSends({1});
  device_.reset();
  RunReady();
  EXPECT_TRUE(taker_.packets.empty());
}

}  // namespace
}  // namespace ovoc::tunnel
