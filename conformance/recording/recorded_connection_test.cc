// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recorded_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "conformance/ovoc_server/server_listener.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

// A transport whose handshake is what the test says.
class Handshaking : public tunnel::PlainTransport {
 public:
  Handshaking(netif::UniqueFd fd, const tunnel::IoResult* result)
      : PlainTransport(std::move(fd)), result_(result) {}
  tunnel::IoResult Handshake() override {
    return *result_ == tunnel::IoResult::kFailed
               ? Fail(absl::UnavailableError("bad record"))
               : *result_;
  }

 private:
  const tunnel::IoResult* const result_;
};

// A device at the other end of a socket pair; of OVOC the address only.
class RecordedConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = tunnel::EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    ListenAddress address;
    address.address = *netif::IpAddress::Parse("127.0.0.1");
    absl::StatusOr<netif::UniqueFd> listener = OpenListener(address);
    ASSERT_TRUE(listener.ok()) << listener.status();
    ovoc_ = *std::move(listener);
    upstream_.addresses = {address.address};
    upstream_.port = LocalAddress(ovoc_.get())->port;
    std::array<int, 2> fds = {};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()),
              0);
    device_ = netif::UniqueFd(fds[0]);
    connection_ = std::make_unique<RecordedConnection>(
        std::make_unique<Handshaking>(netif::UniqueFd(fds[1]), &handshake_),
        loop_.get(), &upstream_,
        [this] {
          ++files_;
          return RecordingFile::Create(absl::StrCat(
              testing::TempDir(), "/",
              testing::UnitTest::GetInstance()->current_test_info()->name()));
        },
        tunnel::MonotonicNow());
  }

  void RunToItsEnd() {
    while (!connection_->done()) {
      ASSERT_TRUE(loop_->RunOnce(connection_->NextTime()).ok());
      connection_->OnTime(tunnel::MonotonicNow());
    }
  }

  tunnel::IoResult handshake_ = tunnel::IoResult::kDone;
  std::unique_ptr<tunnel::EventLoop> loop_;
  Upstream upstream_;
  netif::UniqueFd ovoc_;
  netif::UniqueFd device_;
  int files_ = 0;
  std::unique_ptr<RecordedConnection> connection_;
};

TEST_F(RecordedConnectionTest, WithoutOvocThereIsNoFile) {
  ovoc_.Reset();
  connection_->Start();
  RunToItsEnd();
  EXPECT_TRUE(absl::StartsWith(connection_->status().message(), "OVOC: "))
      << connection_->status();
  EXPECT_FALSE(connection_->recorded());
  EXPECT_EQ(files_, 0);
}

TEST_F(RecordedConnectionTest, AHandshakeOfTheDeviceThatFailsIsNamed) {
  handshake_ = tunnel::IoResult::kFailed;
  connection_->Start();
  RunToItsEnd();
  EXPECT_EQ(connection_->status().message(), "device: bad record");
  EXPECT_EQ(files_, 0);
}

TEST_F(RecordedConnectionTest, ADeviceThatGoesBeforeItsHandshakeIsNamed) {
  handshake_ = tunnel::IoResult::kWouldBlock;
  connection_->Start();
  handshake_ = tunnel::IoResult::kClosed;
  device_.Reset();
  RunToItsEnd();
  EXPECT_EQ(connection_->status().message(),
            "device: it closed the connection during the TLS handshake");
}

TEST_F(RecordedConnectionTest, AHandshakeHasTwentySeconds) {
  handshake_ = tunnel::IoResult::kWouldBlock;
  connection_->Start();
  const absl::Time deadline = connection_->NextTime();
  connection_->OnTime(deadline - absl::Milliseconds(1));
  EXPECT_FALSE(connection_->done());
  connection_->OnTime(deadline);
  EXPECT_TRUE(connection_->done());
  EXPECT_TRUE(absl::IsDeadlineExceeded(connection_->status()));
  EXPECT_TRUE(absl::StrContains(connection_->status().message(), "20s"));
}

TEST_F(RecordedConnectionTest, BothEndsUpMakeTheFile) {
  connection_->Start();
  while (files_ == 0) {
    ASSERT_TRUE(loop_->RunOnce(connection_->NextTime()).ok());
    connection_->OnTime(tunnel::MonotonicNow());
    ASSERT_FALSE(connection_->done()) << connection_->status();
  }
  EXPECT_TRUE(connection_->recorded());
  ovoc_.Reset();  // with the connection that nobody accepted: a reset
  device_.Reset();
  RunToItsEnd();
  EXPECT_TRUE(connection_->status().ok()) << connection_->status();
}

}  // namespace
}  // namespace ovoc::conformance
