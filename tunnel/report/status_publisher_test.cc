// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/status_publisher.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/secret.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/command_line/version.h"
#include "tunnel/report/reporter.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/transport/testing/test_identity.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {
namespace {

netif::Ipv4Prefix Overlay() {
  return *netif::Ipv4Prefix::Parse("169.254.0.2/18");
}

// The service manager's end: a datagram socket with an abstract name.
class Manager {
 public:
  Manager()
      : name_(absl::StrCat("@ovoc-publisher-test-", getpid())),
        fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path, name_.size());
    address.sun_path[0] = '\0';
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                          name_.size())),
              0);
  }
  const std::string& name() const { return name_; }

  // Every datagram since the last call, a blank between them.
  std::string TakeAll() const {
    std::string all;
    std::array<char, 512> buffer;
    ssize_t size = 0;
    while ((size = recv(fd_.get(), buffer.data(), buffer.size(), 0)) > 0) {
      all.append(buffer.data(), static_cast<size_t>(size)).append(" ");
    }
    return all;
  }

 private:
  const std::string name_;
  const netif::UniqueFd fd_;
};

Progress At(TunnelState state) {
  Progress progress;
  progress.state = state;
  return progress;
}

Progress Up() {
  Progress progress = At(TunnelState::kUp);
  progress.server_address = "192.0.2.1:443";
  progress.overlay = Overlay();
  return progress;
}

// A progress whose first number, packets_in, is `packets`.
Progress Counted(uint64_t packets, uint64_t refused_writes) {
  Progress progress = Up();
  progress.totals[0] = packets;
  progress.device_refused_writes = refused_writes;
  return progress;
}

class StatusPublisherTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/publisher_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/status.json";
    UseManager("");
    config_.settings.servers = {{"ovoc.example"}};
    config_.settings.interface = "ovoc0";
  }
  void TearDown() override {
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }

  void UseManager(const std::string& watchdog_usec) {
    SdNotifyOptions options;
    options.socket = manager_.name();
    options.watchdog_usec = watchdog_usec;
    auto notify = SdNotify::Create(options);
    ASSERT_TRUE(notify.ok()) << notify.status();
    notify_.emplace(*std::move(notify));
    publisher_.emplace(&logger_, &*notify_, StatusFile(path_), clocks_);
  }

  std::string StatusText() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }

  void ExpectLine(const std::string& line) {
    EXPECT_EQ(std::exchange(log_, {}), std::vector<std::string>{line});
  }
  void ExpectStatus(absl::string_view part) {
    EXPECT_TRUE(absl::StrContains(StatusText(), part)) << StatusText();
  }
  void ExpectTold(absl::string_view part) {
    const std::string told = manager_.TakeAll();
    EXPECT_TRUE(absl::StrContains(told, part)) << told;
  }

  std::string folder_;
  std::string path_;
  Manager manager_;
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  std::optional<SdNotify> notify_;
  // Whenever somebody looks, a second has passed: no news has to wait.
  absl::Time monotonic_ = absl::UnixEpoch();
  StatusClocks clocks_ = {absl::Now,
                          [this] { return monotonic_ += absl::Seconds(1); }};
  std::optional<StatusPublisher> publisher_;
  TunnelConfig config_;
};

TEST_F(StatusPublisherTest, NamesTheProxyWithoutItsLogin) {
  publisher_->Started(config_);
  ExpectStatus("\"proxy\":null");
  config_.settings.proxy = ParseProxyUrl("http://u:Joshua-5@proxy:3128").url;
  publisher_->Reloaded(config_, {{"WSTunProxy"}, Takeover::kNewWorker});
  ExpectStatus("\"proxy\":\"proxy:3128\"");
}

TEST_F(StatusPublisherTest, NamesTheServerThatTheWorkerIsAt) {
  config_.settings.servers = {{"one.example"}, {"two.example"}};
  publisher_->Started(config_);
  ExpectStatus("\"server\":\"one.example\"");
  ExpectStatus("\"servers\":[\"one.example\",\"two.example\"]");
  EXPECT_EQ(CountLines(log_, "server=one.example,two.example"), 1);
  Progress progress = Up();
  progress.server = 1;
  publisher_->OnProgress(progress);
  ExpectStatus("\"server\":\"two.example\"");
  progress.server = 2;  // a worker may say anything
  publisher_->OnProgress(progress);
  ExpectStatus("\"server\":null");
}

