// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/our_refusal.h"

#include <map>
#include <string>

#include "conformance/dns/testing/decoder_difference.h"
#include "conformance/dns/testing/hand_made_messages.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

using netif::DnsError;

std::map<std::string, Message> HandMade() {
  std::map<std::string, Message> messages;
  for (const NamedMessage& made : HandMadeMessages()) {
    messages[made.name] = made.message;
  }
  return messages;
}

TEST(OurRefusalTest, NamesTheRuleThatAMessageBreaks) {
  const struct {
    const char* message;
    DifferenceClass kind;
  } kCases[] = {
      {"two questions", DifferenceClass::kTwoQuestions},
      {"a pointer forward", DifferenceClass::kForwardPointer},
      {"a pointer to itself", DifferenceClass::kForwardPointer},
      {"a pointer into the header", DifferenceClass::kHeaderPointer},
      {"130 pointers", DifferenceClass::kTooManyPointers},
      {"a name of 256 bytes", DifferenceClass::kLongName},
      {"A of three bytes", DifferenceClass::kRdataOfOtherSize},
      {"a CNAME with a byte behind", DifferenceClass::kRdataOfOtherSize},
      {"OPT in the answer", DifferenceClass::kOddOpt},
      {"OPT with an owner", DifferenceClass::kOddOpt},
      {"OPT whose option is cut", DifferenceClass::kOddOpt},
      {"no header", DifferenceClass::kUnexplained},
      {"a count that lies", DifferenceClass::kUnexplained},
  };
  std::map<std::string, Message> messages = HandMade();
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.message);
    ASSERT_EQ(messages.count(test.message), 1u);
    netif::DnsMessage ours;
    const DnsError error =
        netif::DecodeDnsMessage(messages[test.message], &ours);
    EXPECT_NE(error, DnsError::kNone);
    EXPECT_EQ(NameOf(RefusedFor(error, messages[test.message])),
              NameOf(test.kind));
  }
}

// What our decoder says is not believed alone.
TEST(OurRefusalTest, ARuleThatTheMessageKeepsExplainsNothing) {
  const Message whole = HandMade()["one address"];
  for (int i = 0; i <= static_cast<int>(DnsError::kDuplicateOpt); ++i) {
    EXPECT_EQ(RefusedFor(static_cast<DnsError>(i), whole),
              DifferenceClass::kUnexplained)
        << i;
  }
}

}  // namespace
}  // namespace ovoc::conformance
