// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_run.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "conformance/websocket/echo_test_server.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {
namespace {

using Connection = EchoTestServer::Connection;
using Script = EchoTestServer::Script;

constexpr absl::string_view kClose1000("\x88\x02\x03\xE8", 4);

Script Sends(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& client) {
    client.Send(bytes);
    client.Send(kClose1000);
    client.EndSending();
    client.ReadToEnd();
  };
}

class EchoRunTest : public testing::Test {
 protected:
  absl::Status Run(uint16_t port) {
    const auto loop = tunnel::EventLoop::Create();
    EXPECT_TRUE(loop.ok()) << loop.status();
    EchoRun::Options options;
    options.server.host = "127.0.0.1";
    options.server.host_header = "127.0.0.1";
    options.server.port = port;
    options.server.shown_port = port;
    options.agent = "an agent";
    options.target.addresses = {
        netif::IpAddress(netif::Ipv4Address::FromHostOrder(0x7F000001))};
    options.target.port = port;
    EchoRun run(
        loop->get(), std::move(options),
        [](absl::Span<uint8_t> out) {
          std::fill(out.begin(), out.end(), uint8_t{0});
        },
        &out_);
    return run.Run();
  }

  std::ostringstream out_;
};

TEST_F(EchoRunTest, RunsEveryCaseAndAsksForTheReports) {
  EchoTestServer server({Sends("\x81\x01"
                               "2"),
                         Sends("\x81\x02hi"), Sends(std::string("\xF1\x00", 2)),
                         Sends("")});
  const absl::Status status = Run(server.port());
  server.Join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(server.paths(),
            (std::vector<std::string>{"/getCaseCount",
                                      "/runCase?case=1&agent=an%20agent",
                                      "/runCase?case=2&agent=an%20agent",
                                      "/updateReports?agent=an%20agent"}));
  EXPECT_EQ(out_.str(),
            "2 cases\n"
            "case 1: closed by the server, code 1000\n"
            "case 2: failed by us: RSV bits set without a negotiated extension "
            "(RFC 6455 "
            "5.2), code 1002\n"
            "reports: closed by the server, code 1000\n");
}

TEST_F(EchoRunTest, NoCaseIsARunToo) {
  EchoTestServer server({Sends("\x81\x01"
                               "0"),
                         Sends("")});
  EXPECT_TRUE(Run(server.port()).ok());
}

TEST_F(EchoRunTest, EndsWithoutANumberOfCases) {
  EchoTestServer server({Sends("\x81\x04"
                               "301x"),
                         Sends(""),
                         Sends("\x82\x01"
                               "2")});
  EXPECT_FALSE(Run(server.port()).ok());
  const absl::Status none = Run(server.port());
  EXPECT_TRUE(
      absl::StrContains(none.message(), "/getCaseCount: closed by the server"))
      << none;
  EXPECT_FALSE(Run(server.port()).ok());
  EXPECT_EQ(out_.str(), "");
}

TEST_F(EchoRunTest, EndsWhenTheServerIsGone) {
  EchoTestServer server({Sends("\x81\x03"
                               "300"),
                         Sends("")});
  const absl::Status status = Run(server.port());
  EXPECT_TRUE(absl::StrContains(status.message(), "not connected")) << status;
  EXPECT_FALSE(absl::StrContains(out_.str(), "case 4"));
}

}  // namespace
}  // namespace ovoc::conformance