TEST_F(StatusPublisherTest, NamesTheStartAndEverythingInsecure) {
  config_.insecure = {{"WSTunSecured", "0"}, {"WSTunVerifyPeer", "0"}};
  config_.warnings = {"f.ini: others can read the password"};
  config_.sockets.vrf = "main-vrf";
  publisher_->Started(config_);
  EXPECT_EQ(log_, (std::vector<std::string>{
                      absl::StrCat("info event=start version=", kVersion,
                                   " policy=compat server=ovoc.example "
                                   "interface=ovoc0 vrf=main-vrf"),
                      "warning event=insecure setting=WSTunSecured value=0",
                      "warning event=insecure setting=WSTunVerifyPeer value=0",
                      "warning event=settings_warning "
                      "detail=\"f.ini: others can read the password\""}));
  ExpectStatus("\"insecure\":[\"WSTunSecured=0\",\"WSTunVerifyPeer=0\"]");
  ExpectStatus("\"server\":\"ovoc.example\"");
  ExpectStatus("\"interface\":\"ovoc0\"");
  ExpectStatus(absl::StrCat("\"version\":\"", kVersion, "\""));
  ExpectStatus("\"policy\":\"compat\"");
}

TEST_F(StatusPublisherTest, DescribesTheClientsOwnCertificateAndForgetsIt) {
  publisher_->Started(config_);
  ExpectStatus("\"client_certificate\":null");
  const TestIdentity root = TestIdentity::Root("Device CA");
  const TestIdentity own = root.Issue("DNS:sbc.example");
  TlsClient::Options options;
  options.certificate_pem = own.certificate_pem() + root.certificate_pem();
  options.private_key_pem = auth::Secret::FromString(own.private_key_pem());
  auto verifier =
      auth::CertificateVerifier::Create(auth::TrustStore::Empty(), {});
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  auto tls = TlsClient::Create(std::move(options), *std::move(verifier),
                               [] { return absl::Now(); });
  ASSERT_TRUE(tls.ok()) << tls.status();
  config_.tls = *std::move(tls);
  publisher_->Reloaded(config_, {{"TLSCertificate"}, Takeover::kNewWorker});
  ExpectStatus("\"issuer\":\"CN=Device CA\",\"names\":[\"sbc.example\"]");
  ExpectStatus("\"not_after\":\"2036-01-01T00:00:00.000Z\"");
  config_.tls.reset();
  publisher_->Reloaded(config_, {{"TLSCertificate"}, Takeover::kNewWorker});
  ExpectStatus("\"client_certificate\":null");
}

TEST_F(StatusPublisherTest, NamesThePolicyOfACertifiedBuild) {
  config_.policy = Policy::kCertified;
  publisher_->Started(config_);
  ExpectStatus("\"policy\":\"certified\"");
  EXPECT_EQ(CountLines(log_, "policy=certified"), 1);
}

TEST_F(StatusPublisherTest, WritesOverTheStatusOfAProcessThatWasKilled) {
  std::ofstream(path_) << "{\"state\":\"up\"}\n";
  publisher_->Started(config_);
  ExpectStatus("\"state\":\"stopped\"");
  ExpectStatus("\"server\":\"ovoc.example\"");
}

TEST_F(StatusPublisherTest, ShowsHowFarTheWorkerIs) {
  for (const TunnelState state :
       {TunnelState::kResolving, TunnelState::kConnecting,
        TunnelState::kHandshaking, TunnelState::kLoggingIn}) {
    publisher_->OnProgress(At(state));
    const absl::string_view name = TunnelStateName(state);
    ExpectStatus(absl::StrCat("\"state\":\"", name, "\""));
  }
  ExpectStatus("\"overlay_address\":null");
  ExpectStatus("\"certificate_checked_at\":null");
  EXPECT_TRUE(log_.empty()) << "the worker's lines are its own";
}

