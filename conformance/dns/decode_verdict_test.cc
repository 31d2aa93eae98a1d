// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/decode_verdict.h"

#include <vector>

#include "gtest/gtest.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/testing/dns_answer.h"

namespace ovoc::conformance {
namespace {

std::vector<uint8_t> Answer() {
  return netif::DnsAnswer(
             netif::EncodeDnsQuery(1, netif::DnsNameOrRoot("ovoc.example"),
                                   netif::DnsType::kA, netif::Edns::kOff))
      .Address("ovoc.example", 60, "192.0.2.1")
      .Bytes();
}

TEST(DecodeVerdictTest, AWellFormedMessageIsOk) {
  EXPECT_EQ(DecodeVerdict(Answer()), "ok");
}

TEST(DecodeVerdictTest, EveryCutIsMalformedAndSaysWhy) {
  const std::vector<uint8_t> whole = Answer();
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string verdict =
        DecodeVerdict(absl::MakeConstSpan(whole).first(size));
    EXPECT_EQ(verdict.rfind("malformed: ", 0), 0u) << verdict;
    EXPECT_NE(verdict.find("RFC"), std::string::npos) << verdict;
  }
}

TEST(DecodeVerdictTest, TheLongestMessageHas65535Bytes) {
  std::vector<uint8_t> message = Answer();
  message.resize(65535);  // bytes behind the last record are ignored
  EXPECT_EQ(DecodeVerdict(message), "ok");
  message.push_back(0);
  EXPECT_EQ(
      DecodeVerdict(message),
      "malformed: the message is longer than 65535 bytes (RFC 1035 4.2.2)");
}

}  // namespace
}  // namespace ovoc::conformance
