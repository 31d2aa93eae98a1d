// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_proxy.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/recording/recording.h"
#include "gtest/gtest.h"
#include "netif/linux/socket_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n";
constexpr absl::string_view kAnswer = "HTTP/1.1 401 Unauthorized\r\n\r\n";

netif::UniqueFd Listen(ListenAddress* address) {
  address->address = *netif::IpAddress::Parse("127.0.0.1");
  absl::StatusOr<netif::UniqueFd> fd = OpenListener(*address);
  EXPECT_TRUE(fd.ok()) << fd.status();
  *address = LocalAddress(fd->get()).value();
  return *std::move(fd);
}

// A proxy over the loopback interface, plain both ways; the test is the
// device and OVOC.
class RecordingProxyTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = tunnel::EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    ovoc_ = Listen(&ovoc_address_);
    out_ = absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name(), ".rec");
  }

  RecordingProxy::Options Options() const {
    RecordingProxy::Options options;
    options.upstream.addresses = {ovoc_address_.address};
    options.upstream.port = ovoc_address_.port;
    options.heading.peer = "test";
    options.heading.client = "test";
    options.heading.transport = "plain";
    options.heading.scenario = "test";
    options.out = out_;
    return options;
  }

  void Start(RecordingProxy::Options options) {
    netif::UniqueFd listener = Listen(&proxy_address_);
    auto proxy = RecordingProxy::Create(std::move(options), std::move(listener),
                                        loop_.get(), &log_);
    ASSERT_TRUE(proxy.ok()) << proxy.status();
    proxy_ = *std::move(proxy);
  }

  netif::UniqueFd Connect() const {
    netif::UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const netif::SocketAddress to(proxy_address_.address, proxy_address_.port);
    EXPECT_EQ(connect(fd.get(), to.get(), to.size()), 0);
    return fd;
  }

  // Runs the proxy until `ready`.
  void RunUntil(const std::function<bool()>& ready) {
    while (!ready()) {
      ASSERT_TRUE(
          proxy_->RunOnce(tunnel::MonotonicNow() + absl::Milliseconds(5)).ok());
    }
  }

  netif::UniqueFd AcceptOvoc() {
    netif::UniqueFd fd;
    RunUntil([&] {
      absl::StatusOr<Accepted> accepted = Accept(ovoc_.get());
      if (accepted.ok()) {
        fd = std::move(accepted->socket);
      }
      return fd.valid();
    });
    return fd;
  }

  static void Say(int fd, absl::string_view text) {
    ASSERT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Runs until `size` bytes, or the end, came at `fd`.
  std::string Hear(int fd, size_t size) {
    std::string heard;
    RunUntil([&] {
      std::array<char, 4096> buffer;
      const ssize_t count =
          recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (count > 0) {
        heard.append(buffer.data(), static_cast<size_t>(count));
      }
      return count == 0 || heard.size() >= size;
    });
    return heard;
  }

  // One login that is refused, from connection to close, recorded in `path`.
  void RefusedLogin(const std::string& path) {
    netif::UniqueFd device = Connect();
    netif::UniqueFd ovoc = AcceptOvoc();
    Say(device.get(), kRequest);
    EXPECT_EQ(Hear(ovoc.get(), kRequest.size()), kRequest)
        << "what OVOC gets is untouched";
    Say(ovoc.get(), kAnswer);
    EXPECT_EQ(Hear(device.get(), kAnswer.size()), kAnswer);
    device.Reset();
    EXPECT_EQ(Hear(ovoc.get(), 1), "");
    ovoc.Reset();
    RunUntil([&] {
      const std::string text = Contents(path);
      return absl::StrContains(text, "\nS ") &&
             absl::EndsWith(text, " eof\n") &&
             text.find(" eof\n") < text.size() - 5;
    });
  }

  static std::string Contents(const std::string& path) {
    std::ifstream in(path);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  }

  ListenAddress ovoc_address_;
  ListenAddress proxy_address_;
  netif::UniqueFd ovoc_;
  std::string out_;
  std::unique_ptr<tunnel::EventLoop> loop_;
  tunnel::Logger log_{std::make_unique<tunnel::DescriptorSink>(STDERR_FILENO),
                      tunnel::LogLevel::kInfo};
  std::unique_ptr<RecordingProxy> proxy_;
};