TEST_F(StatusPublisherTest, TellsTheServiceManagerTheStateInPlainWords) {
  publisher_->Started(config_);
  struct Case {
    TunnelState state;
    const char* text;
  };
  const Case kCases[] = {
      {TunnelState::kResolving, "looking up the address of ovoc.example"},
      {TunnelState::kConnecting, "connecting to 192.0.2.1:443"},
      {TunnelState::kHandshaking,
       "connected to 192.0.2.1:443, negotiating TLS"},
      {TunnelState::kLoggingIn, "logging in to 192.0.2.1:443"},
      {TunnelState::kUp,
       "the tunnel is up, with the overlay address 169.254.0.2/18"},
      {TunnelState::kWaiting,
       "the tunnel is down: the server closed the tunnel; waiting for the next "
       "attempt"},
  };
  for (const Case& c : kCases) {
    Progress progress = Up();
    progress.state = c.state;
    if (c.state == TunnelState::kWaiting) {
      progress.reason = EndReason::kClosedByPeer;
    }
    publisher_->OnProgress(progress);
    EXPECT_EQ(manager_.TakeAll(), absl::StrCat("STATUS=", c.text, "\n "));
  }
}

TEST_F(StatusPublisherTest, ShowsAllThatIsKnownOfATunnel) {
  Progress progress = Up();
  progress.certificate_checked_at = absl::FromUnixSeconds(1767225600);
  publisher_->OnProgress(progress);
  ExpectStatus("\"state\":\"up\",\"reason\":null,\"detail\":null,");
  ExpectStatus("\"server_address\":\"192.0.2.1:443\"");
  ExpectStatus("\"overlay_address\":\"169.254.0.2/18\"");
  ExpectStatus("\"certificate_checked_at\":\"2026-01-01T00:00:00.000Z\"");
}

TEST_F(StatusPublisherTest, ListsAndAnnouncesWhatMakesTheMachineInsecure) {
  publisher_->MachineIs({"net.ipv4.conf.eth0.rp_filter=0"});
  publisher_->MachineIs({"net.ipv4.conf.eth0.rp_filter=0"});
  ExpectStatus("\"net.ipv4.conf.eth0.rp_filter=0\"]");
  EXPECT_EQ(CountLines(log_,
                       "warning event=insecure "
                       "setting=net.ipv4.conf.eth0.rp_filter value=0"),
            1);
  publisher_->MachineIs({"net.ipv4.conf.eth0.rp_filter=2"});
  EXPECT_EQ(CountLines(log_,
                       "info event=insecure_over "
                       "setting=net.ipv4.conf.eth0.rp_filter value=0 "
                       "reason=\"the value has changed, or the interface is "
                       "down or gone\""),
            1);
  EXPECT_EQ(CountLines(log_,
                       "event=insecure "
                       "setting=net.ipv4.conf.eth0.rp_filter value=2"),
            1);
  publisher_->MachineIs({});
  EXPECT_EQ(StatusText().find("rp_filter"), std::string::npos);
}

TEST_F(StatusPublisherTest, ATunnelWithoutAnInterfaceIsNotShownAsUp) {
  publisher_->InterfaceTrouble("ovoc0 is down");
  publisher_->InterfaceTrouble("");
  publisher_->OnProgress(Up());
  ExpectStatus("\"state\":\"up\"");
  publisher_->InterfaceTrouble("ovoc0 is down");
  ExpectStatus(
      "\"state\":\"waiting\",\"reason\":\"interface\",\"detail\":\"ovoc0 is "
      "down\",\"remedy\":\"see what else changes the interface ");
  publisher_->OnProgress(Up());  // the worker knows nothing of it
  ExpectStatus("\"state\":\"waiting\"");
  publisher_->InterfaceTrouble("");
  ExpectStatus(
      "\"state\":\"up\",\"reason\":null,\"detail\":null,"
      "\"remedy\":null,");
}

// The worker tells the cause, and the keeper has the words.
TEST_F(StatusPublisherTest, HasTheRemedyForTheCauseWithTheSettingsInUse) {
  config_.settings.server_path = "wrong";
  publisher_->Started(config_);
  Progress progress = At(TunnelState::kWaiting);
  progress.reason = EndReason::kHttpStatus;
  progress.cause = EndCause::kNotFound;
  publisher_->OnProgress(progress);
  ExpectStatus("\"remedy\":\"there is no tunnel at /wrong (WSTunServerPath)");
  publisher_->OnProgress(Up());
  ExpectStatus("\"remedy\":null");
}

