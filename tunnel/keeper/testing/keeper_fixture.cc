// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/testing/keeper_fixture.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/basic_credentials.h"

namespace ovoc::tunnel {
namespace {

class CountedDevice : public netif::FakeTunDevice {
 public:
  explicit CountedDevice(int* alive) : alive_(alive) { ++*alive_; }
  ~CountedDevice() override { --*alive_; }

 private:
  int* const alive_;
};

}  // namespace

void KeeperTest::SetUp() {
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

void KeeperTest::TearDown() {
  script_.reset();
  keeper_.reset();
  EXPECT_EQ(devices_alive_, 0);
  unlink((path_ + "/status").c_str());
  rmdir(path_.c_str());
}

void KeeperTest::Make(std::unique_ptr<TunnelConfig> config) {
  keeper_ = std::make_unique<Keeper>(
      Keeper::Parts{
          .loop = loop_.get(),
          .logger = &logger_,
          .publisher = &*publisher_,
          .interface_config = &guard_,
          .random =
              [this](absl::Span<uint8_t> out) {
                std::fill(out.begin(), out.end(), random_byte_);
              },
          .open_device =
              [this](const std::string& name) { return OpenDevice(name); },
          .device_exists =
              [this](const std::string&) { return device_exists_; },
          .start_worker =
              [this](TunnelConfig* running, const netif::TunDevice& device) {
                return StartWorker(running, device.fd());
              },
          .load_config = [this] { return LoadConfig(); },
          .look_around =
              [this](TunnelConfig* running) {
                running->attempt.dns.servers = {
                    *netif::IpAddress::Parse("192.0.2.53")};
                running->sockets.vrf = absl::StrCat("vrf", ++looks_around_);
              },
          .clock = [this] { return now_ += absl::Nanoseconds(1); },
          .guard = &guard_},
      std::move(config));
  script_.emplace(loop_.get(), [this] {
    keeper_->Stop("given up");
    now_ += absl::Seconds(6);
  });
}

std::unique_ptr<TunnelConfig> KeeperTest::Config(
    const std::string& server, const std::string& interface) const {
  auto config = std::make_unique<TunnelConfig>();
  config->settings.servers = {{server}};
  config->settings.interface = interface;
  config->settings.mtu = 1400;
  config->credentials = std::make_unique<auth::BasicCredentials>(
      auth::BasicCredentials::Create("VPN", auth::Secret::FromString("s3cret"))
          .value());
  return config;
}

absl::StatusOr<std::unique_ptr<netif::TunDevice>> KeeperTest::OpenDevice(
    const std::string& name) {
  if (!open_status_.ok()) {
    return open_status_;
  }
  opened_.push_back(name);
  auto device = std::make_unique<CountedDevice>(&devices_alive_);
  device_ = device.get();
  return device;
}

absl::StatusOr<std::unique_ptr<WorkerProcess>> KeeperTest::StartWorker(
    TunnelConfig* running, int tun_fd) {
  ++starts_;
  if (!start_status_.ok()) {
    return start_status_;
  }
  Channel::Pair pair = Channel::MakePair().value();
  workers_.push_back(std::make_unique<WorkerView>(
      WorkerView{.end = std::move(pair.worker),
                 .server = running->settings.servers[0].name,
                 .place = running->server,
                 .tun_fd = tun_fd}));
  return std::make_unique<FakeWorker>(
      std::move(pair.keeper), workers_.back().get(), child_event_.get());
}

absl::StatusOr<std::unique_ptr<TunnelConfig>> KeeperTest::LoadConfig() {
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

void KeeperTest::Die(int wait_status) {
  FakeWorker::End(&worker(), child_event_.get(), wait_status);
}

void KeeperTest::Say(const WorkerMessage& message) {
  EXPECT_TRUE(worker().end.Send(message, kNoWait).ok());
}

void KeeperTest::SayRaw(const std::vector<uint8_t>& bytes) {
  EXPECT_EQ(send(worker().end.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

LoopScript::Condition KeeperTest::Workers(size_t count) {
  return [this, count] { return workers_.size() == count; };
}

LoopScript::Condition KeeperTest::Logged(const std::string& text) {
  return [this, text] { return CountLines(log_, text) > 0; };
}

LoopScript::Condition KeeperTest::ToldToStop() {
  return [this] {
    if (const auto stop = Hear<tunnel::Stop>(); stop.has_value()) {
      ++worker().stops;
      stop_why_ = stop->why;
    }
    return worker().stops > 0;
  };
}

LoopScript::Condition KeeperTest::Turns(int count) {
  return [left = std::make_shared<int>(count)] { return --*left < 0; };
}

LoopScript::Action KeeperTest::Stop() {
  return [this] { keeper_->Stop("SIGTERM"); };
}

LoopScript::Action KeeperTest::Ends(int wait_status) {
  return [this, wait_status] { Die(wait_status); };
}

LoopScript::Action KeeperTest::Advance(absl::Duration by) {
  return [this, by] { now_ += by; };
}

void KeeperTest::StopInOrder() {
  script_->Then(Stop()).When(ToldToStop(), Ends(Exited(ExitCode::kDone)));
}

void KeeperTest::RunToTheEnd() {
  const absl::Status ran = keeper_->Run();
  EXPECT_TRUE(ran.ok()) << ran;
  EXPECT_TRUE(script_->done());
}

std::string KeeperTest::StatusText() const {
  std::ifstream file(path_ + "/status", std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file),
                     std::istreambuf_iterator<char>());
}

std::string KeeperTest::Line(absl::string_view text) const {
  EXPECT_EQ(CountLines(log_, text), 1) << text;
  for (const std::string& line : log_) {
    if (absl::StrContains(line, text)) {
      return line;
    }
  }
  return "";
}

}  // namespace ovoc::tunnel
