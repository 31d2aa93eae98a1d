// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/printable_line.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(PrintableLineTest, IsPrintableAsciiOfABoundedLength) {
  EXPECT_TRUE(IsPrintableLine("a ~!"));
  EXPECT_TRUE(IsPrintableLine(std::string(kMaxErrorTextBytes, 'a')));
  EXPECT_FALSE(IsPrintableLine(std::string(kMaxErrorTextBytes + 1, 'a')));
  EXPECT_FALSE(IsPrintableLine(""));
}

TEST(PrintableLineTest, HasNoOtherByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(IsPrintableLine(absl::string_view(&c, 1)),
              byte >= 32 && byte < 127)
        << byte;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