TEST_F(StatusPublisherTest, TakesTheStepsOfAReporter) {
  Reporter reporter(&logger_, &*publisher_);
  reporter.Resolving("ovoc.example");
  ExpectStatus("\"state\":\"resolving\"");
  ExpectTold("STATUS=looking up");
  reporter.Up(Overlay(), "ovoc0");
  ExpectStatus("\"overlay_address\":\"169.254.0.2/18\"");
  ExpectTold("STATUS=the tunnel is up");
  reporter.Down({EndReason::kDeadPeer, absl::UnavailableError("60s")}, true,
                "check the uplink");
  reporter.Waiting(EndReason::kDeadPeer, absl::Milliseconds(1234));
  ExpectStatus("\"state\":\"waiting\",\"reason\":\"dead_peer\"");
  ExpectStatus("\"detail\":\"60s\"");
  ExpectStatus("\"overlay_address\":null");
  ExpectTold("the server stopped answering");
}

TEST_F(StatusPublisherTest, IsReadyWhenTheClientRunsWhateverTheServerDoes) {
  publisher_->Started(config_);
  EXPECT_EQ(manager_.TakeAll(), "");
  publisher_->Running();
  EXPECT_EQ(manager_.TakeAll(), "READY=1\nSTATUS=starting\n ");
  publisher_->OnProgress(At(TunnelState::kResolving));
  EXPECT_FALSE(absl::StrContains(manager_.TakeAll(), "READY=1"));
  publisher_->OnProgress(Up());
  const std::string told = manager_.TakeAll();
  EXPECT_FALSE(absl::StrContains(told, "READY=1")) << told;
  EXPECT_TRUE(absl::StrContains(told, "169.254.0.2/18")) << told;
  publisher_->OnProgress(Up());
  EXPECT_EQ(manager_.TakeAll(), "") << "nothing new";
  publisher_->Running();
  EXPECT_EQ(manager_.TakeAll(), "") << "another worker";
}

TEST_F(StatusPublisherTest, AReloadMakesNobodyReadyWhoWasNotBefore) {
  publisher_->Reloading();
  publisher_->Reloaded(config_, SettingsChange());
  publisher_->ReloadRefused("f.ini:1: it is wrong");
  EXPECT_EQ(manager_.TakeAll(), "");
}

TEST_F(StatusPublisherTest, TellsAReloadWithItsResult) {
  publisher_->Running();
  publisher_->OnProgress(Up());
  manager_.TakeAll();
  publisher_->Reloading();
  ExpectTold("RELOADING=1");
  publisher_->ReloadRefused("f.ini:1: it is wrong");
  ExpectStatus("\"reload_refused\":\"f.ini:1: it is wrong\"");
  ExpectStatus("\"state\":\"up\"");
  ExpectLine(
      "error event=reload result=refused detail=\"f.ini:1: it is wrong\"");
  ExpectTold(
      "READY=1\nSTATUS=the tunnel is up, with the overlay address "
      "169.254.0.2/18; the new settings were refused, so the earlier ones "
      "stay\n");
  config_.settings.servers = {{"other.example"}};
  config_.insecure = {{"WSTunVerifyPeer", "0"}};
  publisher_->Reloaded(
      config_, {{"WSTunServer", "WSTunVerifyPeer"}, Takeover::kNewWorker});
  EXPECT_EQ(std::exchange(log_, {}),
            (std::vector<std::string>{
                "info event=reload result=ok tunnel=new "
                "changed=WSTunServer,WSTunVerifyPeer",
                "warning event=insecure setting=WSTunVerifyPeer value=0"}));
  ExpectTold("READY=1");
  ExpectStatus("\"reload_refused\":null");
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectStatus("\"server\":\"other.example\"");
  ExpectStatus("\"insecure\":[\"WSTunVerifyPeer=0\"]");
}

TEST_F(StatusPublisherTest, LogsEachErrorOfARefusedReload) {
  publisher_->ReloadRefused("one\ntwo");
  EXPECT_EQ(
      std::exchange(log_, {}),
      (std::vector<std::string>{"error event=reload result=refused "
                                "detail=\"one (and 1 other error)\"",
                                "error event=settings_error detail=one",
                                "error event=settings_error detail=two"}));
  ExpectStatus("\"reload_refused\":\"one (and 1 other error)\"");
  std::string many = "x";
  for (int i = 0; i < 1000; ++i) {
    many.append("\nx");
  }
  publisher_->ReloadRefused(many);
  EXPECT_EQ(log_.size(), 22u) << "as many as a file's errors are told of";
}

