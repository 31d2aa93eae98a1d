// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/flush_output.h"

#include <errno.h>

#include <fstream>
#include <ostream>
#include <sstream>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(FlushOutputTest, IsFineWhenAllIsWritten) {
  std::ostringstream out;
  out << "text";
  EXPECT_TRUE(FlushOutput(&out).ok());
  EXPECT_EQ(out.str(), "text");
}

// Buffers write nothing before the end.
TEST(FlushOutputTest, FindsOutWhatTheBufferHid) {
  std::ofstream full("/dev/full");
  ASSERT_TRUE(full.good());
  full << "text";
  const absl::Status status = FlushOutput(&full);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status.message(),
            "cannot write to standard output, so the output is lost: No space "
            "left on device");
}

// The reason of the line that was lost is gone by then.
TEST(FlushOutputTest, RemembersAWriteThatFailedBefore) {
  std::ofstream full("/dev/full");
  full << "text" << std::flush;
  errno = ENOENT;
  EXPECT_EQ(FlushOutput(&full).message(),
            "cannot write to standard output, so the output is lost");
}

}  // namespace
}  // namespace ovoc::tunnel
