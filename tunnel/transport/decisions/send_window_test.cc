// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/send_window.h"

#include <algorithm>
#include <cstddef>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kTick = absl::Microseconds(100);

// A socket as Linux has it: it is full with a window unsent, and tells of room
// when half of that is sent (tcp_stream_memory_free).
class SendWindowTest : public testing::Test {
 protected:
  // Bytes flow at `rate` bytes/s for a time, as many as the socket takes.
  void Pour(double rate, absl::Duration time) {
    for (const absl::Time end = now_ + time; now_ < end; now_ += kTick) {
      Drain(rate);
      if (!is_full_ || unsent_ < window_.bytes() / 2) {
        Send(SIZE_MAX);
      }
      most_unsent_ = std::max(most_unsent_, unsent_);
    }
  }

  // One message of `bytes` every so often.
  void Talk(double rate, size_t bytes, absl::Duration pause, int times) {
    for (int i = 0; i < times; ++i) {
      Send(bytes);
      for (const absl::Time end = now_ + pause; now_ < end; now_ += kTick) {
        Drain(rate);
      }
    }
  }

  void Drain(double rate) {
    left_over_ += rate * absl::ToDoubleSeconds(kTick);
    const size_t sent = std::min(unsent_, static_cast<size_t>(left_over_));
    left_over_ = unsent_ == sent ? 0 : left_over_ - static_cast<double>(sent);
    unsent_ -= sent;
  }

  void Send(size_t bytes) {
    const size_t room = window_.bytes() - std::min(unsent_, window_.bytes());
    const size_t taken = std::min(bytes, room);
    unsent_ += taken;
    is_full_ = taken < bytes;
    changes_ += window_.OnSent(taken, is_full_, now_) ? 1 : 0;
  }

  SendWindow window_;
  absl::Time now_ = absl::FromUnixSeconds(1000);
  size_t unsent_ = 0;
  double left_over_ = 0;
  bool is_full_ = false;
  size_t most_unsent_ = 0;
  int changes_ = 0;
};

TEST_F(SendWindowTest, IsSmallOnASlowPathAtOnce) {
  Pour(250e3, absl::Milliseconds(100));  // 2 Mbit/s
  EXPECT_EQ(window_.bytes(), SendWindow::kMinBytes);
  EXPECT_LE(most_unsent_, SendWindow::kStartBytes);
  Pour(250e3, absl::Seconds(5));
  EXPECT_EQ(window_.bytes(), SendWindow::kMinBytes);
  EXPECT_EQ(changes_, 1);
}

TEST_F(SendWindowTest, IsSomeMillisecondsWorthOnAPathInBetween) {
  for (const double rate : {1.5e6, 2.5e6, 12.5e6}) {  // 12 to 100 Mbit/s
    Pour(rate, absl::Milliseconds(500));
    const double ms = static_cast<double>(window_.bytes()) / rate * 1000;
    EXPECT_GE(ms, 2) << rate;
    EXPECT_LE(ms, 8.5) << rate;
    changes_ = 0;
    Pour(rate, absl::Seconds(1));
    EXPECT_LE(changes_, 1) << "steady at " << rate;
  }
}

TEST_F(SendWindowTest, IsLargeOnAFastPath) {
  Pour(500e6, absl::Milliseconds(40));  // 4 Gbit/s
  EXPECT_EQ(window_.bytes(), SendWindow::kMaxBytes);
  Pour(500e6, absl::Seconds(1));
  EXPECT_EQ(window_.bytes(), SendWindow::kMaxBytes);
  EXPECT_EQ(changes_, 3);
}

TEST_F(SendWindowTest, FollowsAPathThatChanges) {
  Pour(500e6, absl::Milliseconds(100));
  Pour(250e3, absl::Seconds(2));
  EXPECT_EQ(window_.bytes(), SendWindow::kMinBytes);
  Pour(500e6, absl::Milliseconds(100));
  EXPECT_EQ(window_.bytes(), SendWindow::kMaxBytes);
}

TEST_F(SendWindowTest, GrowsWithASocketThatIsNeverFull) {
  for (int i = 0; i < 1000; ++i) {
    window_.OnSent(16384, false, now_);
    now_ += absl::Microseconds(40);
  }
  EXPECT_EQ(window_.bytes(), SendWindow::kMaxBytes);
}

// As behind a radio link that gathers acknowledgments.
TEST_F(SendWindowTest, ABurstIsNoFastPath) {
  for (int i = 0; i < 50; ++i) {
    Pour(500e6, absl::Microseconds(200));
    Pour(0, absl::Milliseconds(50));
  }
  EXPECT_LE(window_.bytes(), SendWindow::kStartBytes);
}

TEST_F(SendWindowTest, TellsNothingFromAQuietFlow) {
  Talk(250e3, 200, absl::Milliseconds(3), 1000);
  EXPECT_EQ(window_.bytes(), SendWindow::kStartBytes);
  Talk(250e3, 8000, absl::Seconds(1), 20);
  EXPECT_EQ(window_.bytes(), SendWindow::kStartBytes);
  EXPECT_EQ(changes_, 0);
}

// As when packets come while acknowledgments do not.
TEST_F(SendWindowTest, AskingAFullSocketAgainTellsNothing) {
  Pour(500e6, absl::Milliseconds(100));
  window_.OnSent(SendWindow::kMaxBytes, true, now_ += absl::Milliseconds(8));
  for (int i = 0; i < 30; ++i) {
    EXPECT_FALSE(window_.OnSent(0, true, now_ += absl::Milliseconds(1)));
  }
  EXPECT_FALSE(window_.OnSent(5 * SendWindow::kMaxBytes, true, now_));
}

// Silence after a full socket is not the path's.
TEST_F(SendWindowTest, APauseIsNoSlowPath) {
  Pour(500e6, absl::Milliseconds(100));
  Send(SIZE_MAX);
  Talk(500e6, 1, absl::Milliseconds(1), 2);  // room again, not used
  now_ += absl::Seconds(10);
  Pour(500e6, kTick);
  EXPECT_EQ(window_.bytes(), SendWindow::kMaxBytes);
}

}  // namespace
}  // namespace ovoc::tunnel
