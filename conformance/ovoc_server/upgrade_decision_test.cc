// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/upgrade_decision.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

// The example of RFC 6455 1.3.
constexpr char kKey[] = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr char kAccept[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// A request that every server takes.
RequestHead GoodRequest() {
  RequestHead request;
  request.method = "GET";
  request.target = "/tun";
  request.fields = {
      {"Host", "ovoc.example.net"},
      {"Upgrade", "websocket"},
      {"Connection", "Upgrade"},
      {"Sec-WebSocket-Key", kKey},
      {"Sec-WebSocket-Version", "13"},
      {"Sec-WebSocket-Protocol", "ovoc.audiocodes.com"},
      {"Authorization", "Basic VlBOOjEyMzQ1Ng=="},  // VPN:123456
  };
  return request;
}

RequestHead Without(absl::string_view name) {
  RequestHead request = GoodRequest();
  std::vector<RequestField> kept;
  for (RequestField& field : request.fields) {
    if (field.name != name) {
      kept.push_back(std::move(field));
    }
  }
  request.fields = std::move(kept);
  return request;
}

RequestHead With(absl::string_view name, absl::string_view value) {
  RequestHead request = Without(name);
  request.fields.push_back({std::string(name), std::string(value)});
  return request;
}

RequestHead Twice(absl::string_view name) {
  RequestHead request = GoodRequest();
  request.fields.push_back(
      {std::string(name), std::string(*request.First(name))});
  return request;
}

AnswerCode Decide(ServerStyle style, const RequestHead& request) {
  UpgradeRules rules;
  rules.style = style;
  return DecideUpgrade(rules, request).code;
}

TEST(UpgradeDecisionTest, EveryServerTakesAGoodRequest) {
  for (const ServerStyle style :
       {ServerStyle::kStrict, ServerStyle::kLegacyDirect,
        ServerStyle::kLegacyNginx}) {
    UpgradeRules rules;
    rules.style = style;
    const UpgradeDecision decision = DecideUpgrade(rules, GoodRequest());
    EXPECT_EQ(decision.code, AnswerCode::kSwitchingProtocols);
    EXPECT_EQ(decision.accept, kAccept);
    EXPECT_TRUE(decision.subprotocol);
  }
}

TEST(UpgradeDecisionTest, EachServerRefusesWhatItDoes) {
  constexpr AnswerCode kTaken = AnswerCode::kSwitchingProtocols;
  constexpr AnswerCode kBad = AnswerCode::kBadRequest;
  constexpr AnswerCode kWho = AnswerCode::kUnauthorized;
  constexpr AnswerCode kUpgrade = AnswerCode::kUpgradeRequired;
  constexpr AnswerCode kGateway = AnswerCode::kBadGateway;
  const struct {
    const char* name;
    RequestHead request;
    AnswerCode strict;
    AnswerCode direct;
    AnswerCode nginx;
  } kCases[] = {
      {"no credentials", Without("Authorization"), kWho, kTaken, kWho},
      // VPN:wrong, as recording 05 has it.
      {"wrong password", With("Authorization", "Basic VlBOOndyb25n"), kWho,
       kTaken, kWho},
      {"password cut short", With("Authorization", "Basic VlBOOjEyMzQ1"), kWho,
       kTaken, kWho},
      {"another scheme", With("Authorization", "Bearer VlBOOjEyMzQ1Ng=="), kWho,
       kTaken, kWho},
      {"no base64", With("Authorization", "Basic VPN:123456"), kWho, kTaken,
       kWho},
      {"scheme in lower case", With("Authorization", "basic VlBOOjEyMzQ1Ng=="),
       kTaken, kTaken, kTaken},
      {"credentials twice", Twice("Authorization"), kBad, kTaken, kTaken},
      {"no Host", Without("Host"), kBad, kTaken, kBad},
      {"Host twice", Twice("Host"), kBad, kTaken, kBad},
      // The legacy client sends neither of these two.
      {"no version", Without("Sec-WebSocket-Version"), kUpgrade, kTaken,
       kTaken},
      {"no subprotocol", Without("Sec-WebSocket-Protocol"), kTaken, kTaken,
       kTaken},
      {"version 8", With("Sec-WebSocket-Version", "8"), kUpgrade, kTaken,
       kTaken},
      {"version twice", Twice("Sec-WebSocket-Version"), kUpgrade, kTaken,
       kTaken},
      {"no Upgrade", Without("Upgrade"), kUpgrade, kTaken, kTaken},
      {"another Upgrade", With("Upgrade", "h2c"), kUpgrade, kTaken, kTaken},
      {"no Connection", Without("Connection"), kUpgrade, kTaken, kTaken},
      {"Connection list", With("Connection", "keep-alive, upgrade"), kTaken,
       kTaken, kTaken},
      // The key of recording 01's client has 10 bytes.
      {"short key", With("Sec-WebSocket-Key", "KNnE/Tb7ekWjbQ=="), kBad, kTaken,
       kTaken},
      {"no key", Without("Sec-WebSocket-Key"), kBad, kGateway, kGateway},
      {"empty key", With("Sec-WebSocket-Key", ""), kBad, kGateway, kGateway},
      {"key twice", Twice("Sec-WebSocket-Key"), kBad, kTaken, kTaken},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Decide(ServerStyle::kStrict, c.request), c.strict) << c.name;
    EXPECT_EQ(Decide(ServerStyle::kLegacyDirect, c.request), c.direct)
        << c.name;
    EXPECT_EQ(Decide(ServerStyle::kLegacyNginx, c.request), c.nginx) << c.name;
  }
}