TEST_F(StatusPublisherTest, NeverSaysUpBetweenTwoTunnels) {
  publisher_->Running();
  publisher_->OnProgress(Up());
  manager_.TakeAll();
  publisher_->WorkerEnded();  // it had no room for its last word
  publisher_->Reloaded(config_, {{"WSTunServer"}, Takeover::kNewWorker});
  ExpectTold(
      "READY=1\nSTATUS=the tunnel is down: the client closed it; waiting for "
      "the next attempt\n");
  ExpectStatus("\"state\":\"waiting\",\"reason\":\"closed\"");
  publisher_->Renew();
  ExpectStatus("\"state\":\"waiting\"");
}

TEST_F(StatusPublisherTest, TellsAReloadThatKeepsTheTunnel) {
  publisher_->Running();
  publisher_->OnProgress(Up());
  manager_.TakeAll();
  publisher_->Reloaded(config_, SettingsChange());
  ExpectLine("info event=reload result=ok tunnel=kept changed=nothing");
  ExpectTold("READY=1\nSTATUS=the tunnel is up");
  publisher_->Reloaded(config_, {{"WSTunPassword", "DNSPriServerIP"},
                                 Takeover::kNextLogin,
                                 {"DNSPriServerIP"},
                                 {"WSTunPassword"}});
  ExpectLine(
      "info event=reload result=ok tunnel=kept "
      "changed=WSTunPassword,DNSPriServerIP at_next_login=WSTunPassword "
      "at_next_lookup=DNSPriServerIP");
  ExpectTold("the new user name or password is used at the next login");
  publisher_->Reloaded(config_, {{"WSTunServer", "WSTunPassword"},
                                 Takeover::kNewWorker,
                                 {},
                                 {"WSTunPassword"}});
  ExpectLine(
      "info event=reload result=ok tunnel=new "
      "changed=WSTunServer,WSTunPassword");
}

TEST_F(StatusPublisherTest, TellsTheStop) {
  publisher_->Stopping("SIGTERM");
  ExpectLine("info event=stop reason=SIGTERM");
  ExpectTold(
      "STOPPING=1\nSTATUS=closing the tunnel: received SIGTERM\n"
      "EXTEND_TIMEOUT_USEC=10000000\n");
  publisher_->OnProgress(Up());
  ExpectTold("STATUS=closing the tunnel: received SIGTERM\n");
  publisher_->Stopped();
  ExpectTold("STATUS=stopped: received SIGTERM\n");
  ExpectStatus("\"state\":\"stopped\"");
  ExpectStatus("\"overlay_address\":null");
}

TEST_F(StatusPublisherTest, EveryEndHasItsReasonInLogAndStatus) {
  publisher_->OnProgress(Up());
  ExpectStatus("\"exit_code\":null");
  publisher_->Ended(ExitCode::kSandbox, "the worker cannot confine itself");
  ExpectLine(
      "error event=exit code=11 reason=sandbox "
      "detail=\"the worker cannot confine itself\"");
  ExpectStatus(
      "\"state\":\"stopped\",\"reason\":\"sandbox\","
      "\"detail\":\"the worker cannot confine itself\"");
  ExpectStatus("\"overlay_address\":null");
  ExpectStatus("\"exit_code\":11");
}

TEST_F(StatusPublisherTest, AStartThatFailsSaysWhichBuildItIs) {
  publisher_->BuiltWith(Policy::kCertified);
  publisher_->Ended(ExitCode::kSettings, "f.ini: it is wrong");
  ExpectStatus("\"policy\":\"certified\"");
}

TEST_F(StatusPublisherTest, AStartThatFailsReplacesTheStatusOfTheOneBefore) {
  std::ofstream(path_) << "{\"state\":\"up\"}\n";
  publisher_->Ended(ExitCode::kSettings, "f.ini:1: WSTunServer: it is missing");
  ExpectStatus(
      "\"state\":\"stopped\",\"reason\":\"settings\","
      "\"detail\":\"f.ini:1: WSTunServer: it is missing\"");
  ExpectStatus("\"exit_code\":3");
}

TEST_F(StatusPublisherTest, AnOrderlyEndIsNoError) {
  Progress waiting = At(TunnelState::kWaiting);
  waiting.reason = EndReason::kDeadPeer;
  publisher_->OnProgress(waiting);
  publisher_->Stopping("SIGTERM");
  log_.clear();
  publisher_->Ended(ExitCode::kDone, "");
  ExpectLine("info event=exit code=0 reason=done detail=\"received SIGTERM\"");
  ExpectStatus("\"reason\":\"done\",\"detail\":\"received SIGTERM\"");
  ExpectStatus("\"exit_code\":0");
}

