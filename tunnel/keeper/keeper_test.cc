// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper.h"

#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
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
#include "auth/basic_credentials.h"
#include "gtest/gtest.h"
#include "netif/testing/fake_interface_config.h"
#include "netif/testing/fake_interface_inspector.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/exit_code.h"
#include "tunnel/keeper/worker_end.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/testing/loop_script.h"

namespace ovoc::tunnel {
namespace {

constexpr int kPid = 4242;
constexpr int kKilled = SIGKILL;  // as wait status
constexpr Channel::Wait kNoWait = Channel::Wait::kNo;

int Exited(int code) { return code << 8; }  // as wait status
int Exited(ExitCode code) { return Exited(static_cast<int>(code)); }

// What the test sees of one worker, also when its keeper has let it go.
struct WorkerView {
  Channel end;  // the worker's
  std::string server;
  int tun_fd;
  std::optional<int> wait_status;
  bool is_missed = false;   // its end is signalled to nobody
  bool is_undying = false;  // SIGKILL does not end it
  int kills = 0;
  int stops = 0;  // that it was told
};

// A worker whose code is the test.
class FakeWorker : public WorkerProcess {
 public:
  FakeWorker(Channel channel, WorkerView* view, int child_event)
      : channel_(std::move(channel)), view_(view), child_event_(child_event) {}

  pid_t pid() const override { return kPid; }
  Channel* channel() override { return &channel_; }
  void Kill() override {
    ++view_->kills;
    if (!view_->wait_status.has_value() && !view_->is_undying) {
      End(view_, child_event_, kKilled);
    }
  }
  std::optional<int> Ended() override { return view_->wait_status; }

  // The kernel's part: closes what it had open and signals its parent.
  static void End(WorkerView* view, int child_event, int wait_status) {
    view->wait_status = wait_status;
    view->end.TakeFd().Reset();
    if (!view->is_missed) {
      eventfd_write(child_event, 1);
    }
  }

 private:
  Channel channel_;
  WorkerView* const view_;
  const int child_event_;
};

class CountedDevice : public netif::FakeTunDevice {
 public:
  explicit CountedDevice(int* alive) : alive_(alive) { ++*alive_; }
  ~CountedDevice() override { --*alive_; }

 private:
  int* const alive_;
};

class KeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "/keeper_XXXXXX";
    ASSERT_NE(mkdtemp(path_.data()), nullptr);
    publisher_.emplace(&logger_, &notify_, StatusFile(path_ + "/status"));
    ASSERT_TRUE(loop_
                    ->Watch(child_event_.get(), EPOLLIN,
                            [this](uint32_t) {
                              eventfd_t value = 0;
                              eventfd_read(child_event_.get(), &value);
                              keeper_->OnChild();
                            })
                    .ok());
    Make(Config("one.example", "ovoc0"));
  }
  void TearDown() override {
    script_.reset();
    keeper_.reset();
    EXPECT_EQ(devices_alive_, 0);
    unlink((path_ + "/status").c_str());
    rmdir(path_.c_str());
  }

  void Make(std::unique_ptr<TunnelConfig> config) {
    keeper_ = std::make_unique<Keeper>(
        Keeper::Parts{
            loop_.get(), &logger_, &*publisher_, &guard_,
            [this](absl::Span<uint8_t> out) {
              std::fill(out.begin(), out.end(), random_byte_);
            },
            [this](const std::string& name) { return OpenDevice(name); },
            [this](const std::string&) { return device_exists_; },
            [this](TunnelConfig* running, const netif::TunDevice& device) {
              return StartWorker(running, device.fd());
            },
            [this] { return LoadConfig(); },
            [this](TunnelConfig* running) {
              running->attempt.dns.servers = {
                  *netif::IpAddress::Parse("192.0.2.53")};
              running->vrf = absl::StrCat("vrf", ++looks_around_);
            },
            [this] { return now_ += absl::Nanoseconds(1); }, &guard_},
        std::move(config));
    script_.emplace(loop_.get(), [this] {
      keeper_->Stop("given up");
      now_ += absl::Seconds(6);
    });
  }

  std::unique_ptr<TunnelConfig> Config(const std::string& server,
                                       const std::string& interface) const {
    auto config = std::make_unique<TunnelConfig>();
    config->settings.server = server;
    config->settings.interface = interface;
    config->settings.mtu = 1400;
    config->credentials = std::make_unique<auth::BasicCredentials>(
        auth::BasicCredentials::Create("VPN",
                                       auth::Secret::FromString("s3cret"))
            .value());
    return config;
  }

  absl::StatusOr<std::unique_ptr<netif::TunDevice>> OpenDevice(
      const std::string& name) {
    if (!open_status_.ok()) {
      return open_status_;
    }
    opened_.push_back(name);
    auto device = std::make_unique<CountedDevice>(&devices_alive_);
    device_ = device.get();
    return device;
  }

  absl::StatusOr<std::unique_ptr<WorkerProcess>> StartWorker(
      TunnelConfig* running, int tun_fd) {
    ++starts_;
    if (!start_status_.ok()) {
      return start_status_;
    }
    Channel::Pair pair = Channel::MakePair().value();
    workers_.push_back(std::make_unique<WorkerView>(WorkerView{
        std::move(pair.worker), running->settings.server, tun_fd, {}}));
    return std::make_unique<FakeWorker>(
        std::move(pair.keeper), workers_.back().get(), child_event_.get());
  }

  absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadConfig() {
    ++loads_;
    if (new_interface_.empty()) {
      return absl::InvalidArgumentError("f.ini:1: WSTunServer: found nothing");
    }
    if (change_) {
      auto config = Config("one.example", "ovoc0");
      change_(config.get());
      return config;
    }
    return Config(absl::StrCat("new", loads_, ".example"), new_interface_);
  }

  // The newest worker and what it does.
  WorkerView& worker() { return *workers_.back(); }
  void Die(int wait_status) {
    FakeWorker::End(&worker(), child_event_.get(), wait_status);
  }
  void Say(const WorkerMessage& message) {
    EXPECT_TRUE(worker().end.Send(message, kNoWait).ok());
  }
  void SayRaw(const std::vector<uint8_t>& bytes) {
    EXPECT_EQ(send(worker().end.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  template <typename Message>
  std::optional<Message> Hear() {
    auto message = worker().end.ReceiveFromKeeper(kNoWait);
    if (!message.ok() || !std::holds_alternative<Message>(*message)) {
      return std::nullopt;
    }
    return std::get<Message>(*std::move(message));
  }

  // Conditions.
  LoopScript::Condition Workers(size_t count) {
    return [this, count] { return workers_.size() == count; };
  }
  LoopScript::Condition Logged(const std::string& text) {
    return [this, text] { return CountLines(log_, text) > 0; };
  }
  LoopScript::Condition ToldToStop() {
    return [this] {
      worker().stops += Hear<tunnel::Stop>().has_value() ? 1 : 0;
      return worker().stops > 0;
    };
  }
  // What was sent has been seen by a keeper that has nothing to say to it.
  LoopScript::Condition Turns(int count) {
    return [left = std::make_shared<int>(count)] { return --*left < 0; };
  }

  // Actions.
  LoopScript::Action Stop() {
    return [this] { keeper_->Stop("SIGTERM"); };
  }
  LoopScript::Action Ends(int wait_status) {
    return [this, wait_status] { Die(wait_status); };
  }
  LoopScript::Action Advance(absl::Duration by) {
    return [this, by] { now_ += by; };
  }
  static LoopScript::Action Nothing() {
    return [] {};
  }

  // The rest of a script: an orderly end.
  void StopInOrder() {
    script_->Then(Stop()).When(ToldToStop(), Ends(Exited(ExitCode::kDone)));
  }
  void RunToTheEnd() {
    const absl::Status ran = keeper_->Run();
    EXPECT_TRUE(ran.ok()) << ran;
    EXPECT_TRUE(script_->done());
  }
  std::string StatusText() const {
    std::ifstream file(path_ + "/status", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
  }
  // The one line of the log that holds `text`.
  std::string Line(absl::string_view text) const {
    EXPECT_EQ(CountLines(log_, text), 1) << text;
    for (const std::string& line : log_) {
      if (absl::StrContains(line, text)) {
        return line;
      }
    }
    return "";
  }

  std::string path_;
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  SdNotify notify_ = SdNotify::Create(SdNotifyOptions()).value();
  std::optional<StatusPublisher> publisher_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::Create().value();
  netif::UniqueFd child_event_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  netif::FakeInterfaceConfig interface_config_;
  netif::FakeInterfaceInspector inspector_;
  InterfaceGuard guard_{{&interface_config_, &inspector_, &logger_,
                         [](absl::string_view) {}, [this] { return now_; }}};
  netif::FakeTunDevice* device_ = nullptr;  // the last one opened
  absl::Time now_ = MonotonicNow();         // moves by Advance, or hardly
  uint8_t random_byte_ = 0;  // 0: workers are started again at once
  absl::Status open_status_;
  absl::Status start_status_;
  bool device_exists_ = true;
  std::string new_interface_;  // of reloaded settings; empty: bad ones
  std::function<void(TunnelConfig*)> change_;  // of the first settings, instead
  std::vector<std::string> opened_;
  int devices_alive_ = 0;
  int starts_ = 0;
  int loads_ = 0;
  int looks_around_ = 0;
  std::vector<std::unique_ptr<WorkerView>> workers_;
  std::unique_ptr<Keeper> keeper_;
  std::optional<LoopScript> script_;
};

TEST_F(KeeperTest, OpensTheDeviceAndStartsAWorkerWithIt) {
  script_->When(Workers(1), [this] {
    EXPECT_EQ(opened_, std::vector<std::string>{"ovoc0"});
    EXPECT_EQ(worker().server, "one.example");
    EXPECT_GE(worker().tun_fd, 0);
    Say(WorkerReady{{4, LockedMemory::kAll}});
  });
  script_->When(Logged("event=worker "), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=worker "),
            "info event=worker pid=4242 landlock=4 locked=all");
  EXPECT_EQ(CountLines(log_, "worker_died"), 0);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=SIGTERM");
  EXPECT_TRUE(absl::StrContains(StatusText(), "\"state\":\"stopped\""));
}

TEST_F(KeeperTest, EndsWhenThereIsNoDevice) {
  open_status_ = absl::PermissionDeniedError("needs CAP_NET_ADMIN");
  EXPECT_EQ(keeper_->Run(), open_status_);
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(starts_, 0);
}

// What a worker says.

TEST_F(KeeperTest, PassesOnLogLinesAndProgress) {
  Progress progress;
  progress.state = TunnelState::kUp;
  progress.overlay = auth::OverlayAssignment{0xA9FE0002, 18};
  script_
      ->When(Workers(1),
             [&] {
               Say(LogRecord{LogLevel::kWarning, "event=x key=\"a b\""});
               Say(progress);
             })
      .When(Logged("event=x"), Nothing());
  script_->Then([this] {
    EXPECT_TRUE(absl::StrContains(StatusText(),
                                  "\"overlay_address\":\"169.254.0.2/18\""));
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=x"), "warning from=worker event=x key=\"a b\"");
}

TEST_F(KeeperTest, KillsAWorkerThatIsReadyTwice) {
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
  Line("event=worker_refused detail=\"ready more than once\"");
}

TEST_F(KeeperTest, SetsAnAddressOfTheRangeOnItsDeviceWithItsMtu) {
  script_->When(Workers(1), [this] { Say(SetAddress{{0xA9FE0002, 32}}); })
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

TEST_F(KeeperTest, SaysWhyAnAddressCouldNotBeSet) {
  const absl::Status why = absl::PermissionDeniedError("RTM_NEWADDR: no");
  interface_config_.SetError(why);
  std::optional<AddressSet> answer;
  script_->When(Workers(1), [this] { Say(SetAddress{{0xA9FE0002, 32}}); })
      .When([&] { return (answer = Hear<AddressSet>()).has_value(); },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(answer->result, why);
  EXPECT_EQ(worker().kills, 0) << "the machine's fault, not the worker's";
}

TEST_F(KeeperTest, LooksAroundForAWorkerEachTimeItAsks) {
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

TEST_F(KeeperTest, TellsTheValueOfTheRequestAndLogsNothingOfIt) {
  std::optional<Authorization> answer;
  script_->When(Workers(1), [this] { Say(AskAuthorization{}); })
      .When([&] { return (answer = Hear<Authorization>()).has_value(); },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(answer->value, auth::Secret::FromString("Basic VlBOOnMzY3JldA=="));
  EXPECT_EQ(CountLines(log_, "s3cret") + CountLines(log_, "VlBOOnMz"), 0);
}

TEST_F(KeeperTest, TheCarrierFollowsTheTunnelAndEndsWithItsWorker) {
  const auto carrier = [this](netif::Carrier wanted) {
    return [this, wanted] { return device_->carrier() == wanted; };
  };
  const auto say = [this](TunnelState state) {
    return [this, state] {
      Progress progress;
      progress.state = state;
      Say(progress);
    };
  };
  script_->When(Workers(1), say(TunnelState::kConnecting))
      .When(carrier(netif::Carrier::kOff), say(TunnelState::kUp))
      .When(carrier(netif::Carrier::kOn), say(TunnelState::kWaiting))
      .When(carrier(netif::Carrier::kOff), say(TunnelState::kUp))
      .When(carrier(netif::Carrier::kOn), Ends(kKilled))
      .When(carrier(netif::Carrier::kOff), Nothing())
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperTest, MendsAnInterfaceThatAnotherProgramChanged) {
  script_->When(Workers(1), [this] { Say(SetAddress{{0xA9FE0002, 32}}); })
      .When([this] { return interface_config_.calls().size() == 1; },
            [this] {
              inspector_.state = "is down";
              guard_.OnNews();
              now_ += absl::Seconds(1);
            })
      .When([this] { return interface_config_.calls().size() == 2; },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=interface_changed"), 1);
}

// What a worker may not say.

struct Overlay {
  const char* address;
  int prefix_length;
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
        Say(SetAddress{{netif::Ipv4Address::Parse(overlay.address)->value(),
                        overlay.prefix_length}});
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
      EXPECT_TRUE(absl::StrContains(
          refusals[i],
          absl::StrCat(overlays[i].address, "/", overlays[i].prefix_length)))
          << refusals[i];
    }
    EXPECT_EQ(CountLines(log_, "worker_died detail=\"ended by the keeper: "),
              static_cast<int>(overlays.size()));
  }
};

TEST_F(KeeperOverlayTest, KillsAWorkerThatAsksForAnAddressOutsideTheRange) {
  ExpectRefused({{"10.0.0.2", 32, kRange},
                 {"169.253.255.254", 32, kRange},
                 {"169.254.64.1", 32, kRange},
                 {"169.254.169.254", 32, "must not lie in 169.254.169.0/24"},
                 {"169.254.0.1", 32, "must not be OVOC's own"},
                 {"224.0.0.1", 32, kUnicast},
                 {"255.255.255.255", 32, kUnicast},
                 {"0.0.0.0", 32, kUnicast}});
}

TEST_F(KeeperOverlayTest, KillsAWorkerThatAsksForAnImpossiblePrefix) {
  ExpectRefused({{"169.254.0.2", 0, kPrefix},
                 {"169.254.0.2", 15, kPrefix},
                 {"169.254.0.2", 18, kPrefix},
                 {"169.254.0.2", 31, kPrefix},
                 {"169.254.0.2", 33, kPrefix},
                 {"169.254.0.2", 255, kPrefix}});
}

TEST_F(KeeperOverlayTest, TakesOnlyHostsWhateverTheRange) {
  auto config = Config("one.example", "ovoc0");
  config->attempt.session.overlay.range_address = 0;
  config->attempt.session.overlay.range_prefix = 0;
  Make(std::move(config));
  ExpectRefused({{"224.0.0.1", 32, kUnicast},
                 {"127.0.0.2", 32, kUnicast},
                 {"0.1.2.3", 32, kUnicast},
                 {"240.0.0.1", 32, kUnicast}});
}

TEST_F(KeeperOverlayTest, KeepsToTheRangeOfTheSettings) {
  auto config = Config("one.example", "ovoc0");
  config->attempt.session.overlay.range_address = 0x0A010000;  // 10.1.0.0
  config->attempt.session.overlay.range_prefix = 24;
  Make(std::move(config));
  ExpectRefused({{"10.1.1.2", 32, kRange}, {"169.254.0.2", 32, kRange}});
}

TEST_F(KeeperTest, GivesAWorkerASocketToANameServerItWasToldOf) {
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

TEST_F(KeeperTest, KillsAWorkerThatAsksForASocketElsewhere) {
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
  EXPECT_EQ(CountLines(log_, "none of the name servers"), 4)
      << "two refusals and two ends";
}

TEST_F(KeeperTest, KillsAWorkerForEveryMalformedMessage) {
  MessageBytes stop;
  EncodeMessage(KeeperMessage(tunnel::Stop{}), &stop);
  std::vector<uint8_t> unknown(kMessageBytes);
  unknown[0] = 127;
  std::vector<uint8_t> control(kMessageBytes);
  control[0] = 1;  // a log line
  control[2] = 4;  // of 4 bytes: debug, a text of one
  control[5] = 1;
  control[6] = 0x1b;
  struct Case {
    std::vector<uint8_t> bytes;
    const char* words;
  };
  const Case kCases[] = {
      {unknown, "unknown kind 127"},
      {control, "log line that is not printable ASCII"},
      {{stop.begin(), stop.end()}, "unknown kind 128"},
      {std::vector<uint8_t>(1), "1 bytes instead of 1280"},
      {std::vector<uint8_t>(kMessageBytes - 1), "1279 bytes instead of 1280"},
      {std::vector<uint8_t>(kMessageBytes + 1), "message longer than any"},
      {std::vector<uint8_t>(65536), "message longer than any"},
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

TEST_F(KeeperTest, KillsAWorkerThatDoesNotListen) {
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
            "error event=worker_refused detail=\"no room to send\"");
}

TEST_F(KeeperTest, KillsAWorkerThatClosesItsChannel) {
  script_->When(Workers(1), [this] { worker().end.TakeFd().Reset(); })
      .When(Turns(2), Advance(absl::Milliseconds(999)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Milliseconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"ended by the keeper: closed its channel");
}

// SIGCHLD may be lost, as where it is ignored; the end of the channel is not.
TEST_F(KeeperTest, NoticesAnEndThatNoSignalTells) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_missed = true;
               Die(SIGSEGV);
             })
      .When(Turns(2), Advance(absl::Milliseconds(100)))
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 0); });
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"signal 11 ");
}

TEST_F(KeeperTest, GoesOnAfterAWorkerWhoseEndSomebodyElseHasTaken) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_missed = true;
               Die(kUnknownEnd);
             })
      .When(Turns(2), Advance(absl::Milliseconds(100)))
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"gone, and how it ended cannot be known\"");
}

