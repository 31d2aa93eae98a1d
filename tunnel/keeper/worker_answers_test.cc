// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_answers.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "auth/basic_credentials.h"
#include "gtest/gtest.h"
#include "netif/testing/fake_interface_config.h"
#include "openssl/ec_key.h"
#include "openssl/nid.h"
#include "openssl/ssl.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

// A worker's request to set `prefix`.
SetAddress Address(absl::string_view prefix) {
  return SetAddress{*netif::Ipv4Prefix::Parse(prefix)};
}

class WorkerAnswersTest : public testing::Test {
 protected:
  WorkerAnswersTest() {
    config_.settings.mtu = 1400;
    config_.settings.servers = {{"one.example"}, {"two.example"}};
    config_.credentials = std::make_unique<auth::BasicCredentials>(
        auth::BasicCredentials::Create("VPN",
                                       auth::Secret::FromString("123456"))
            .value());
  }

  absl::StatusOr<std::optional<KeeperMessage>> Answer(
      const WorkerMessage& message) {
    return AnswerWorker(message,
                        {&config_, "ovoc0", &interface_config_, look_around_,
                         &sockets_, &signatures_, absl::UnixEpoch()});
  }

  TunnelConfig config_;
  netif::FakeInterfaceConfig interface_config_;
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  SocketGranter sockets_{&logger_};
  MessageBudget signatures_{kSignatureBudget};
  std::function<void(TunnelConfig*)> look_around_ = [](TunnelConfig* config) {
    config->sockets.vrf = "main-vrf";
    config->attempt.dns.servers = {*netif::IpAddress::Parse("192.0.2.53")};
  };
};

TEST_F(WorkerAnswersTest, AnAddressOfTheRangeIsSet) {
  auto answer = Answer(Address("169.254.0.2/32"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_TRUE(answer->has_value());
  EXPECT_TRUE(std::get<AddressSet>(**answer).result.ok());
  EXPECT_EQ(interface_config_.calls(),
            std::vector<std::string>{"configure ovoc0 169.254.0.2/32 1400"});
}

TEST_F(WorkerAnswersTest, AnyOtherIsSetByNoMeans) {
  for (const char* overlay :
       {"169.254.0.1/32",  // OVOC's own
        "10.0.0.2/32", "169.254.169.254/32", "169.254.64.1/32",
        "169.254.0.2/18",  // no peer-to-peer
        "169.254.0.2/31"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Answer(Address(overlay)).status()))
        << overlay;
  }
  EXPECT_TRUE(interface_config_.calls().empty());
}

TEST_F(WorkerAnswersTest, WithPeerToPeerThePrefixStaysInsideTheRange) {
  config_.attempt.session.overlay.reach = netif::OverlayReach::kHosts;
  EXPECT_TRUE(Answer(Address("169.254.0.2/18")).ok());
  EXPECT_TRUE(Answer(Address("169.254.0.2/24")).ok());
  for (const int prefix_length : {0, 16, 17, 31, 32}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        Answer(Address(absl::StrCat("169.254.0.2/", prefix_length))).status()))
        << prefix_length;
  }
}

TEST_F(WorkerAnswersTest, ANameServersAddressIsNotTaken) {
  config_.attempt.dns.servers = {*netif::IpAddress::Parse("169.254.20.10")};
  config_.attempt.address = netif::IpAddress::Parse("169.254.20.11");
  config_.attempt.other_servers = {*netif::IpAddress::Parse("169.254.20.12")};
  for (const char* address :
       {"169.254.20.10/32", "169.254.20.11/32", "169.254.20.12/32"}) {
    auto answer = Answer(Address(address));
    ASSERT_TRUE(answer.ok() && answer->has_value());
    const absl::Status& result = std::get<AddressSet>(**answer).result;
    EXPECT_TRUE(absl::IsAlreadyExists(result)) << result;
    EXPECT_NE(result.message().find("169.254.20.1"), std::string::npos);
  }
  EXPECT_TRUE(interface_config_.calls().empty());
}

TEST_F(WorkerAnswersTest, SurroundingsAreLookedForAnew) {
  auto answer = Answer(AskSurroundings{});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  const auto& found = std::get<Surroundings>(**answer);
  EXPECT_EQ(found.vrf, "main-vrf");
  EXPECT_EQ(found.name_servers.size(), 1u);
}

TEST_F(WorkerAnswersTest, TheKnownAddressesAreThoseOfTheServerAskedFor) {
  const auto one = *netif::IpAddress::Parse("192.0.2.1");
  const auto two = *netif::IpAddress::Parse("192.0.2.2");
  look_around_ = [&](TunnelConfig* config) { config->known = {{one}, {two}}; };
  for (const auto& [server, address] : {std::pair(0, one), std::pair(1, two)}) {
    auto answer = Answer(AskSurroundings{static_cast<size_t>(server)});
    ASSERT_TRUE(answer.ok() && answer->has_value());
    EXPECT_EQ(std::get<Surroundings>(**answer).known,
              std::vector<netif::IpAddress>{address});
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Answer(AskSurroundings{2}).status()))
      << "there are two";
}

TEST_F(WorkerAnswersTest, TheAuthorizationIsTheFieldsValue) {
  auto answer = Answer(AskAuthorization{});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_EQ(std::get<Authorization>(**answer).value.Reveal(
                auth::InsecureSecretAccess::Get()),
            "Basic VlBOOjEyMzQ1Ng==");
}