TEST_F(StatusPublisherTest, AReaderCanTellWhetherTheFileStillHolds) {
  publisher_->OnProgress(Up());
  const auto updated = [this] {
    const std::string text = StatusText();
    const size_t at = text.find("\"updated\":\"");
    EXPECT_NE(at, std::string::npos) << text;
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text.substr(at + 11, 24),
                                &time, nullptr))
        << text;
    return time;
  };
  const absl::Time before = updated();
  EXPECT_LT(absl::Now() - before, absl::Seconds(60));
  ExpectStatus(absl::StrCat("\"update_period_s\":5,\"pid\":", getpid(), ","));
  absl::SleepFor(absl::Milliseconds(5));
  publisher_->Renew();
  EXPECT_GT(updated(), before) << "without any other news";
}

TEST_F(StatusPublisherTest, WritesAChangeOfTheStateAtOnceAndCountersASecondOn) {
  absl::Time now = absl::UnixEpoch() + absl::Hours(1);
  clocks_.monotonic = [&now] { return now; };
  publisher_.emplace(&logger_, &*notify_, StatusFile(path_), clocks_);
  EXPECT_EQ(publisher_->NextWrite(), absl::InfiniteFuture());
  publisher_->OnProgress(At(TunnelState::kConnecting));
  publisher_->OnProgress(Counted(1, 0));  // up, within the same instant
  ExpectStatus("\"state\":\"up\"");
  ExpectStatus("\"packets_in\":1,");
  now += absl::Milliseconds(100);
  publisher_->OnProgress(Counted(2, 0));
  publisher_->OnTime();
  ExpectStatus("\"packets_in\":1,");
  EXPECT_EQ(publisher_->NextWrite(), now + absl::Milliseconds(900));
  now += absl::Milliseconds(900);
  publisher_->OnTime();
  ExpectStatus("\"packets_in\":2,");
  EXPECT_EQ(publisher_->NextWrite(), absl::InfiniteFuture());
  now += absl::Milliseconds(1);
  publisher_->WorkerEnded();
  publisher_->WorkerMissing("worker_died", "x", absl::Seconds(1));
  ExpectStatus("\"reason\":\"worker_died\"");
}

TEST_F(StatusPublisherTest, ShowsTheLastLinesOfTheLog) {
  logger_.KeepHistory();
  publisher_->Started(config_);
  ExpectStatus("\"event\":\"start\"");
  logger_.Relay(LogLevel::kInfo, "event=resolved name=a");
  publisher_->OnTime();
  ExpectStatus("\"event\":\"resolved\",\"text\":\"from=worker name=a\"}");
  publisher_->Ended(ExitCode::kSettings, "f.ini: it is wrong");
  ExpectStatus("\"event\":\"exit\"");
}

TEST_F(StatusPublisherTest, CountsWhatTheLogLost) {
  publisher_->OnWorkerLineDropped();
  publisher_->OnWorkerLineDropped();
  publisher_->OnProgress(Up());
  ExpectStatus("\"worker_log_lines_dropped\":2");
  ExpectStatus("},\"log_lines_dropped\":2,\"events\"");
  ExpectStatus("\"log_lines_dropped\":0,");
}

TEST_F(StatusPublisherTest, KeepsTheCountersOfWorkersThatAreOver) {
  publisher_->OnProgress(Counted(3, 1));
  publisher_->OnProgress(Counted(5, 2));
  ExpectStatus("\"packets_in\":5,");
  ExpectStatus("\"device_refused_writes\":2,");
  publisher_->WorkerEnded();
  publisher_->OnProgress(Counted(0, 0));
  ExpectStatus("\"packets_in\":5,");
  publisher_->OnProgress(Counted(4, 7));
  ExpectStatus("\"packets_in\":9,");
  ExpectStatus("\"device_refused_writes\":9,");
  publisher_->WorkerEnded();
  publisher_->WorkerEnded();  // one that never said anything
  publisher_->OnProgress(Counted(1, 0));
  ExpectStatus("\"packets_in\":10,");
  ExpectStatus("\"device_refused_writes\":9,");
}

