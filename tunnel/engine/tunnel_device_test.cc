// SPDX-License-Identifier: Apache-2.0
#include "tunnel/engine/tunnel_device.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "netif/testing/fake_tun_device.h"

namespace ovoc::tunnel {
namespace {

using Packet = std::vector<uint8_t>;

// Takes what it has room for.
class Taker : public TunnelDevice::PacketTaker {
 public:
  SendResult Take(const OutboundPacket& packet, absl::Time) override {
    if (!up) {
      return SendResult::kNotOpen;
    }
    if (room == 0) {
      return SendResult::kNoRoom;
    }
    if (packet.bytes > unwritten_above) {
      return SendResult::kDropped;
    }
    --room;
    packets.emplace_back(packet.bytes);
    packet.write(absl::MakeSpan(packets.back()));
    burst_open = true;
    return SendResult::kQueued;
  }
  void Drop(size_t bytes) override { dropped.push_back(bytes); }
  void BurstTaken() override {
    EXPECT_TRUE(burst_open) << "a burst of nothing";
    burst_open = false;
    ++bursts;
    room += std::exchange(room_after_burst, 0);
  }
  void DeviceLost(const absl::Status& why) override { lost.push_back(why); }

  bool up = true;
  size_t unwritten_above = SIZE_MAX;
  int room = 1000000;
  int room_after_burst = 0;
  std::vector<Packet> packets;
  std::vector<size_t> dropped;
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
  absl::StatusOr<netif::Burst> Read(absl::Span<uint8_t>) override {
    return netif::Burst();
  }
  absl::StatusOr<size_t> Write(const netif::Burst&) override {
    return size_t{0};
  }
  absl::Status SetCarrier(netif::Carrier) override { return absl::OkStatus(); }
  absl::StatusOr<std::string> Name() const override { return "ovoc0"; }
  netif::TunOffload offload() const override {
    return netif::TunOffload::kNone;
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
    UseOffload(netif::TunOffload::kNone);
  }

  void UseOffload(netif::TunOffload offload) {
    auto tun = std::make_unique<netif::FakeTunDevice>(offload);
    tun_ = tun.get();
    Use(std::move(tun));
  }

  void Use(std::unique_ptr<netif::TunDevice> tun) {
    device_.reset();
    device_ = std::make_unique<TunnelDevice>(
        loop_.get(), std::move(tun),
        [this](const netif::Overlay& overlay) { return SetAddress(overlay); },
        "ovoc0", &taker_);
    ASSERT_TRUE(device_->Start().ok());
  }

