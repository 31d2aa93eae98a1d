// SPDX-License-Identifier: Apache-2.0
//
// Our DNS decoder against c-ares and ldns, message by message.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "conformance/dns/testing/cares_difference.h"
#include "conformance/dns/testing/decoder_difference.h"
#include "conformance/dns/testing/hand_made_messages.h"
#include "conformance/dns/testing/ldns_difference.h"
#include "conformance/dns/testing/random_messages.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

constexpr unsigned kSeed = 1035;
constexpr int kMutantsOfEach = 400;
constexpr int kRandomAnswers = 6000;

std::string Hex(const Message& message) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(message.data()),
                        std::min(message.size(), size_t{2000})));
}

// DnsDifferentialTest counts messages and what they differ in.
class DnsDifferentialTest : public testing::Test {
 protected:
  // Holds the decoders against each other. Records the class of each
  // difference; one without a class fails the test.
  void Compare(const Message& message, absl::string_view name) {
    ++messages_;
    netif::DnsMessage decoded;
    accepted_ +=
        netif::DecodeDnsMessage(message, &decoded) == netif::DnsError::kNone
            ? 1u
            : 0u;
    Note("ldns", CompareWithLdns(message), message, name);
    Note("c-ares", CompareWithCares(message, 1), message, name);
    Note("c-ares", CompareWithCares(message, 28), message, name);
  }

  void TearDown() override {
    std::string text =
        absl::StrCat(messages_, " messages, of which ours takes ", accepted_);
    for (const auto& [name, count] : classes_) {
      absl::StrAppend(&text, "\n  ", name, ": ", count);
    }
    std::cout << text << "\n";
  }

  size_t messages_ = 0;
  size_t accepted_ = 0;
  std::map<std::string, size_t> classes_;

 private:
  void Note(absl::string_view other, const Difference& difference,
            const Message& message, absl::string_view name) {
    if (difference.kind == DifferenceClass::kNone) {
      return;
    }
    ++classes_[absl::StrCat(other, " ", NameOf(difference.kind))];
    if (difference.kind == DifferenceClass::kUnexplained && ++failures_ <= 20) {
      ADD_FAILURE() << other << ", " << name << ": " << difference.detail
                    << "\n"
                    << Hex(message);
    }
  }

  int failures_ = 0;
};

TEST_F(DnsDifferentialTest, MessagesMadeByHand) {
  for (const NamedMessage& made : HandMadeMessages()) {
    Compare(made.message, made.name);
  }
}

TEST_F(DnsDifferentialTest, MessagesMadeByHandCutAtEveryByte) {
  for (const NamedMessage& made : HandMadeMessages()) {
    for (size_t size = 0; size < made.message.size() && size < 600; ++size) {
      Compare(Message(made.message.begin(),
                      made.message.begin() + static_cast<ptrdiff_t>(size)),
              absl::StrCat(made.name, " cut to ", size));
    }
  }
}

TEST_F(DnsDifferentialTest, RandomAnswersOfFewNames) {
  std::mt19937 random(kSeed);
  for (int i = 0; i < kRandomAnswers; ++i) {
    Compare(RandomAnswer(&random), absl::StrCat("random answer ", i));
  }
  EXPECT_EQ(accepted_, messages_);
}

TEST_F(DnsDifferentialTest, Mutants) {
  std::mt19937 random(kSeed);
  std::vector<NamedMessage> bases = HandMadeMessages();
  for (int i = 0; i < 50; ++i) {
    bases.push_back({absl::StrCat("random ", i), RandomAnswer(&random)});
  }
  for (size_t i = 0; i < bases.size(); ++i) {
    const Message& other = bases[(i + 1) % bases.size()].message;
    const int mutants = bases[i].message.size() < 4096 ? kMutantsOfEach : 5;
    for (int j = 0; j < mutants; ++j) {
      Compare(Mutate(bases[i].message, other, &random),
              absl::StrCat(bases[i].name, ", mutant ", j));
    }
  }
  EXPECT_GT(accepted_, messages_ / 10) << "mutants have to reach the records";
}

// Each class that a difference may have, shown by a message made by hand.
TEST(DifferenceClassTest, EachHasAnExample) {
  const struct {
    const char* message;
    DifferenceClass ldns;
    DifferenceClass cares;
  } kCases[] = {
      {"one address", DifferenceClass::kNone, DifferenceClass::kNone},
      {"every section", DifferenceClass::kNone, DifferenceClass::kNone},
      {"two questions", DifferenceClass::kTwoQuestions, DifferenceClass::kNone},
      {"a pointer forward", DifferenceClass::kForwardPointer,
       DifferenceClass::kForwardPointer},
      {"a pointer into the header", DifferenceClass::kHeaderPointer,
       DifferenceClass::kHeaderPointer},
      {"130 pointers", DifferenceClass::kTooManyPointers,
       DifferenceClass::kNone},
      {"a name of 256 bytes", DifferenceClass::kNone,
       DifferenceClass::kLongName},
      {"A of no bytes", DifferenceClass::kRdataOfOtherSize,
       DifferenceClass::kRdataOfOtherSize},
      {"an NS in the answer that is none", DifferenceClass::kNone,
       DifferenceClass::kRdataOfOtherSize},
      {"OPT twice", DifferenceClass::kOddOpt, DifferenceClass::kUnreadSections},
      {"OPT in the answer", DifferenceClass::kOddOpt, DifferenceClass::kOddOpt},
      {"a bad authority behind a good answer",
       DifferenceClass::kRdataOfOtherSize, DifferenceClass::kUnreadSections},
      {"a TXT that is none", DifferenceClass::kRdataOfOtherTypes,
       DifferenceClass::kNone},
      {"header only", DifferenceClass::kNone, DifferenceClass::kNotOneQuestion},
      {"a target that is no host name", DifferenceClass::kNone,
       DifferenceClass::kTargetNoHostName},
      {"40 pointers", DifferenceClass::kNone, DifferenceClass::kNone},
      {"100 pointers", DifferenceClass::kNone, DifferenceClass::kFiftyPointers},
      {"an address before its CNAME", DifferenceClass::kNone,
       DifferenceClass::kOrderOfRecords},
      {"a CNAME of another name", DifferenceClass::kNone,
       DifferenceClass::kOrderOfRecords},
      {"a loop with an address", DifferenceClass::kNone,
       DifferenceClass::kLoopOrLongChain},
      {"4000 addresses", DifferenceClass::kNone, DifferenceClass::kManyAnswers},
      {"a label that is a NUL", DifferenceClass::kNone,
       DifferenceClass::kNulLabel},
  };
  std::map<std::string, Message> messages;
  for (const NamedMessage& made : HandMadeMessages()) {
    messages[made.name] = made.message;
  }
  std::set<DifferenceClass> shown;
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.message);
    ASSERT_EQ(messages.count(test.message), 1u);
    const Message& message = messages[test.message];
    const Difference ldns = CompareWithLdns(message);
    const Difference cares = CompareWithCares(message, 1);
    EXPECT_EQ(NameOf(ldns.kind), NameOf(test.ldns)) << ldns.detail;
    EXPECT_EQ(NameOf(cares.kind), NameOf(test.cares)) << cares.detail;
    shown.insert({ldns.kind, cares.kind});
  }
  for (int i = 0; i < static_cast<int>(DifferenceClass::kUnexplained); ++i) {
    EXPECT_EQ(shown.count(static_cast<DifferenceClass>(i)), 1u)
        << NameOf(static_cast<DifferenceClass>(i)) << " has no example";
  }
}

}  // namespace
}  // namespace ovoc::conformance