TEST_F(KeeperTest, StopsAlsoWhenNoSignalTellsTheEnd) {
  script_->When(Workers(1), Stop())
      .When(ToldToStop(),
            [this] {
              worker().is_missed = true;
              Die(kUnknownEnd);
            })
      .When(Turns(2), Advance(absl::Milliseconds(100)));
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperTest, DoesNotWaitForAWorkerThatCannotBeEnded) {
  script_
      ->When(Workers(1),
             [this] {
               worker().is_undying = true;
               keeper_->Stop("SIGTERM");
             })
      .When(ToldToStop(), Advance(absl::Seconds(5)))
      .When([this] { return worker().kills == 1; }, Advance(absl::Seconds(5)));
  EXPECT_FALSE(keeper_->Run().ok());
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInternal);
  Line("event=stop reason=worker_stuck");
}

TEST_F(KeeperTest, KillsAWorkerThatIsSilentForAMinute) {
  script_->When(Workers(1), Advance(absl::Seconds(59)))
      .When(Turns(2),
            [this] { Say(LogRecord{LogLevel::kInfo, "event=sign_of_life"}); })
      .When(Logged("sign_of_life"), Advance(absl::Milliseconds(59999)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Milliseconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_TRUE(absl::StrContains(Line("worker_refused"), "silent for 1m"));
}

TEST_F(KeeperTest, DoesNotTakeAWorkerForSilentWhileItWasStoppedItself) {
  script_->When(Workers(1), Advance(absl::Minutes(10)))
      .When(Turns(2), Advance(absl::Seconds(59)))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(worker().kills, 0);
              now_ += absl::Seconds(2);
            })
      .When(Workers(2), [this] { EXPECT_EQ(workers_[0]->kills, 1); });
  StopInOrder();
  RunToTheEnd();
}

