// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/flood_arguments.h"

#include <arpa/inet.h>

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Words = std::vector<const char*>;

TEST(FloodArgumentsTest, ReadsWhatToSend) {
  const std::optional<FloodArguments> read =
      ParseFloodArguments(Words{"send", "192.0.2.7", "5001", "400000", "0.5"});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->role, FloodArguments::Role::kSend);
  EXPECT_EQ(read->address.sin_family, AF_INET);
  EXPECT_EQ(ntohl(read->address.sin_addr.s_addr), 0xC0000207u);
  EXPECT_EQ(ntohs(read->address.sin_port), 5001);
  EXPECT_EQ(read->rate, 400000);
  EXPECT_EQ(read->time, absl::Milliseconds(500));
  EXPECT_EQ(read->burst, 1) << "unless it is given";
}

TEST(FloodArgumentsTest, ReadsWhatToCount) {
  const std::optional<FloodArguments> read =
      ParseFloodArguments(Words{"count", "127.0.0.1", "65535", "60"});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->role, FloodArguments::Role::kCount);
  EXPECT_EQ(ntohl(read->address.sin_addr.s_addr), 0x7F000001u);
  EXPECT_EQ(ntohs(read->address.sin_port), 65535);
  EXPECT_EQ(read->time, absl::Minutes(1));
}

TEST(FloodArgumentsTest, EachRangeHasItsEnds) {
  const struct {
    const char* name;
    Words words;
    bool good;
  } kCases[] = {
      {"the lowest rate", {"send", "127.0.0.1", "1", "1", "1"}, true},
      {"a lower one", {"send", "127.0.0.1", "1", "0.9", "1"}, false},
      {"the highest rate", {"send", "127.0.0.1", "1", "1e7", "1"}, true},
      {"a higher one", {"send", "127.0.0.1", "1", "10000001", "1"}, false},
      {"no number as rate", {"send", "127.0.0.1", "1", "nan", "1"}, false},
      {"endless rate", {"send", "127.0.0.1", "1", "inf", "1"}, false},
      {"a short time", {"send", "127.0.0.1", "1", "1", "0.001"}, true},
      {"no time", {"send", "127.0.0.1", "1", "1", "0"}, false},
      {"a time that is past", {"send", "127.0.0.1", "1", "1", "-1"}, false},
      {"no number as time", {"send", "127.0.0.1", "1", "1", "nan"}, false},
      {"a minute", {"send", "127.0.0.1", "1", "1", "60"}, true},
      {"more than a minute", {"send", "127.0.0.1", "1", "1", "60.1"}, false},
      {"the largest burst", {"send", "127.0.0.1", "1", "1", "1", "64"}, true},
      {"a larger one", {"send", "127.0.0.1", "1", "1", "1", "65"}, false},
      {"no burst", {"send", "127.0.0.1", "1", "1", "1", "0"}, false},
      {"half a burst", {"send", "127.0.0.1", "1", "1", "1", "1.5"}, false},
      {"port 0", {"count", "127.0.0.1", "0", "1"}, false},
      {"port 65536", {"count", "127.0.0.1", "65536", "1"}, false},
      {"a port below 0", {"count", "127.0.0.1", "-1", "1"}, false},
      {"the port's name", {"count", "127.0.0.1", "http", "1"}, false},
      {"a time to count of zero", {"count", "127.0.0.1", "1", "0"}, false},
      {"a long time to count", {"count", "127.0.0.1", "1", "61"}, false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ParseFloodArguments(c.words).has_value(), c.good) << c.name;
  }
}

TEST(FloodArgumentsTest, RefusesWordsThatAreMissingTooManyOrOthers) {
  const Words kCases[] = {
      {},
      {""},
      {"send"},
      {"count"},
      {"receive", "127.0.0.1", "1", "1"},
      {"Send", "127.0.0.1", "1", "1", "1"},
      {"send", "127.0.0.1", "1", "1"},
      {"send", "127.0.0.1", "1", "1", "1", "1", "1"},
      {"count", "127.0.0.1", "1"},
      {"count", "127.0.0.1", "1", "1", "1"},
      {"send", "localhost", "1", "1", "1"},
      {"send", "::1", "1", "1", "1"},
      {"send", "127.0.1", "1", "1", "1"},
      {"send", "", "1", "1", "1"},
  };
  for (const Words& words : kCases) {
    EXPECT_FALSE(ParseFloodArguments(words).has_value())
        << testing::PrintToString(words);
  }
}

}  // namespace
}  // namespace ovoc::conformance
