// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/relay.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/transport/testing/fake_transport.h"

namespace ovoc::conformance {
namespace {

// A log of what the relay told: "C:text", "S eof", "C rst".
class Log : public Relay::Observer {
 public:
  void OnBytes(Side side, absl::Span<const uint8_t> bytes) override {
    absl::StrAppend(
        &text, side == Side::kClient ? "C:" : "S:",
        bytes.size() > 100 ? "many" : std::string(bytes.begin(), bytes.end()),
        " ");
    count += bytes.size();
  }
  void OnEnd(Side side, EventKind kind) override {
    absl::StrAppend(&text, side == Side::kClient ? "C" : "S",
                    kind == EventKind::kEof ? " eof " : " rst ");
  }
  std::string text;
  size_t count = 0;
};

// The relay between two socket pairs, whose far ends the test holds.
class RelayTest : public testing::Test {
 protected:
  void SetUp() override {
    relay_ = std::make_unique<Relay>(MakeEnd(&device_), MakeEnd(&ovoc_), &log_);
  }

  static std::unique_ptr<tunnel::Transport> MakeEnd(netif::UniqueFd* far) {
    std::array<int, 2> fds = {};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()),
              0);
    *far = netif::UniqueFd(fds[0]);
    return std::make_unique<tunnel::PlainTransport>(netif::UniqueFd(fds[1]));
  }

  static void Say(const netif::UniqueFd& fd, absl::string_view text) {
    ASSERT_EQ(send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // What waits at `fd`; "eof", "nothing" or "error" when there is none.
  static std::string Hear(const netif::UniqueFd& fd) {
    std::array<char, 65536> buffer;
    const ssize_t count = recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      return std::string(buffer.data(), static_cast<size_t>(count));
    }
    if (count == 0) {
      return "eof";
    }
    return errno == EAGAIN ? "nothing" : "error";
  }

  netif::UniqueFd device_;
  netif::UniqueFd ovoc_;
  Log log_;
  std::unique_ptr<Relay> relay_;
};

TEST_F(RelayTest, BytesPassUnchangedBothWays) {
  Say(device_, "request");
  Say(ovoc_, "answer");
  EXPECT_EQ(relay_->Serve(), Relay::Turn::kOver);
  EXPECT_EQ(Hear(ovoc_), "request");
  EXPECT_EQ(Hear(device_), "answer");
  EXPECT_EQ(log_.text, "C:request S:answer ");
  EXPECT_TRUE(relay_->WantsRead(Side::kClient));
  EXPECT_TRUE(relay_->WantsRead(Side::kServer));
  EXPECT_FALSE(relay_->WantsWrite(Side::kServer));
  EXPECT_FALSE(relay_->done());
}

TEST_F(RelayTest, AnEndPassesOneWayAndTheOtherStaysOpen) {
  Say(ovoc_, "last");
  shutdown(ovoc_.get(), SHUT_WR);
  relay_->Serve();
  EXPECT_EQ(Hear(device_), "last");
  EXPECT_EQ(Hear(device_), "eof");
  EXPECT_FALSE(relay_->done());
  EXPECT_FALSE(relay_->WantsRead(Side::kServer));
  Say(device_, "more");
  relay_->Serve();
  EXPECT_EQ(Hear(ovoc_), "more");
  shutdown(device_.get(), SHUT_WR);
  relay_->Serve();
  EXPECT_EQ(Hear(ovoc_), "eof");
  EXPECT_TRUE(relay_->done());
  EXPECT_EQ(log_.text, "S:last S eof C:more C eof ");
}

TEST_F(RelayTest, ASideThatTakesNothingStopsTheOther) {
  const std::string block(4096, 'x');
  size_t sent = 0;
  for (int i = 0; i < 10000; ++i) {
    const ssize_t count =
        send(device_.get(), block.data(), block.size(), MSG_NOSIGNAL);
    if (count <= 0 && relay_->WantsWrite(Side::kServer)) {
      break;
    }
    sent += count > 0 ? static_cast<size_t>(count) : 0;
    relay_->Serve();
  }
  ASSERT_TRUE(relay_->WantsWrite(Side::kServer));
  EXPECT_FALSE(relay_->WantsRead(Side::kClient));
  EXPECT_TRUE(relay_->WantsRead(Side::kServer));
  size_t heard = 0;
  while (heard < sent) {
    const std::string text = Hear(ovoc_);
    ASSERT_EQ(text[0], 'x');
    heard += text.size();
    while (relay_->Serve() == Relay::Turn::kMore) {
    }
  }
  EXPECT_EQ(heard, sent);
  EXPECT_EQ(log_.count, sent);
}

TEST_F(RelayTest, AFastSideLeavesTurnsForOthers) {
  const std::string block(4096, 'x');
  while (send(device_.get(), block.data(), block.size(), MSG_NOSIGNAL) > 0) {
  }
  std::array<char, 65536> buffer;
  int turns = 1;
  while (relay_->Serve() == Relay::Turn::kMore) {
    ++turns;
    while (recv(ovoc_.get(), buffer.data(), buffer.size(), 0) > 0) {
    }
  }
  EXPECT_GE(log_.count, 16384u);
  EXPECT_GE(turns, 1);
}

TEST_F(RelayTest, WritingToOneThatIsGoneEndsBoth) {
  ovoc_.Reset();
  Say(device_, "a");
  relay_->Serve();
  EXPECT_TRUE(relay_->done());
}

TEST_F(RelayTest, AHangUpAfterTheEndEndsBoth) {
  shutdown(device_.get(), SHUT_WR);
  relay_->Serve();
  EXPECT_FALSE(relay_->done());
  relay_->OnHangUp(Side::kClient);
  EXPECT_TRUE(relay_->done());
  EXPECT_EQ(log_.text, "C eof ");
}

TEST_F(RelayTest, AHangUpWithBytesBeforeItLosesNone) {
  Say(device_, "bye");
  device_.Reset();
  relay_->OnHangUp(Side::kClient);
  EXPECT_EQ(Hear(ovoc_), "bye");
  EXPECT_EQ(log_.text, "C:bye C eof ");
}

TEST(RelayHoldingTest, AsksForNoMoreWhileTheOtherEndHoldsWhatItTook) {
  auto client = std::make_unique<tunnel::FakeTransport>();
  auto server = std::make_unique<tunnel::FakeTransport>();
  tunnel::FakeTransport& from = *client;
  tunnel::FakeTransport& to = *server;
  Log log;
  Relay relay(std::move(client), std::move(server), &log);
  to.HoldBack(true);
  from.PeerSends("up");
  relay.Serve();
  EXPECT_EQ(log.text, "C:up ");
  EXPECT_TRUE(relay.WantsWrite(Side::kServer));
  EXPECT_FALSE(relay.WantsRead(Side::kClient)) << "else it goes round for ever";
  from.PeerSends("more");
  relay.Serve();
  EXPECT_EQ(log.text, "C:up ");
  to.HoldBack(false);
  relay.Serve();
  EXPECT_EQ(to.TakeWritten(), "upmore");
  EXPECT_FALSE(relay.WantsWrite(Side::kServer));
  EXPECT_TRUE(relay.WantsRead(Side::kClient));
}

}  // namespace
}  // namespace ovoc::conformance