// The clock moves by a nanosecond each time that the keeper looks at it, which
// it does a few times for each turn of its loop.
TEST_F(KeeperTest, DoesNotSpinOnAChannelThatWasClosedAfterAFlood) {
  absl::Time closed;
  script_
      ->When(Workers(1), Advance(absl::Hours(1)))  // no deadline is near
      .When(
          [&, said = 0]() mutable {
            while (said < 201 &&
                   worker()
                       .end
                       .Send(WorkerMessage(LogRecord{LogLevel::kInfo, "n=1"}),
                             kNoWait)
                       .ok()) {
              ++said;
            }
            return said == 201 && CountLines(log_, "n=1") == 200;
          },
          [&] {
            worker().end.TakeFd().Reset();
            closed = now_;
          })
      .When(Turns(3), [&] {
        EXPECT_LT(now_ - closed, absl::Nanoseconds(200));
        Die(kKilled);
      });
  script_->When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperTest, TakesAFloodAtTheRateOfTheBudgetAndLosesNothing) {
  constexpr int kFlood = 300;  // the burst is 200
  int said = 0;
  const auto flood = [&] {
    while (said < kFlood &&
           worker()
               .end
               .Send(WorkerMessage(LogRecord{LogLevel::kInfo,
                                             absl::StrCat("flood=", said)}),
                     kNoWait)
               .ok()) {
      ++said;
    }
  };
  const auto taken = [&](int count) {
    return [this, flood, count] {
      flood();
      return CountLines(log_, "flood=") == count;
    };
  };
  script_->When(Workers(1), flood)
      .When(taken(200), Nothing())
      .When(Turns(5),
            [&] {
              EXPECT_EQ(CountLines(log_, "flood="), 200) << "no more for now";
              now_ += absl::Seconds(1);
            })
      .When(taken(250), Nothing())
      .When(Turns(5),
            [&] {
              EXPECT_EQ(CountLines(log_, "flood="), 250);
              now_ += absl::Seconds(1);
            })
      .When(taken(kFlood), Nothing());
  StopInOrder();
  RunToTheEnd();
  ASSERT_GT(log_.size(), static_cast<size_t>(kFlood));
  for (int i = 0; i < kFlood; ++i) {
    EXPECT_EQ(log_[static_cast<size_t>(i)],
              absl::StrCat("info from=worker flood=", i));
  }
}

