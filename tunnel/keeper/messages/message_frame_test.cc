// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_frame.h"

#include <vector>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(MessageFrameTest, GivesKindAndFields) {
  const Bytes bytes = {7, 0, 2, 'a', 'b', 0, 0};
  const auto frame = OpenFrame(bytes, bytes.size());
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->kind, 7u);
  EXPECT_EQ(Bytes(frame->fields.begin(), frame->fields.end()),
            (Bytes{'a', 'b'}));
  EXPECT_TRUE(OpenFrame(Bytes{255, 0, 0}, 3)->fields.empty());
}

struct Refused {
  Bytes bytes;
  const char* words;
};

TEST(MessageFrameTest, RefusesAllElse) {
  const Refused kRefused[] = {
      {{}, "it has 0 bytes instead of 5"},
      {{7, 0, 1, 'a'}, "it has 4 bytes instead of 5"},
      {{7, 0, 1, 'a', 0, 0}, "it has 6 bytes instead of 5"},
      {{7, 0, 3, 'a', 0}, "there is no room for fields of 3 bytes"},
      {{7, 255, 255, 'a', 0}, "there is no room for fields of 65535 bytes"},
      {{7, 0, 1, 'a', 1}, "there are bytes after the fields"},
  };
  for (const Refused& refused : kRefused) {
    EXPECT_EQ(OpenFrame(refused.bytes, 5).status(),
              MalformedMessage(refused.words));
  }
  EXPECT_EQ(MalformedMessage("x"),
            absl::InvalidArgumentError("message between keeper and worker: x"));
}

}  // namespace
}  // namespace ovoc::tunnel
