// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/hand_made_messages.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

TEST(HandMadeMessagesTest, NoTwoAreTheSame) {
  std::set<std::string> names;
  std::set<Message> messages;
  for (const NamedMessage& made : HandMadeMessages()) {
    EXPECT_TRUE(names.insert(made.name).second) << made.name;
    EXPECT_TRUE(messages.insert(made.message).second) << made.name;
  }
  EXPECT_GT(names.size(), 40u);
}

TEST(HandMadeMessagesTest, TheFirstAreRightAndTheLastAreWrong) {
  const std::vector<NamedMessage> all = HandMadeMessages();
  bool wrong = false;
  for (const NamedMessage& made : all) {
    wrong |= made.name == "no header";  // the first of the wrong ones
    netif::DnsMessage message;
    const netif::DnsError error =
        netif::DecodeDnsMessage(made.message, &message);
    EXPECT_EQ(error != netif::DnsError::kNone, wrong) << made.name;
  }
  EXPECT_TRUE(wrong);
}

}  // namespace
}  // namespace ovoc::conformance