TEST_F(KeeperTest, TakesTheLastWordsOfAFloodToo) {
  int said = 0;
  script_
      ->When(
          [&] {
            while (!workers_.empty() && said < 250 &&
                   worker()
                       .end
                       .Send(WorkerMessage(LogRecord{LogLevel::kInfo, "n=1"}),
                             kNoWait)
                       .ok()) {
              ++said;
            }
            return said == 250;
          },
          [this] {
            Say(FilterViolation{SCMP_SYS(openat)});
            Die(Exited(kViolationExitCode));
          })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "n=1"), 250);
  EXPECT_TRUE(absl::StrContains(Line("worker_died"), " at openat\""));
}

// Workers that die.

TEST_F(KeeperTest, StartsAnotherWorkerOnTheSameDeviceAfterACrash) {
  script_->When(Workers(1), Ends(SIGSEGV)).When(Workers(2), [this] {
    EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd);
    EXPECT_EQ(worker().server, "one.example");
    EXPECT_EQ(devices_alive_, 1);
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_.size(), 1u);
  EXPECT_EQ(Line("worker_died"),
            "error event=worker_died detail=\"signal 11 (Segmentation fault)\" "
            "delay_ms=0");
}

TEST_F(KeeperTest, WaitsLongerAfterEachCrash) {
  random_byte_ = 0xff;  // the whole of each delay
  const int delays_s[] = {1, 2, 4, 8, 16, 32, 60, 60};
  size_t workers = 0;
  for (const int delay_s : delays_s) {
    script_->When(Workers(++workers), Ends(SIGSEGV))
        .When(
            [this, workers] {
              return CountLines(log_, "worker_died") ==
                     static_cast<int>(workers);
            },
            Advance(absl::Seconds(delay_s) - absl::Milliseconds(1)))
        .When(Turns(2), [this, workers] {
          EXPECT_EQ(workers_.size(), workers) << "not yet";
          EXPECT_TRUE(absl::StrContains(
              StatusText(),
              "\"state\":\"waiting\",\"reason\":\"worker_died\""));
          now_ += absl::Milliseconds(1);
        });
  }
  script_->When(Workers(workers + 1), Nothing());
  StopInOrder();
  RunToTheEnd();
  for (const int delay_s : {1, 2, 4, 8, 16, 32}) {
    Line(absl::StrCat("delay_ms=", delay_s, "000"));
  }
}

// A service manager kills what is silent, and a rest may be longer than that.
TEST_F(KeeperTest, GivesSignsOfLifeWhileItRests) {
  const netif::UniqueFd manager(
      socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const std::string name = absl::StrCat("@ovoc-keeper-test-", getpid());
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  address.sun_path[0] = '\0';
  ASSERT_EQ(bind(manager.get(), reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                        name.size())),
            0);
  SdNotifyOptions options;
  options.socket = name;
  options.watchdog_usec = "1";
  notify_ = SdNotify::Create(options).value();
  const auto sign_of_life = [&] {
    char text[64];
    const ssize_t size = recv(manager.get(), text, sizeof(text), 0);
    return size > 0 &&
           absl::string_view(text, static_cast<size_t>(size)) == "WATCHDOG=1\n";
  };
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"),
            [&] {
              while (recv(manager.get(), nullptr, 0, 0) >= 0) {
              }
            })
      .When(sign_of_life, Nothing())
      .When(sign_of_life, Stop());
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