TEST_F(StatusPublisherTest, ShowsThatAWorkerDied) {
  publisher_->OnProgress(Up());
  manager_.TakeAll();
  publisher_->WorkerEnded();
  publisher_->WorkerMissing("worker_died", "signal 11 (Segmentation fault)",
                            absl::Seconds(3));
  ExpectStatus(
      "\"state\":\"waiting\",\"reason\":\"worker_died\","
      "\"detail\":\"signal 11 (Segmentation fault)\"");
  ExpectStatus("\"overlay_address\":null");
  ExpectTold(
      "STATUS=the tunnel is down: the worker ended, and another one will be "
      "started; waiting");
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectStatus("\"state\":\"resolving\",\"reason\":null,\"detail\":null");
}

// A wall clock that stands at 2026-11-23 02:00:00 UTC.
TEST_F(StatusPublisherTest, ShowsWhenTheNextAttemptBegins) {
  const absl::Time now = absl::FromUnixSeconds(1795399200);
  clocks_.wall = [now] { return now; };
  publisher_.emplace(&logger_, &*notify_, StatusFile(path_), clocks_);
  publisher_->OnProgress(Up());
  ExpectStatus("\"next_attempt\":null");
  Progress waiting = At(TunnelState::kWaiting);
  waiting.reason = EndReason::kDeadPeer;
  waiting.next_attempt = now + absl::Seconds(7);
  publisher_->OnProgress(waiting);
  ExpectStatus("\"next_attempt\":\"2026-11-23T02:00:07.000Z\"");
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectStatus("\"next_attempt\":null");
  publisher_->WorkerEnded();
  publisher_->WorkerMissing("worker_died", "x", absl::Milliseconds(1500));
  ExpectStatus("\"next_attempt\":\"2026-11-23T02:00:01.500Z\"");
  publisher_->Ended(ExitCode::kDone, "");
  ExpectStatus("\"next_attempt\":null");
}

TEST_F(StatusPublisherTest, CountsTheEndsByTheirReason) {
  publisher_->OnProgress(Up());
  ExpectStatus("\"ends\":{}");
  Progress waiting = At(TunnelState::kWaiting);
  waiting.reason = EndReason::kDeadPeer;
  waiting.ends[static_cast<size_t>(EndReason::kDeadPeer)] = 2;
  publisher_->OnProgress(waiting);
  ExpectStatus("\"ends\":{\"dead_peer\":2}");
  publisher_->WorkerEnded();
  publisher_->WorkerMissing("worker_died", "x", absl::Seconds(1));
  ExpectStatus("\"ends\":{\"dead_peer\":2,\"worker_died\":1}");
  publisher_->WorkerMissing("worker_failed", "x", absl::Seconds(1));
  ExpectStatus("\"ends\":{\"dead_peer\":2,\"worker_died\":1}");
}

TEST_F(StatusPublisherTest, ShowsTheServerUntilThereMayBeAnother) {
  ServerIdentity server;
  server.version = "TLSv1.3";
  server.certificate.subject = "CN=ovoc.example";
  publisher_->OnProgress(At(TunnelState::kHandshaking));
  ExpectStatus("\"tls\":null,\"certificate\":null");
  publisher_->OnSecured(server);
  publisher_->OnProgress(At(TunnelState::kLoggingIn));
  ExpectStatus("\"tls\":{\"version\":\"TLSv1.3\"");
  ExpectStatus("\"certificate\":{\"subject\":\"CN=ovoc.example\"");
  publisher_->OnProgress(At(TunnelState::kWaiting));
  publisher_->WorkerEnded();
  publisher_->Reloaded(config_, SettingsChange());
  ExpectStatus("\"tls\":{");
  publisher_->Reloaded(config_, {{"WSTunServer"}, Takeover::kNewWorker});
  ExpectStatus("\"tls\":null,\"certificate\":null");
}

TEST_F(StatusPublisherTest, ShowsTheRoundTripWhileThereIsATunnel) {
  Progress progress = Up();
  progress.round_trip = {absl::Milliseconds(30), absl::Milliseconds(20),
                         absl::Microseconds(25125)};
  publisher_->OnProgress(progress);
  ExpectStatus(
      "\"round_trip\":{\"last_ms\":30.000,\"minimum_ms\":20.000,"
      "\"smoothed_ms\":25.125}");
  publisher_->WorkerEnded();
  publisher_->WorkerMissing("worker_died", "x", absl::Seconds(1));
  ExpectStatus("\"round_trip\":null");
}