TEST(UpgradeDecisionTest, OnlyTunWsItselfTakesAnyPath) {
  RequestHead request = GoodRequest();
  request.target = "/nosuch";
  EXPECT_EQ(Decide(ServerStyle::kStrict, request), AnswerCode::kNotFound);
  EXPECT_EQ(Decide(ServerStyle::kLegacyNginx, request), AnswerCode::kNotFound);
  EXPECT_EQ(Decide(ServerStyle::kLegacyDirect, request),
            AnswerCode::kSwitchingProtocols);
  request.target = "/tun?a=b";
  EXPECT_EQ(Decide(ServerStyle::kStrict, request),
            AnswerCode::kSwitchingProtocols);
  request.target = "/tun/";
  EXPECT_EQ(Decide(ServerStyle::kStrict, request), AnswerCode::kNotFound);
}

TEST(UpgradeDecisionTest, AWrongPathComesBeforeWrongCredentials) {
  RequestHead request = Without("Authorization");
  request.target = "/nosuch";
  EXPECT_EQ(Decide(ServerStyle::kStrict, request), AnswerCode::kNotFound);
  EXPECT_EQ(Decide(ServerStyle::kLegacyNginx, request), AnswerCode::kNotFound);
}

TEST(UpgradeDecisionTest, StrictWantsGetAndHttp11) {
  RequestHead request = GoodRequest();
  request.method = "POST";
  EXPECT_EQ(Decide(ServerStyle::kStrict, request), AnswerCode::kBadRequest);
  request = GoodRequest();
  request.minor_version = 0;
  EXPECT_EQ(Decide(ServerStyle::kStrict, request), AnswerCode::kBadRequest);
}

TEST(UpgradeDecisionTest, NginxKeepsTheConnectionUnlessAskedNotTo) {
  UpgradeRules rules;
  rules.style = ServerStyle::kLegacyNginx;
  RequestHead request = Without("Authorization");
  EXPECT_EQ(DecideUpgrade(rules, request).afterlife, Afterlife::kKeepAlive);
  request.fields.push_back({"Connection", "close"});
  EXPECT_EQ(DecideUpgrade(rules, request).afterlife, Afterlife::kClose);
  request = Without("Authorization");
  request.minor_version = 0;
  EXPECT_EQ(DecideUpgrade(rules, request).afterlife, Afterlife::kClose);
}

TEST(UpgradeDecisionTest, NginxChecksThePasswordBeforeItAsksADeadDaemon) {
  UpgradeRules rules;
  rules.style = ServerStyle::kLegacyNginx;
  rules.daemon = UpgradeRules::Daemon::kDown;
  EXPECT_EQ(DecideUpgrade(rules, GoodRequest()).code, AnswerCode::kBadGateway);
  EXPECT_EQ(DecideUpgrade(rules, Without("Authorization")).code,
            AnswerCode::kUnauthorized);
}

TEST(UpgradeDecisionTest, StrictNamesTheSubprotocolOnlyWhenOffered) {
  UpgradeRules rules;
  EXPECT_FALSE(
      DecideUpgrade(rules, Without("Sec-WebSocket-Protocol")).subprotocol);
  EXPECT_FALSE(
      DecideUpgrade(rules, With("Sec-WebSocket-Protocol", "chat")).subprotocol);
  EXPECT_TRUE(DecideUpgrade(rules, With("Sec-WebSocket-Protocol",
                                        "chat, ovoc.audiocodes.com"))
                  .subprotocol);
  rules.style = ServerStyle::kLegacyDirect;
  EXPECT_TRUE(
      DecideUpgrade(rules, Without("Sec-WebSocket-Protocol")).subprotocol);
}

TEST(UpgradeDecisionTest, NoPasswordConfiguredMeansNoneIsAsked) {
  UpgradeRules rules;
  rules.user_and_password.clear();
  EXPECT_EQ(DecideUpgrade(rules, Without("Authorization")).code,
            AnswerCode::kSwitchingProtocols);
}

}  // namespace
}  // namespace ovoc::conformance