// What a worker does between its start and its death, which comes when the
// back-off has reached 2 s. What the keeper waits for then is in the log.
class KeeperBackOffTest : public KeeperTest {
 protected:
  KeeperBackOffTest() { random_byte_ = 0xff; }  // the whole of each delay

  LoopScript& AfterOneCrash() {
    return script_->When(Workers(1), Ends(SIGSEGV))
        .When(Logged("delay_ms=1000"), Advance(absl::Seconds(1)))
        .When(Workers(2), Nothing());
  }
  // Says that its tunnel is in `state`, which the keeper has heard then.
  void Tell(TunnelState state) {
    script_
        ->Then([this, state] {
          Progress progress;
          progress.state = state;
          Say(progress);
          Say(LogRecord{LogLevel::kInfo, absl::StrCat("event=told", ++told_)});
        })
        .When(
            [this] {
              return CountLines(log_, absl::StrCat("event=told", told_)) == 1;
            },
            Nothing());
  }
  void Pass(absl::Duration time) {
    script_->Then(Advance(time)).When(Turns(1), Nothing());
  }
  void NextDelayIs(const std::string& delay_ms) {
    script_->When([this] { return CountLines(log_, "event=worker_died") == 2; },
                  Stop());
    RunToTheEnd();
    EXPECT_EQ(CountLines(log_, absl::StrCat("delay_ms=", delay_ms)),
              delay_ms == "1000" ? 2 : 1);
  }

  int told_ = 0;
};

TEST_F(KeeperBackOffTest, ATunnelThatLastedStartsTheSeriesAnew) {
  AfterOneCrash();
  Tell(TunnelState::kUp);
  Pass(absl::Seconds(30));
  Tell(TunnelState::kUp);
  Pass(absl::Seconds(30));
  Tell(TunnelState::kUp);
  script_->Then(Ends(SIGSEGV));
  NextDelayIs("1000");
}

// A peer that can keep a worker busy, or crash it, gains nothing by taking its
// time: what counts is the tunnel.
TEST_F(KeeperBackOffTest, AWorkerThatLastedWithoutATunnelDoesNot) {
  AfterOneCrash();
  Tell(TunnelState::kHandshaking);
  Pass(absl::Seconds(50));
  Tell(TunnelState::kHandshaking);
  Pass(absl::Seconds(50));
  Tell(TunnelState::kLoggingIn);
  script_->Then(Ends(SIGSEGV));
  NextDelayIs("2000");
}

TEST_F(KeeperBackOffTest, AWorkerThatWasSilentInItsHandshakeDoesNot) {
  AfterOneCrash();
  Tell(TunnelState::kHandshaking);
  Pass(absl::Milliseconds(59999));
  Pass(absl::Milliseconds(1));
  NextDelayIs("2000");
  EXPECT_EQ(workers_[1]->kills, 1);
}

TEST_F(KeeperBackOffTest, AWorkerThatWasKilledDoesNotWhateverItsTunnelWas) {
  AfterOneCrash();
  for (int i = 0; i < 4; ++i) {
    Tell(TunnelState::kUp);
    Pass(absl::Seconds(50));
  }
  script_->Then([this] { SayRaw({1, 2, 3}); });
  NextDelayIs("2000");
  EXPECT_EQ(workers_[1]->kills, 1);
}

// Also while its worker says nothing, or there is none.
TEST_F(KeeperTest, RenewsTheStatusEveryFiveSeconds) {
  std::string before;
  // Whether it says something else than the last time.
  const auto is_new = [this, &before] {
    const std::string now = StatusText();
    return std::exchange(before, now) != now;
  };
  script_->When(Workers(1), [&is_new] { is_new(); });
  for (int i = 0; i < 3; ++i) {
    script_->Then(Advance(absl::Seconds(5))).When(is_new, Nothing());
  }
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperTest, NamesTheCallThatTheFilterStopped) {
  script_
      ->When(Workers(1),
             [this] {
               Say(FilterViolation{SCMP_SYS(openat)});
               Die(Exited(kViolationExitCode));
             })
      .When(Workers(2), Ends(Exited(kViolationExitCode)))
      .When(Workers(3), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("filter at openat"),
            "error event=worker_died detail=\"killed by the system-call filter "
            "at openat\" delay_ms=0");
  Line("filter at a call\"");  // of a worker that could not say which
}

TEST_F(KeeperTest, NamesTheCallAlsoOfAWorkerThatLeftSomethingUnread) {
  script_->When(Workers(1), [this] { Say(AskSurroundings{}); })
      .When([this] { return looks_around_ == 1; },
            [this] {                   // the answer stays in the channel
              Say(AskSurroundings{});  // this one gets none
              Say(FilterViolation{SCMP_SYS(openat)});
              Die(Exited(kViolationExitCode));
            })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_TRUE(absl::StrContains(Line("worker_died"), " at openat\""));
  EXPECT_EQ(CountLines(log_, "worker_refused"), 0);
}