TEST_F(StatusPublisherTest, ShowsThatNoWorkerCanBeStarted) {
  publisher_->WorkerMissing("worker_failed", "fork: no memory",
                            absl::Seconds(3));
  ExpectStatus(
      "\"state\":\"waiting\",\"reason\":\"worker_failed\","
      "\"detail\":\"fork: no memory\"");
  EXPECT_TRUE(
      absl::StrContains(manager_.TakeAll(),
                        "no worker can be started; the client will try again"));
}

TEST_F(StatusPublisherTest, PassesEachSignOfLifeOnButNotMoreThanFourAPeriod) {
  UseManager("1000000000");  // 1000 s
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectTold("WATCHDOG=1");
  publisher_->OnProgress(At(TunnelState::kConnecting));
  EXPECT_FALSE(absl::StrContains(manager_.TakeAll(), "WATCHDOG=1"));
  UseManager("1");  // every step is late
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectTold("WATCHDOG=1");
  publisher_->OnProgress(At(TunnelState::kResolving));
  ExpectTold("WATCHDOG=1");
}

TEST_F(StatusPublisherTest, IsAliveWithoutAWorkerToo) {
  UseManager("1");
  publisher_->WorkerMissing("worker_died", "signal 9 (Killed)",
                            absl::Seconds(3));
  manager_.TakeAll();
  publisher_->Resting();
  EXPECT_EQ(manager_.TakeAll(), "WATCHDOG=1\n ");
}

TEST_F(StatusPublisherTest, SaysReadyAgainWhenTheManagerHadNoRoom) {
  while (notify_->SetStatus("noise").ok()) {
  }
  publisher_->Running();
  publisher_->OnProgress(Up());
  EXPECT_FALSE(absl::StrContains(manager_.TakeAll(), "READY=1"));
  publisher_->OnProgress(Up());
  ExpectTold("READY=1");
  publisher_->OnProgress(Up());
  EXPECT_EQ(manager_.TakeAll(), "") << "once";
  publisher_->Stopping("interface_lost");
  publisher_->Stopped();
  ExpectTold("STATUS=stopped: the interface is gone\n");
}

TEST_F(StatusPublisherTest,
       SaysOnceThatAStatusFileCannotBeWrittenAndOnceThatItCan) {
  publisher_.emplace(&logger_, &*notify_,
                     StatusFile(folder_ + "/missing/status.json"), clocks_);
  publisher_->OnProgress(Up());
  publisher_->OnProgress(Up());
  EXPECT_EQ(CountLines(log_,
                       "error event=status_file_failed "
                       "detail=\"--status_file: open " +
                           folder_ +
                           "/missing/status.json.tmp: No such file or "
                           "directory; use a folder that is there and in which "
                           "the client's user may make files\""),
            1);
  ASSERT_EQ(mkdir((folder_ + "/missing").c_str(), 0700), 0);
  publisher_->OnProgress(Up());
  publisher_->OnProgress(Up());
  EXPECT_EQ(CountLines(log_, "info event=status_file_works"), 1) << "once";
  unlink((folder_ + "/missing/status.json").c_str());
  rmdir((folder_ + "/missing").c_str());
}

TEST_F(StatusPublisherTest, KeepsNoStatusFileUnlessAsked) {
  publisher_.emplace(&logger_, &*notify_, std::nullopt);
  publisher_->Stopped();
  EXPECT_EQ(StatusText(), "");
  EXPECT_TRUE(log_.empty());
}

TEST_F(StatusPublisherTest, AHostileWorkersTextsStayTexts) {
  Progress progress = At(TunnelState::kWaiting);
  progress.reason = EndReason::kDeadPeer;
  progress.detail = "x\",\"state\":\"up\nREADY=1";
  progress.server_address = "\x1b[2J";
  publisher_->OnProgress(progress);
  ExpectStatus("\"detail\":\"x\\\",\\\"state\\\":\\\"up\\u000aREADY=1\"");
  ExpectStatus("\"server_address\":\"\\u001b[2J\"");
  EXPECT_FALSE(absl::StrContains(manager_.TakeAll(), "READY=1"));
}

}  // namespace
}  // namespace ovoc::tunnel