TEST_F(RecordingProxyTest, ALoginIsPassedOnAndRecordedWithoutCredentials) {
  Start(Options());
  RefusedLogin(out_);
  const std::string text = Contents(out_);
  const absl::StatusOr<Recording> recording = ParseRecording(text);
  ASSERT_TRUE(recording.ok()) << recording.status() << "\n" << text;
  EXPECT_EQ(recording->notes.back(), kRedactionNote);
  EXPECT_FALSE(absl::StrContains(text, absl::BytesToHexString("c2VjcmV0")));
  const std::vector<uint8_t> answer = recording->BytesOf(Side::kServer);
  EXPECT_EQ(std::string(answer.begin(), answer.end()), kAnswer);
  EXPECT_EQ(recording->events.back().side, Side::kServer);
  EXPECT_EQ(recording->events.back().kind, EventKind::kEof);
}

TEST_F(RecordingProxyTest, EventsAreInTheFileWhileTheConnectionGoesOn) {
  Start(Options());
  const netif::UniqueFd device = Connect();
  const netif::UniqueFd ovoc = AcceptOvoc();
  Say(device.get(), kRequest);
  Hear(ovoc.get(), kRequest.size());
  EXPECT_TRUE(ParseRecording(Contents(out_)).ok()) << Contents(out_);
  proxy_.reset();
  EXPECT_TRUE(ParseRecording(Contents(out_)).ok()) << Contents(out_);
}

TEST_F(RecordingProxyTest, LaterConnectionsHaveFilesOfTheirOwn) {
  RecordingProxy::Options options = Options();
  options.connections = 2;
  Start(std::move(options));
  RefusedLogin(out_);
  EXPECT_FALSE(proxy_->done());
  const std::string first = Contents(out_);
  RefusedLogin(NumberedPath(out_, 2));
  EXPECT_EQ(Contents(out_), first);
  const std::string second = NumberedPath(out_, 2);
  EXPECT_TRUE(ParseRecording(Contents(second)).ok()) << Contents(second);
  RunUntil([this] { return proxy_->done(); });
}

TEST_F(RecordingProxyTest, TwoDevicesAtOnceDoNotMix) {
  Start(Options());
  const netif::UniqueFd one = Connect();
  const netif::UniqueFd ovoc_one = AcceptOvoc();
  const netif::UniqueFd two = Connect();
  const netif::UniqueFd ovoc_two = AcceptOvoc();
  Say(two.get(), "2");
  Say(one.get(), "1");
  EXPECT_EQ(Hear(ovoc_one.get(), 1), "1");
  EXPECT_EQ(Hear(ovoc_two.get(), 1), "2");
  EXPECT_TRUE(absl::EndsWith(Contents(out_), " 31\n")) << Contents(out_);
  EXPECT_TRUE(absl::EndsWith(Contents(NumberedPath(out_, 2)), " 32\n"));
}

TEST_F(RecordingProxyTest, AHeadingThatIsNoneIsRefusedAtTheStart) {
  RecordingProxy::Options options = Options();
  options.heading.scenario = "two\nlines";
  EXPECT_FALSE(RecordingProxy::Create(std::move(options),
                                      Listen(&proxy_address_), loop_.get(),
                                      &log_)
                   .ok());
}

TEST_F(RecordingProxyTest, AFileThatIsThereIsLeftAlone) {
  std::ofstream(out_) << "precious";
  Start(Options());
  const netif::UniqueFd device = Connect();
  const netif::UniqueFd ovoc = AcceptOvoc();
  EXPECT_EQ(Hear(device.get(), 1), "") << "closed: nothing can be recorded";
  EXPECT_EQ(Contents(out_), "precious");
}

}  // namespace
}  // namespace ovoc::conformance
