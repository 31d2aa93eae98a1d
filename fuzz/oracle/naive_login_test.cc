// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_login.h"

#include <string>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using conformance::AnswerCode;
using conformance::ServerStyle;

// The key and its proof are the example of RFC 6455 1.3; the credentials are
// VPN:123456.
NaiveRequest GoodRequest() {
  NaiveRequest request;
  request.end = NaiveRequest::End::kDone;
  request.method = "GET";
  request.target = "/tun";
  request.fields = {{"Host", "a"},
                    {"Upgrade", "h2c, WebSocket"},
                    {"Connection", "keep-alive,upgrade"},
                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                    {"Sec-WebSocket-Version", "13"},
                    {"Authorization", "bAsic VlBOOjEyMzQ1Ng=="}};
  return request;
}

NaiveRequest With(const std::string& name, const std::string& value) {
  NaiveRequest request = GoodRequest();
  for (auto& field : request.fields) {
    if (field.first == name) {
      field.second = value;
      return request;
    }
  }
  request.fields.emplace_back(name, value);
  return request;
}

struct Codes {
  int strict;
  int direct;
  int nginx;
};

void ExpectCodes(const NaiveRequest& request, Codes codes,
                 const std::string& name) {
  const auto code = [&request](ServerStyle style) {
    return static_cast<int>(JudgeNaiveLogin(request, style).code);
  };
  EXPECT_EQ(code(ServerStyle::kStrict), codes.strict) << name;
  EXPECT_EQ(code(ServerStyle::kLegacyDirect), codes.direct) << name;
  EXPECT_EQ(code(ServerStyle::kLegacyNginx), codes.nginx) << name;
}