  absl::Status SetAddress(const netif::Overlay& overlay) {
    if (address_status_.ok()) {
      addresses_.push_back(overlay.ToString());
    }
    return address_status_;
  }

  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  std::unique_ptr<EventLoop> loop_;
  absl::Status address_status_;         // of SetAddress
  std::vector<std::string> addresses_;  // that were set
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

TEST_F(TunnelDeviceTest, StopsReadingWhileTheTunnelIsDown) {
  device_->Resume();
  taker_.up = false;
  tun_->HostSends({1});
  tun_->HostSends({2});
  RunReady();
  EXPECT_TRUE(taker_.packets.empty());
  EXPECT_EQ(taker_.bursts, 0);
  taker_.up = true;
  RunReady();  // nobody has said so
  EXPECT_TRUE(taker_.packets.empty());
  device_->Resume();
  RunReady();
  EXPECT_EQ(taker_.packets, (std::vector<Packet>{{1}, {2}}));
  EXPECT_TRUE(taker_.dropped.empty());
}

TEST_F(TunnelDeviceTest, DropsWhatThereIsNoRoomForAndGoesOnReading) {
  device_->Resume();
  taker_.room = 1;
  tun_->HostSends({1});
  tun_->HostSends({2, 2});
  tun_->HostSends({3, 3, 3});
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
  EXPECT_EQ(taker_.dropped, (std::vector<size_t>{2, 3}));
  EXPECT_EQ(taker_.bursts, 1) << "what was taken goes on its way at once";
  taker_.room = 10;
  tun_->HostSends({4});
  RunReady();
  EXPECT_EQ(taker_.packets, (std::vector<Packet>{{1}, {4}}));
}

// A TCP segment from OVOC to us or back: sequence number, flags, payload.
Packet Segment(uint32_t source, uint32_t destination, uint32_t sequence,
               uint8_t flags, size_t payload_bytes) {
  Packet packet = {
      0x45, 0x00,  0,    0,                 // version 4, IHL 5; total length
      0x12, 0x34,  0x40, 0x00,              // identification; don't fragment
      0x40, 0x06,  0,    0,                 // TTL 64, TCP, header checksum
      0,    0,     0,    0,    0, 0, 0, 0,  // source, destination
      0x00, 0x50,  0x9C, 0x40,              // ports 80, 40000
      0,    0,     0,    0,                 // sequence number
      0x00, 0x00,  0x00, 0x01,              // acknowledgment number 1
      0x50, flags, 0x10, 0x00,              // data offset 5; window 4096
      0,    0,     0x00, 0x00,              // checksum, urgent pointer
  };
  const auto put = [&packet](uint32_t value, size_t bytes, size_t at) {
    for (size_t i = 0; i < bytes; ++i) {
      packet[at + i] = static_cast<uint8_t>(value >> (8 * (bytes - 1 - i)));
    }
  };
  packet.resize(40 + payload_bytes, 0x5A);
  put(static_cast<uint32_t>(packet.size()), 2, 2);
  put(source, 4, 12);
  put(destination, 4, 16);
  put(sequence, 4, 24);
  const absl::Span<const uint8_t> bytes(packet);
  put(netif::InternetChecksum(bytes.first(20)), 2, 10);
  put(netif::InternetChecksum(
          bytes.subspan(20),
          netif::PseudoHeaderSum(netif::Ipv4Address::FromHostOrder(source),
                                 netif::Ipv4Address::FromHostOrder(destination),
                                 6, static_cast<uint16_t>(20 + payload_bytes))),
      2, 36);
  return packet;
}

constexpr uint32_t kOvoc = 0xA9FE0001;
constexpr uint32_t kOurs = 0xA9FE0002;
constexpr uint8_t kAck = 0x10;
constexpr uint8_t kPush = 0x08;

// What the kernel makes of 2,500 bytes for segments of 1,000.
netif::VirtioNetHeader TcpBurstHeader() {
  netif::VirtioNetHeader header;
  header.needs_checksum = true;
  header.gso = netif::GsoType::kTcpIpv4;
  header.header_bytes = 40;
  header.segment_bytes = 1000;
  header.checksum_start = 20;
  header.checksum_offset = 16;
  return header;
}

TEST_F(TunnelDeviceTest, CutsABurstOfTheDeviceIntoPackets) {
  UseOffload(netif::TunOffload::kTcpAndUdp);
  device_->Resume();
  tun_->HostSends(Segment(kOurs, kOvoc, 7, kAck | kPush, 2500),
                  TcpBurstHeader());
  RunReady();
  ASSERT_EQ(taker_.packets.size(), 3u);
  EXPECT_EQ(taker_.packets[0], Segment(kOurs, kOvoc, 7, kAck, 1000));
  EXPECT_EQ(taker_.packets[1].size(), 1040u);
  EXPECT_EQ(taker_.packets[2].size(), 540u);
  EXPECT_EQ(taker_.packets[2][33], kAck | kPush);
  EXPECT_EQ(taker_.bursts, 1);
}

TEST_F(TunnelDeviceTest, DropsOfABurstOnlyWhatThereIsNoRoomFor) {
  UseOffload(netif::TunOffload::kTcpAndUdp);
  device_->Resume();
  taker_.room = 1;
  taker_.room_after_burst = 1;
  tun_->HostSends(Segment(kOurs, kOvoc, 7, kAck, 2500), TcpBurstHeader());
  RunReady();
  ASSERT_EQ(taker_.packets.size(), 2u);
  EXPECT_EQ(taker_.packets[0].size(), 1040u);
  EXPECT_EQ(taker_.packets[1].size(), 1040u);
  EXPECT_EQ(taker_.dropped, std::vector<size_t>{540});
}

TEST_F(TunnelDeviceTest, GoesOnBehindAPacketThatIsTakenWithoutBeingWritten) {
  UseOffload(netif::TunOffload::kTcpAndUdp);
  device_->Resume();
  taker_.unwritten_above = 1039;  // the MTU, say
  tun_->HostSends({1});
  tun_->HostSends(Segment(kOurs, kOvoc, 7, kAck, 2500), TcpBurstHeader());
  tun_->HostSends(Packet(1500, 3));
  tun_->HostSends({2});
  RunReady();
  ASSERT_EQ(taker_.packets.size(), 3u);
  EXPECT_EQ(taker_.packets[1].size(), 540u);
  EXPECT_EQ(taker_.packets[2], Packet{2});
}

TEST_F(TunnelDeviceTest, SendsAtResumeWhatItHoldsThoughTheDeviceHasNoMore) {
  device_->Resume();
  taker_.up = false;
  tun_->HostSends({1});
  RunReady();
  taker_.up = true;
  device_->Resume();
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
  EXPECT_EQ(taker_.bursts, 1);
  tun_->HostSends({2});
  RunReady();
  EXPECT_EQ(taker_.packets.size(), 2u);
}

TEST_F(TunnelDeviceTest, KeepsABurstWhileTheTunnelIsDown) {
  UseOffload(netif::TunOffload::kTcpAndUdp);
  device_->Resume();
  taker_.up = false;
  tun_->HostSends(Segment(kOurs, kOvoc, 7, kAck, 2500), TcpBurstHeader());
  RunReady();
  taker_.up = true;
  device_->Resume();
  tun_->HostSends({1});
  RunReady();
  ASSERT_EQ(taker_.packets.size(), 4u);
  EXPECT_EQ(taker_.packets[3], Packet{1}) << "behind the burst";
}

TEST_F(TunnelDeviceTest, GoesOnAtOnceWhenTheEndOfABurstMakesRoom) {
  device_->Resume();
  taker_.room = 2;
  taker_.room_after_burst = 5;
  for (uint8_t i = 0; i < 4; ++i) {
    tun_->HostSends({i});
  }
  RunReady();
  EXPECT_EQ(taker_.packets.size(), 4u);
  EXPECT_EQ(taker_.bursts, 2);
}

TEST_F(TunnelDeviceTest, LeavesOutABurstThatIsNoneAndGoesOn) {
  UseOffload(netif::TunOffload::kTcpAndUdp);
  device_->Resume();
  tun_->HostSends(Packet(100, 0x60), TcpBurstHeader());  // no IPv4
  tun_->HostSends({1});
  RunReady();
  EXPECT_EQ(taker_.packets, std::vector<Packet>{{1}});
}

TEST_F(TunnelDeviceTest, JoinsSegmentsUntilFlush) {
  UseOffload(netif::TunOffload::kTcp);
  device_->Write(Segment(kOvoc, kOurs, 0, kAck, 1000));
  device_->Write(Segment(kOvoc, kOurs, 1000, kAck, 1000));
  EXPECT_TRUE(tun_->TakeReceived().empty());
  device_->Flush();
  ASSERT_EQ(tun_->received_headers().size(), 1u);
  EXPECT_EQ(tun_->received_headers()[0].gso, netif::GsoType::kTcpIpv4);
  EXPECT_EQ(tun_->received_headers()[0].segment_bytes, 1000);
  EXPECT_EQ(tun_->TakeReceived()[0].size(), 2040u);
  device_->Flush();
  EXPECT_TRUE(tun_->TakeReceived().empty()) << "once";
}

TEST_F(TunnelDeviceTest, JoinsNothingForADeviceWithoutOffload) {
  const std::vector<Packet> packets = {Segment(kOvoc, kOurs, 0, kAck, 1000),
                                       Segment(kOvoc, kOurs, 1000, kAck, 1000)};
  for (const Packet& packet : packets) {
    device_->Write(packet);
  }
  EXPECT_EQ(tun_->TakeReceived(), packets) << "at once, and as they came";
}

TEST_F(TunnelDeviceTest, AppliesAddressAndPrefix) {
  ASSERT_TRUE(device_->Apply(*netif::Ipv4Prefix::Parse("169.254.0.2/18")).ok());
  ASSERT_TRUE(device_->Apply(*netif::Ipv4Prefix::Parse("169.254.0.3/24")).ok());
  EXPECT_EQ(addresses_,
            (std::vector<std::string>{"169.254.0.2/18", "169.254.0.3/24"}));
}

TEST_F(TunnelDeviceTest, PassesOnWhyAnAddressCannotBeApplied) {
  const absl::Status no = absl::PermissionDeniedError("RTM_NEWADDR");
  address_status_ = no;
  EXPECT_EQ(device_->Apply(*netif::Ipv4Prefix::Parse("169.254.0.2/18")), no);
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
  ASSERT_TRUE(device_->Apply(*netif::Ipv4Prefix::Parse("169.254.0.2/18")).ok());
  EXPECT_TRUE(device_->Repair().ok());
  EXPECT_EQ(addresses_.size(), 1u) << "nothing was wrong";
  tun_->SetWriteError(absl::UnavailableError("it is down"));
  device_->Write({0x45});
  EXPECT_TRUE(device_->Repair().ok());
  ASSERT_EQ(addresses_.size(), 2u);
  EXPECT_EQ(addresses_[1], addresses_[0]);
  EXPECT_TRUE(device_->Repair().ok());
  EXPECT_EQ(addresses_.size(), 2u) << "once is enough";
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
