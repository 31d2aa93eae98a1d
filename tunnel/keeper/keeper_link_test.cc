// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper_link.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/worker_end.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

constexpr Channel::Wait kNoWait = Channel::Wait::kNo;

// The link talks to a keeper whose answers are in the channel beforehand.
class KeeperLinkTest : public testing::Test {
 protected:
  KeeperLinkTest() {
    Channel::Pair pair = Channel::MakePair().value();
    keeper_.emplace(std::move(pair.keeper));
    link_ = KeeperLink::Create(
                loop_.get(), std::move(pair.worker),
                [this](absl::string_view why) {
                  ++stops_;
                  stop_why_ = std::string(why);
                },
                [this](const Tuning& tuning) {
                  spreads_.push_back(tuning.reconnect_spread);
                })
                .value();
  }

  void Answer(const KeeperMessage& message) {
    EXPECT_TRUE(keeper_->Send(message, kNoWait).ok());
  }
  // What the link has said next.
  template <typename Message>
  Message Said() {
    auto message = keeper_->ReceiveFromWorker(kNoWait);
    EXPECT_TRUE(message.ok()) << message.status();
    EXPECT_TRUE(message.ok() && std::holds_alternative<Message>(*message));
    return message.ok() && std::holds_alternative<Message>(*message)
               ? std::get<Message>(*std::move(message))
               : Message();
  }
  void ExpectSaidNothingMore() {
    EXPECT_TRUE(absl::IsNotFound(keeper_->ReceiveFromWorker(kNoWait).status()));
  }
  // One batch of what is there already.
  void RunReady() { ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok()); }

  // The exit code of a process that does this with the link; -1 when it goes
  // on. Its keeper's end is closed when the action begins.
  int ExitCodeOf(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
      keeper_.reset();
      action();
      _exit(99);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    return WEXITSTATUS(status) == 99 ? -1 : WEXITSTATUS(status);
  }

  // What a process that does this says at its end, which comes soon although
  // its keeper is there.
  std::string LastWordOf(const std::function<void(KeeperLink*)>& action) {
    Channel::Pair pair = Channel::MakePair().value();
    const pid_t child = fork();
    if (child == 0) {
      auto loop = EventLoop::Create().value();
      auto link = KeeperLink::Create(
          loop.get(), std::move(pair.worker), [](absl::string_view) {},
          [](const Tuning&) {}, absl::Milliseconds(50));
      action(link->get());
      _exit(99);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(EndedWith(status, ExitCode::kInternal)) << status;
    std::string word;
    for (auto message = pair.keeper.ReceiveFromWorker(kNoWait); message.ok();
         message = pair.keeper.ReceiveFromWorker(kNoWait)) {
      if (const auto* last = std::get_if<LastWord>(&*message)) {
        word = last->detail;
      }
    }
    return word;
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::Create().value();
  std::optional<Channel> keeper_;
  std::unique_ptr<KeeperLink> link_;
  std::vector<absl::Duration> spreads_;
  int stops_ = 0;
  std::string stop_why_;
};

TEST_F(KeeperLinkTest, TellsWithoutWaitingForAnAnswer) {
  link_->Ready({3, LockedMemory::kPresent});
  EXPECT_TRUE(link_->Log(LogLevel::kWarning, "event=x"));
  Progress progress;
  progress.state = TunnelState::kUp;
  progress.detail = "d";
  link_->OnProgress(progress);
  const auto ready = Said<WorkerReady>();
  EXPECT_EQ(ready.sandbox.landlock_abi, 3);
  EXPECT_EQ(ready.sandbox.locked, LockedMemory::kPresent);
  const auto record = Said<LogRecord>();
  EXPECT_EQ(record.level, LogLevel::kWarning);
  EXPECT_EQ(record.text, "event=x");
  const auto told = Said<Progress>();
  EXPECT_EQ(told.state, TunnelState::kUp);
  EXPECT_EQ(told.detail, "d");
  ExpectSaidNothingMore();
}

TEST_F(KeeperLinkTest, IsALogSink) {
  Logger logger(std::make_unique<LinkSink>(link_.get()), LogLevel::kInfo);
  logger.Log(LogLevel::kDebug, LogLine("quiet"));
  logger.Log(LogLevel::kError,
             LogLine("long").Add("detail", std::string(5000, '\n')));
  const auto record = Said<LogRecord>();
  EXPECT_EQ(record.level, LogLevel::kError);
  EXPECT_LE(record.text.size(), kMaxLogLineBytes);
  EXPECT_EQ(record.text.substr(record.text.size() - 6), " cut=1")
      << "the link itself cuts nothing";
  ExpectSaidNothingMore();
}

TEST_F(KeeperLinkTest, TakesOverWhatTheKeeperSeesAround) {
  TunnelConfig config;
  config.sockets.vrf = "old";
  config.server = 2;
  const std::vector<netif::IpAddress> servers = {
      *netif::IpAddress::Parse("192.0.2.53"),
      *netif::IpAddress::Parse("2001:db8::53")};
  const std::vector<netif::IpAddress> known = {
      *netif::IpAddress::ParseZoned("fe80::1%2")};
  Answer(Surroundings{servers, "main-vrf", known});
  link_->LookAround(&config);
  EXPECT_EQ(Said<AskSurroundings>().server, 2u);
  EXPECT_EQ(config.sockets.vrf, "main-vrf");
  EXPECT_EQ(config.attempt.dns.servers, servers);
  EXPECT_EQ(config.attempt.known, known);
  Answer(Surroundings{});
  link_->LookAround(&config);
  EXPECT_EQ(config.sockets.vrf, "") << "a VRF may go";
  EXPECT_TRUE(config.attempt.dns.servers.empty());
}

TEST_F(KeeperLinkTest, AsksForTheAuthorizationOfARequest) {
  Answer(Authorization{auth::Secret::FromString("Basic abc")});
  EXPECT_EQ(link_->Authorization(), auth::Secret::FromString("Basic abc"));
  Said<AskAuthorization>();
  ExpectSaidNothingMore();
}

TEST_F(KeeperLinkTest, AsksForTheLoginAtTheProxy) {
  Answer(Authorization{auth::Secret::FromString("Basic def")});
  EXPECT_EQ(link_->Authorization(LoginOf::kProxy),
            auth::Secret::FromString("Basic def"));
  EXPECT_EQ(Said<AskAuthorization>().whose, LoginOf::kProxy);
}

TEST_F(KeeperLinkTest, AsksForTheAddressesOfTheProxyToo) {
  TunnelConfig config;
  config.attempt.proxy.emplace();
  const std::vector<netif::IpAddress> known = {
      *netif::IpAddress::Parse("192.0.2.8")};
  Answer(Surroundings{});
  Answer(Surroundings{{}, "", known});
  link_->LookAround(&config);
  EXPECT_EQ(Said<AskSurroundings>().server, 0u);
  EXPECT_EQ(Said<AskSurroundings>().server, kProxyPlace);
  EXPECT_EQ(config.attempt.proxy->hop.known, known);
}

TEST_F(KeeperLinkTest, GetsItsSocketsFromTheKeeper) {
  const SocketRequest request = {SocketPurpose::kDnsTcp,
                                 *netif::IpAddress::Parse("2001:db8::53")};
  Answer(SocketMade{absl::OkStatus(), netif::UniqueFd(dup(0))});
  const auto socket = link_->Make(request);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(socket->valid());
  EXPECT_EQ(Said<AskSocket>().request, request);
  ExpectSaidNothingMore();
  const absl::Status why = WithCause(
      absl::UnavailableError("connect: no route"), EndCause::kNoRoute);
  Answer(SocketMade{why, {}});
  EXPECT_EQ(link_->Make(request).status(), why);
}

// The kernel drops a descriptor for which this process has no room.
TEST_F(KeeperLinkTest, ASocketThatDidNotComeIsAFailure) {
  Answer(SocketMade{absl::OkStatus(), {}});
  EXPECT_TRUE(absl::IsResourceExhausted(link_->Make({}).status()));
}

TEST_F(KeeperLinkTest, HasTheKeeperSign) {
  const SignatureRequest request = {0x0403, std::string(32, 'd')};
  Answer(SignatureMade{absl::OkStatus(), "signature"});
  EXPECT_EQ(link_->Sign(request).value(), "signature");
  const auto asked = Said<AskSignature>();
  EXPECT_EQ(asked.request.algorithm, request.algorithm);
  EXPECT_EQ(asked.request.digest, request.digest);
  const absl::Status why = absl::ResourceExhaustedError("too many");
  Answer(SignatureMade{why, ""});
  EXPECT_EQ(link_->Sign(request).status(), why);
}

TEST_F(KeeperLinkTest, DeliversAStopThatCameBeforeASocket) {
  Answer(Stop{"received SIGTERM"});
  Answer(SocketMade{absl::OkStatus(), netif::UniqueFd(dup(0))});
  EXPECT_TRUE(link_->Make({}).ok());
  EXPECT_EQ(stops_, 0) << "not from within the request";
  RunReady();
  EXPECT_EQ(stops_, 1);
  EXPECT_EQ(stop_why_, "received SIGTERM");
}

TEST_F(KeeperLinkTest, HasTheKeeperSetTheAddress) {
  const netif::Overlay overlay(
      {.address = netif::Ipv4Address::FromHostOrder(0xA9FE0002),
       .prefix_length = 18});
  Answer(AddressSet{absl::OkStatus()});
  EXPECT_TRUE(link_->SetAddress(overlay).ok());
  const auto set = Said<SetAddress>();
  EXPECT_EQ(set.overlay.ToString(), "169.254.0.2/18");
  const absl::Status why = absl::NotFoundError("no such device");
  Answer(AddressSet{why});
  EXPECT_EQ(link_->SetAddress(overlay), why);
}

TEST_F(KeeperLinkTest, DeliversAStopFromTheLoop) {
  RunReady();
  EXPECT_EQ(stops_, 0);
  Answer(Stop{});
  EXPECT_EQ(stops_, 0);
  RunReady();
  EXPECT_EQ(stops_, 1);
  RunReady();
  EXPECT_EQ(stops_, 1) << "once";
}

TEST_F(KeeperLinkTest, DeliversAStopDuringARequestAfterwards) {
  Answer(Stop{});
  Answer(Authorization{auth::Secret::FromString("Basic abc")});
  EXPECT_EQ(link_->Authorization(), auth::Secret::FromString("Basic abc"));
  EXPECT_EQ(stops_, 0) << "not from within the request";
  RunReady();
  EXPECT_EQ(stops_, 1);
  RunReady();
  EXPECT_EQ(stops_, 1) << "once";
  // The channel is watched as before.
  Answer(Stop{});
  RunReady();
  EXPECT_EQ(stops_, 2);
}

TEST_F(KeeperLinkTest, LosesNoAnswerOfARequestThatFollowsAStop) {
  Answer(Stop{});
  Answer(AddressSet{absl::OkStatus()});
  Answer(Surroundings{{}, "v"});
  EXPECT_TRUE(link_->SetAddress(netif::Overlay({})).ok());
  TunnelConfig config;
  link_->LookAround(&config);
  EXPECT_EQ(config.sockets.vrf, "v");
  RunReady();
  EXPECT_EQ(stops_, 1);
}

Tune WithSpread(int seconds) {
  return Tune{{absl::Seconds(17), absl::Seconds(60), absl::Seconds(seconds)}};
}

TEST_F(KeeperLinkTest, PassesOnSettingsThatHaveChanged) {
  Answer(WithSpread(30));
  RunReady();
  EXPECT_EQ(spreads_, std::vector<absl::Duration>{absl::Seconds(30)});
  EXPECT_EQ(stops_, 0);
}

TEST_F(KeeperLinkTest, SettingsThatComeBeforeAnAnswerAreNotLost) {
  Answer(WithSpread(30));
  Answer(WithSpread(31));
  Answer(Stop{});
  Answer(AddressSet{absl::OkStatus()});
  EXPECT_TRUE(link_->SetAddress(netif::Overlay({})).ok());
  EXPECT_TRUE(spreads_.empty()) << "not from within the call";
  RunReady();
  EXPECT_EQ(spreads_, std::vector<absl::Duration>{absl::Seconds(31)});
  EXPECT_EQ(stops_, 1);
  Answer(WithSpread(32));  // the channel is watched as before
  RunReady();
  EXPECT_EQ(spreads_.size(), 2u);
}

// Without its keeper, or with one that makes no sense, the process ends.

struct Orphan {
  const char* what;
  std::function<void(KeeperLink*, EventLoop*)> action;
};

const Orphan kActions[] = {
    {"tells", [](KeeperLink* link,
                 EventLoop*) { (void)link->Log(LogLevel::kInfo, "x"); }},
    {"asks", [](KeeperLink* link, EventLoop*) { (void)link->Authorization(); }},
    {"waits",
     [](KeeperLink*, EventLoop* loop) {
       loop->RunOnce(absl::InfiniteFuture()).IgnoreError();
     }},
};

TEST_F(KeeperLinkTest, EndsWithItsKeeper) {
  keeper_.reset();
  for (const Orphan& orphan : kActions) {
    EXPECT_EQ(ExitCodeOf([&] { orphan.action(link_.get(), loop_.get()); }),
              static_cast<int>(ExitCode::kInternal))
        << orphan.what;
  }
}

// A keeper that is there and does nothing: stopped, or waiting itself.

TEST_F(KeeperLinkTest, TellsAKeeperThatDoesNotReadWithoutWaitingForIt) {
  Logger logger(std::make_unique<LinkSink>(link_.get()), LogLevel::kInfo);
  uint64_t told = 0;
  while (logger.dropped() < 100 && told < 100000) {
    logger.Log(LogLevel::kInfo, LogLine("x"));
    link_->OnProgress(Progress());
    ++told;
  }
  EXPECT_EQ(logger.dropped(), 100u);
  int heard = 0;
  while (keeper_->ReceiveFromWorker(kNoWait).ok()) {
    ++heard;
  }
  EXPECT_GT(heard, 0);
  logger.Log(LogLevel::kInfo, LogLine("y"));
  EXPECT_EQ(Said<LogRecord>().text, "event=log_dropped lines=100");
  EXPECT_EQ(Said<LogRecord>().text, "event=y");
}

TEST_F(KeeperLinkTest, TellsOfTheServerOnceThereIsRoom) {
  ServerIdentity server;
  server.version = "TLSv1.3";
  link_->OnSecured(server);
  EXPECT_EQ(Said<ServerIdentity>().version, "TLSv1.3");
  while (link_->Log(LogLevel::kInfo, "event=x")) {
  }
  server.version = "TLSv1.2";
  link_->OnSecured(server);
  while (keeper_->ReceiveFromWorker(kNoWait).ok()) {
  }
  link_->OnProgress(Progress());
  EXPECT_EQ(Said<ServerIdentity>().version, "TLSv1.2");
  Said<Progress>();
  link_->OnProgress(Progress());
  Said<Progress>();
  ExpectSaidNothingMore();
}

TEST_F(KeeperLinkTest, EndsAndSaysWhyWhenNoAnswerComes) {
  EXPECT_EQ(LastWordOf([](KeeperLink* link) { (void)link->Authorization(); }),
            "the keeper did not answer in time");
}

TEST_F(KeeperLinkTest, EndsWhenNoQuestionIsTaken) {
  EXPECT_EQ(LastWordOf([](KeeperLink* link) {
              while (link->Log(LogLevel::kInfo, "x")) {
              }
              (void)link->Authorization();
            }),
            "")
      << "there is no room for it either";
}

TEST_F(KeeperLinkTest, EndsAtAnAnswerToAnotherQuestion) {
  EXPECT_EQ(ExitCodeOf([] {
              auto loop = EventLoop::Create().value();
              Channel::Pair pair = Channel::MakePair().value();
              auto link = KeeperLink::Create(
                  loop.get(), std::move(pair.worker), [](absl::string_view) {},
                  [](const Tuning&) {});
              (void)pair.keeper.Send(KeeperMessage(AddressSet{}), kNoWait);
              (void)(*link)->Authorization();
            }),
            static_cast<int>(ExitCode::kInternal));
}

TEST_F(KeeperLinkTest, EndsAtAnAnswerToNoQuestion) {
  EXPECT_EQ(ExitCodeOf([] {
              auto loop = EventLoop::Create().value();
              Channel::Pair pair = Channel::MakePair().value();
              auto link = KeeperLink::Create(
                  loop.get(), std::move(pair.worker), [](absl::string_view) {},
                  [](const Tuning&) {});
              (void)pair.keeper.Send(KeeperMessage(AddressSet{}), kNoWait);
              loop->RunOnce(absl::InfiniteFuture()).IgnoreError();
            }),
            static_cast<int>(ExitCode::kInternal));
}

TEST_F(KeeperLinkTest, EndsAtWhatIsNoMessage) {
  for (const size_t size : {size_t{1}, kMessageBytes, kMessageBytes + 1}) {
    EXPECT_EQ(ExitCodeOf([size] {
                auto loop = EventLoop::Create().value();
                Channel::Pair pair = Channel::MakePair().value();
                auto link = KeeperLink::Create(
                    loop.get(), std::move(pair.worker),
                    [](absl::string_view) {}, [](const Tuning&) {});
                const std::vector<uint8_t> bytes(size);
                (void)!send(pair.keeper.fd(), bytes.data(), size, 0);
                (void)(*link)->Authorization();
              }),
              static_cast<int>(ExitCode::kInternal))
        << size;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