TEST(NaiveLogin, GivesTheProofOfTheRfcsExample) {
  for (const ServerStyle style :
       {ServerStyle::kStrict, ServerStyle::kLegacyDirect,
        ServerStyle::kLegacyNginx}) {
    const NaiveLogin login = JudgeNaiveLogin(GoodRequest(), style);
    EXPECT_EQ(login.code, AnswerCode::kSwitchingProtocols);
    EXPECT_EQ(login.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(login.subprotocol, style != ServerStyle::kStrict);
  }
  EXPECT_TRUE(
      JudgeNaiveLogin(With("Sec-WebSocket-Protocol", "x, ovoc.audiocodes.com"),
                      ServerStyle::kStrict)
          .subprotocol);
}

TEST(NaiveLogin, KnowsWhatEachServerRefuses) {
  NaiveRequest old = GoodRequest();
  old.minor_version = 0;
  ExpectCodes(old, {400, 101, 101}, "HTTP/1.0");
  NaiveRequest post = GoodRequest();
  post.method = "POST";
  ExpectCodes(post, {400, 101, 101}, "POST");
  NaiveRequest path = GoodRequest();
  path.target = "/tun/";
  ExpectCodes(path, {404, 101, 404}, "another path");
  path.target = "/tun?x=/";
  ExpectCodes(path, {101, 101, 101}, "a query");
  NaiveRequest twice = GoodRequest();
  twice.fields.emplace_back("host", "b");
  ExpectCodes(twice, {400, 101, 400}, "two hosts");
  ExpectCodes(With("Authorization", "Basic VlBOOjEyMzQ1Nw=="), {401, 101, 401},
              "VPN:123457");
  ExpectCodes(With("Authorization", ""), {401, 101, 401}, "no credentials");
  ExpectCodes(With("Upgrade", "websockets"), {426, 101, 101}, "no upgrade");
  ExpectCodes(With("Connection", "close"), {426, 101, 101}, "no connection");
  ExpectCodes(With("Sec-WebSocket-Version", "8"), {426, 101, 101}, "8");
}

TEST(NaiveLogin, KnowsWhatAKeyIs) {
  const auto expect = [](const std::string& key, Codes codes) {
    ExpectCodes(With("Sec-WebSocket-Key", key), codes, key);
  };
  expect("", {400, 502, 502});
  expect("==", {400, 502, 502});
  expect("A", {400, 101, 101});
  expect("KNnE/Tb7ekWjbQ==", {400, 101, 101});
  expect("dGhlIHNhbXBs ZSBub25j ZQ", {400, 502, 502});
  expect("dGhlIHNhbXBsZSBub25jZQ===", {400, 502, 502});
  expect("dGhlIHNhbXBsZSBub25jZQA=", {400, 101, 101});
  expect(std::string(64, 'a'), {400, 101, 101});
  expect(std::string(65, 'a'), {400, 502, 502});
}

TEST(NaiveLogin, OnlyNginxTakesAnotherRequest) {
  NaiveRequest request = GoodRequest();
  request.target = "/";
  const auto keeps = [&request](ServerStyle style) {
    return JudgeNaiveLogin(request, style).keeps;
  };
  EXPECT_TRUE(keeps(ServerStyle::kLegacyNginx));
  EXPECT_FALSE(keeps(ServerStyle::kLegacyDirect));
  EXPECT_FALSE(keeps(ServerStyle::kStrict));
  request.minor_version = 0;
  EXPECT_FALSE(keeps(ServerStyle::kLegacyNginx));
  request = With("Connection", "upgrade, Close");
  request.target = "/";
  EXPECT_FALSE(keeps(ServerStyle::kLegacyNginx));
  request = GoodRequest();
  request.fields.emplace_back("Host", "b");
  EXPECT_FALSE(keeps(ServerStyle::kLegacyNginx)) << "a bad request";
}

NaiveRequest Without(const std::string& name) {
  NaiveRequest request = GoodRequest();
  for (auto field = request.fields.begin(); field != request.fields.end();
       ++field) {
    if (field->first == name) {
      request.fields.erase(field);
      break;
    }
  }
  return request;
}

NaiveRequest Twice(const std::string& name, const std::string& value) {
  NaiveRequest request = GoodRequest();
  request.fields.emplace_back(name, value);
  return request;
}

TEST(NaiveLogin, KnowsWhatIsMissing) {
  ExpectCodes(Without("Host"), {400, 101, 400}, "no host");
  ExpectCodes(Without("Upgrade"), {426, 101, 101}, "no upgrade");
  ExpectCodes(Without("Connection"), {426, 101, 101}, "no connection");
  ExpectCodes(Without("Authorization"), {401, 101, 401}, "no credentials");
  ExpectCodes(Without("Sec-WebSocket-Key"), {400, 502, 502}, "no key");
  ExpectCodes(Without("Sec-WebSocket-Version"), {426, 101, 101}, "no version");
  NaiveRequest old = Without("Host");  // HTTP/1.0 needs none
  old.minor_version = 0;
  ExpectCodes(old, {400, 101, 101}, "no host in HTTP/1.0");
}

TEST(NaiveLogin, KnowsWhatMayBeThereTwice) {
  ExpectCodes(Twice("Upgrade", "x"), {101, 101, 101}, "a list in two fields");
  ExpectCodes(Twice("Connection", "x"), {101, 101, 101}, "likewise");
  ExpectCodes(Twice("sec-websocket-version", "13"), {426, 101, 101}, "version");
  ExpectCodes(Twice("authorization", "Basic x"), {400, 101, 101},
              "of two credentials nginx takes the first");
  ExpectCodes(Twice("Sec-Websocket-Key", "x"), {400, 101, 101}, "two keys");
  NaiveRequest first = GoodRequest();
  first.fields.insert(first.fields.begin(), {"Authorization", "Basic x"});
  ExpectCodes(first, {400, 101, 401}, "the wrong credentials come first");
}

TEST(NaiveLogin, ATokenOfAListIsAWholeWord) {
  for (const char* value : {"xwebsocket", "websocketx", "web socket",
                            "websocket/13", "\"websocket\"", ",,", ""}) {
    ExpectCodes(With("Upgrade", value), {426, 101, 101}, value);
  }
  for (const char* value : {"WEBSOCKET", ",websocket", "websocket,",
                            "a,\t websocket \t,b", "a, ,websocket"}) {
    ExpectCodes(With("Upgrade", value), {101, 101, 101}, value);
  }
}

TEST(NaiveLogin, KnowsItsOneTarget) {
  for (const char* target : {"/", "/tunx", "/TUN", "tun", "/tun#", "//tun",
                             "/a/tun", "*", "http://a/tun", "/%74un"}) {
    NaiveRequest request = GoodRequest();
    request.target = target;
    ExpectCodes(request, {404, 101, 404}, target);
  }
  for (const char* target : {"/tun", "/tun?", "/tun?a=b", "/tun??"}) {
    NaiveRequest request = GoodRequest();
    request.target = target;
    ExpectCodes(request, {101, 101, 101}, target);
  }
}

TEST(NaiveLogin, KnowsItsOneUser) {
  for (const char* value :
       {"VlBOOjEyMzQ1Ng==", "Basic", "Basic ", "Bearer VlBOOjEyMzQ1Ng==",
        "Basic dnBuOjEyMzQ1Ng==",  // vpn:123456
        "Basic VlBOOjEyMzQ1Njc=",  // VPN:1234567
        "Basic VlBOOg==",          // VPN:
        "Basic VlBOOjEyMzQ1Njo=",  // VPN:123456:
        "Basic Olb=", "Basic ****"}) {
    ExpectCodes(With("Authorization", value), {401, 101, 401}, value);
  }
}

}  // namespace
}  // namespace ovoc::fuzz