TEST_F(KeeperTest, AnUnaskedEndIsADeathWhateverItsCode) {
  script_->When(Workers(1), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2),
            [this] {
              Say(WorkerReady{});
              Die(Exited(ExitCode::kSandbox));
            })
      .When(Workers(3), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"exit code 0\"");
  Line("worker_died detail=\"exit code 11\"");
}

TEST_F(KeeperTest, EndsWhenAWorkerCannotConfineItself) {
  script_->When(Workers(1), [this] {
    Say(LastWord{"landlock_restrict_self: I/O error"});
    Die(Exited(ExitCode::kSandbox));
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError("the worker cannot confine itself: "
                                   "landlock_restrict_self: I/O error"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kSandbox);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=sandbox");
}

TEST_F(KeeperTest, AWorkersTroubleWithADeviceThatIsThereIsACrash) {
  script_->When(Workers(1), Ends(Exited(ExitCode::kInterface)))
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  Line("worker_died detail=\"exit code 10\"");
}

TEST_F(KeeperTest, EndsWhenItsDeviceIsGone) {
  script_->When(Workers(1), [this] {
    device_exists_ = false;
    Die(Exited(ExitCode::kInterface));
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError("interface ovoc0 is gone: it was deleted"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=interface_lost");
}

TEST_F(KeeperTest, TriesAgainWhenAWorkerCannotBeStarted) {
  random_byte_ = 0xff;
  start_status_ = absl::ResourceExhaustedError("fork");
  script_->When([this] { return starts_ == 1; }, Advance(absl::Seconds(1)))
      .When([this] { return starts_ == 2; },
            [this] {
              start_status_ = absl::OkStatus();
              now_ += absl::Seconds(2);
            })
      .When(Workers(1), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "error event=worker_failed detail=fork"), 2);
}

TEST_F(KeeperTest, EndsWhenNoWorkerCanEverBeStarted) {
  start_status_ = absl::FailedPreconditionError("fork: RLIMIT_NPROC is 0");
  EXPECT_EQ(keeper_->Run(), absl::UnavailableError("fork: RLIMIT_NPROC is 0"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kSandbox);
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=sandbox");
}

// Stop.

TEST_F(KeeperTest, StopsAtOnceWhileItRests) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV)).When(Logged("worker_died"), Stop());
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperTest, StopsOnceHoweverOftenItIsAsked) {
  script_->When(Workers(1), Stop()).Then(Stop());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=stop"), 1);
  EXPECT_EQ(worker().stops, 1);
}

TEST_F(KeeperTest, KillsAWorkerThatDoesNotStop) {
  script_->When(Workers(1), Stop())
      .When(ToldToStop(), Advance(absl::Milliseconds(4999)))
      .When(Turns(2), [this] {
        EXPECT_EQ(worker().kills, 0);
        now_ += absl::Milliseconds(1);
      });
  RunToTheEnd();
  EXPECT_EQ(worker().kills, 1);
  EXPECT_EQ(starts_, 1);
  EXPECT_TRUE(absl::StrContains(StatusText(), "\"state\":\"stopped\""));
}

TEST_F(KeeperTest, ACrashWhileItStopsIsNamedButStopsNothing) {
  script_->When(Workers(1), Stop()).When(ToldToStop(), Ends(SIGSEGV));
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(CountLines(log_, "worker_died"), 1);
}

TEST_F(KeeperTest, AStopDuringAReloadEndsIt) {
  new_interface_ = "ovoc0";
  script_->When(Workers(1), [this] { keeper_->Reload(); })
      .When(ToldToStop(), Stop())
      .When(Turns(2), [this] {
        EXPECT_FALSE(Hear<tunnel::Stop>().has_value()) << "told already";
        Die(Exited(ExitCode::kDone));
      });
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(CountLines(log_, "event=reload"), 0);
}

// Reload.

class KeeperReloadTest : public KeeperTest {
 protected:
  LoopScript::Action Reload(const std::string& interface) {
    return [this, interface] {
      new_interface_ = interface;
      keeper_->Reload();
    };
  }
};

TEST_F(KeeperReloadTest, ARefusedOneChangesNothing) {
  script_->When(Workers(1), Reload("")).When(Turns(2), [this] {
    EXPECT_FALSE(Hear<tunnel::Stop>().has_value());
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=reload"),
            "error event=reload result=refused "
            "detail=\"f.ini:1: WSTunServer: found nothing\"");
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperReloadTest, AnotherWorkerStartsAtOnceWithTheNewSettings) {
  random_byte_ = 0xff;  // a delay would last
  script_->When(Workers(1), Reload("ovoc0"))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] {
        EXPECT_EQ(worker().server, "new1.example");
        EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_.size(), 1u);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=new changed=WSTunServer");
  EXPECT_EQ(CountLines(log_, "worker_died"), 0);
}

TEST_F(KeeperReloadTest, TheRunningSettingsHoldUntilTheWorkerHasEnded) {
  script_->When(Workers(1), Reload("ovoc1"))
      .When(ToldToStop(), [this] { Say(SetAddress{{0xA9FE0002, 32}}); })
      .When([this] { return Hear<AddressSet>().has_value(); },
            Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] { Say(SetAddress{{0xA9FE0002, 32}}); })
      .When([this] { return Hear<AddressSet>().has_value(); }, Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(interface_config_.calls(),
            (std::vector<std::string>{"configure ovoc0 169.254.0.2/32 1400",
                                      "configure ovoc1 169.254.0.2/32 1400"}));
  EXPECT_EQ(interface_config_.prepared(),
            (std::vector<std::string>{"ovoc0 1400", "ovoc1 1400"}));
}

TEST_F(KeeperReloadTest, MovesToAnotherDevice) {
  script_->When(Workers(1), Reload("ovoc1"))
      .When(ToldToStop(),
            [this] {
              EXPECT_EQ(devices_alive_, 2) << "the worker still has the first";
              Die(Exited(ExitCode::kDone));
            })
      .When(Workers(2), [this] {
        EXPECT_NE(worker().tun_fd, workers_[0]->tun_fd);
        EXPECT_EQ(devices_alive_, 1);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_, (std::vector<std::string>{"ovoc0", "ovoc1"}));
}

TEST_F(KeeperReloadTest, IsRefusedWhenItsDeviceCannotBeOpened) {
  script_
      ->When(Workers(1),
             [this] {
               open_status_ = absl::PermissionDeniedError("no CAP_NET_ADMIN");
             })
      .Then(Reload("ovoc1"))
      .When(Turns(2),
            [this] { EXPECT_FALSE(Hear<tunnel::Stop>().has_value()); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=reload"),
            "error event=reload result=refused detail=\"no CAP_NET_ADMIN\"");
}

TEST_F(KeeperReloadTest, ASecondOneTakesTheDeviceThatTheFirstOpened) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload("ovoc1"))  // the tunnel is still closing
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "new2.example"); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_, (std::vector<std::string>{"ovoc0", "ovoc1"}))
      << "the kernel would refuse another of that name";
  EXPECT_EQ(CountLines(log_, "event=reload result=ok"), 1);
}