TEST_F(WorkerAnswersTest, TheProxysLoginIsAnother) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Answer(AskAuthorization{LoginOf::kProxy}).status()))
      << "there is none";
  config_.proxy_credentials = std::make_unique<auth::BasicCredentials>(
      auth::BasicCredentials::Create("Aladdin",
                                     auth::Secret::FromString("open sesame"))
          .value());
  auto answer = Answer(AskAuthorization{LoginOf::kProxy});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_EQ(std::get<Authorization>(**answer).value.Reveal(
                auth::InsecureSecretAccess::Get()),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(WorkerAnswersTest, TheProxysAddressesAreThoseFoundForIt) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(Answer(AskSurroundings{kProxyPlace}).status()))
      << "there is none";
  config_.proxy.emplace();
  const auto address = *netif::IpAddress::Parse("192.0.2.8");
  look_around_ = [&](TunnelConfig* config) {
    config->proxy->hop.known = {address};
  };
  auto answer = Answer(AskSurroundings{kProxyPlace});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_EQ(std::get<Surroundings>(**answer).known,
            std::vector<netif::IpAddress>{address});
}

TEST_F(WorkerAnswersTest, ASocketIsMadeOrNotAsTheRuleSays) {
  config_.attempt.dns.servers = {*netif::IpAddress::Parse("127.0.0.1")};
  auto answer = Answer(
      AskSocket{{SocketPurpose::kDnsUdp, config_.attempt.dns.servers[0]}});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_TRUE(std::get<SocketMade>(**answer).socket.valid());
  EXPECT_TRUE(absl::IsPermissionDenied(
      Answer(AskSocket{{SocketPurpose::kDnsUdp,
                        *netif::IpAddress::Parse("127.0.0.2")}})
          .status()));
}

TEST_F(WorkerAnswersTest, AKeySignsSoManyTimesAndOnlyAsItMay) {
  const SignatureRequest kRequest = {SSL_SIGN_ECDSA_SECP256R1_SHA256,
                                     std::string(32, 'd')};
  EXPECT_TRUE(absl::IsPermissionDenied(Answer(AskSignature{kRequest}).status()))
      << "there is no key";
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  ASSERT_EQ(EC_KEY_generate_key(ec.get()), 1);
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  ASSERT_EQ(EVP_PKEY_set1_EC_KEY(key.get(), ec.get()), 1);
  config_.signing_key =
      *SigningKey::Create(std::move(key), TlsProfile::kApproved);
  for (int i = 0; i < 16; ++i) {
    auto answer = Answer(AskSignature{kRequest});
    ASSERT_TRUE(answer.ok() && answer->has_value()) << answer.status();
    EXPECT_TRUE(std::get<SignatureMade>(**answer).result.ok());
    EXPECT_FALSE(std::get<SignatureMade>(**answer).signature.empty());
  }
  auto answer = Answer(AskSignature{kRequest});
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_TRUE(
      absl::IsResourceExhausted(std::get<SignatureMade>(**answer).result));
  signatures_.PutBack();
  EXPECT_TRUE(absl::IsPermissionDenied(
      Answer(AskSignature{{SSL_SIGN_RSA_PKCS1_SHA256, std::string(32, 'd')}})
          .status()));
}

TEST_F(WorkerAnswersTest, WhatAsksForNothingHasNoAnswer) {
  for (const WorkerMessage& message :
       {WorkerMessage(WorkerReady{}), WorkerMessage(Progress{}),
        WorkerMessage(FilterViolation{1}), WorkerMessage(LastWord{"x"})}) {
    const auto answer = Answer(message);
    ASSERT_TRUE(answer.ok());
    EXPECT_FALSE(answer->has_value());
  }
}

class FakeWorker : public WorkerProcess {
 public:
  explicit FakeWorker(Channel channel) : channel_(std::move(channel)) {}
  pid_t pid() const override { return 1; }
  Channel* channel() override { return &channel_; }
  void Kill() override {}
  std::optional<int> Ended() override { return std::nullopt; }

 private:
  Channel channel_;
};

TEST(TellSettingsTest, AWorkerHearsOnlyOfWhatItKeepsItself) {
  Channel::Pair pair = Channel::MakePair().value();
  FakeWorker worker(std::move(pair.keeper));
  Settings settings;
  settings.reconnect_spread = absl::Seconds(42);
  SettingsChange change;
  for (const Takeover silent :
       {Takeover::kNothing, Takeover::kNextLookup, Takeover::kNextLogin}) {
    change.takeover = silent;
    EXPECT_TRUE(TellSettings(change, settings, &worker));
  }
  EXPECT_TRUE(absl::IsNotFound(
      pair.worker.ReceiveFromKeeper(Channel::Wait::kNo).status()));
  change.takeover = Takeover::kTellWorker;
  EXPECT_TRUE(TellSettings(change, settings, &worker));
  const auto heard = pair.worker.ReceiveFromKeeper(Channel::Wait::kNo);
  ASSERT_TRUE(heard.ok() && std::holds_alternative<Tune>(*heard));
  EXPECT_EQ(std::get<Tune>(*heard).tuning.reconnect_spread, absl::Seconds(42));
  EXPECT_TRUE(TellSettings(change, settings, nullptr)) << "there is no worker";
}

TEST(TellSettingsTest, AnotherWorkerIsNeededForTheRest) {
  Channel::Pair pair = Channel::MakePair().value();
  FakeWorker worker(std::move(pair.keeper));
  SettingsChange change;
  change.takeover = Takeover::kNewWorker;
  EXPECT_FALSE(TellSettings(change, Settings(), &worker));
  EXPECT_FALSE(TellSettings(change, Settings(), nullptr));
  change.takeover = Takeover::kTellWorker;
  pair.worker = Channel(netif::UniqueFd());  // it is gone, or does not read
  EXPECT_FALSE(TellSettings(change, Settings(), &worker));
}

}  // namespace
}  // namespace ovoc::tunnel