TEST_F(KeeperReloadTest, AWayBackKeepsTheFirstDevice) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload("ovoc0"))
      .Then([this] { EXPECT_EQ(devices_alive_, 1); })
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2),
            [this] { EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, ARefusedSecondOneLeavesTheFirst) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload(""))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "new1.example"); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, EndsARestAtOnce) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload("ovoc1"))
      .When(Workers(2), [this] {
        EXPECT_EQ(worker().server, "new1.example");
        EXPECT_EQ(devices_alive_, 1);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=reload result=ok"), 1);
}

TEST_F(KeeperReloadTest, ARefusedOneLeavesARestAsItIs) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload(""))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(starts_, 1);
              now_ += absl::Seconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "one.example"); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, AWorkerThatDoesNotEndForItIsKilled) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Reload("ovoc0"))
      .When(ToldToStop(), Advance(absl::Seconds(5)))
      .When(Workers(2), [this] {
        EXPECT_EQ(workers_[0]->kills, 1);
        EXPECT_EQ(worker().server, "new1.example");
      });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, UnchangedSettingsKeepTheWorker) {
  change_ = [](TunnelConfig*) {};
  script_->When(Workers(1), Reload("ovoc0")).When(Turns(3), [this] {
    EXPECT_FALSE(worker().end.ReceiveFromKeeper(kNoWait).ok());
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept changed=nothing");
}

TEST_F(KeeperReloadTest, TheWorkerIsToldOfTimesThatChanged) {
  change_ = [](TunnelConfig* config) {
    config->settings.keep_alive = absl::Seconds(3);
    config->settings.reconnect_spread = absl::Seconds(44);
  };
  script_->When(Workers(1), Reload("ovoc0"));
  script_->When(
      [this] {
        const auto tune = Hear<Tune>();
        return tune.has_value() &&
               tune->tuning.keep_alive == absl::Seconds(3) &&
               tune->tuning.reconnect_spread == absl::Seconds(44);
      },
      Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept "
            "changed=WSTunKeepAlive,WSTunReconnectSpread");
}

TEST_F(KeeperReloadTest, TheNextLoginGetsANewPassword) {
  change_ = [](TunnelConfig* config) {
    config->credentials = std::make_unique<auth::BasicCredentials>(
        auth::BasicCredentials::Create("VPN", auth::Secret::FromString("n3w"))
            .value());
  };
  script_->When(Workers(1), Reload("ovoc0"))
      .Then([this] { Say(AskAuthorization{}); })
      .When(
          [this] {
            const auto answer = Hear<Authorization>();
            return answer.has_value() &&
                   answer->value ==
                       auth::Secret::FromString("Basic VlBOOm4zdw==");
          },
          Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept changed=WSTunPassword "
            "at_next_login=WSTunPassword");
}

TEST_F(KeeperReloadTest, UnchangedSettingsDoNotEndARest) {
  random_byte_ = 0xff;
  change_ = [](TunnelConfig*) {};
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload("ovoc0"))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(starts_, 1);
              now_ += absl::Seconds(1);
            })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, IsNotHeardOnceItStops) {
  script_->When(Workers(1), Stop())
      .Then(Reload("ovoc1"))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)));
  RunToTheEnd();
  EXPECT_EQ(loads_, 0);
  EXPECT_EQ(opened_.size(), 1u);
}

}  // namespace
}  // namespace ovoc::tunnel
