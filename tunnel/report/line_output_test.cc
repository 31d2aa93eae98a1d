// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/line_output.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// More than any of the readers below holds.
constexpr int kMany = 5000;

std::string Line(int number) {
  return absl::StrCat("line ", number, " ", std::string(180, 'x'), "\n");
}

// Writes lines until the reader has no room, then some more. How many were
// taken.
int Fill(LineOutput* output) {
  int taken = 0;
  for (int i = 0; i < kMany; ++i) {
    taken += output->Write(Line(i)) ? 1 : 0;
  }
  return taken;
}

bool IsNonBlocking(int fd) { return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0; }

std::string ReadAll(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  std::string all;
  char buffer[4096];
  for (ssize_t size = read(fd, buffer, sizeof(buffer)); size > 0;
       size = read(fd, buffer, sizeof(buffer))) {
    all.append(buffer, static_cast<size_t>(size));
  }
  return all;
}

// Whole lines in ascending order, and nothing else.
void ExpectWholeLines(const std::string& text) {
  int last = -1;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos) << "a line that is cut";
    const std::string line = text.substr(at, end - at + 1);
    const int number = atoi(line.c_str() + 5);
    ASSERT_EQ(line, Line(number));
    ASSERT_GT(number, last);
    last = number;
    at = end + 1;
  }
}

class PipeTest : public testing::Test {
 protected:
  PipeTest() { EXPECT_EQ(pipe(ends_), 0); }
  ~PipeTest() override {
    close(ends_[0]);
    close(ends_[1]);
  }

  // Writes to a pipe of another user's, which cannot be opened again.
  void MakeForeign() {
    ASSERT_EQ(fchmod(ends_[1], 0), 0);
    const uid_t user = geteuid();
    if (user == 0) {
      ASSERT_EQ(seteuid(65534), 0);
    }
    output_.emplace(ends_[1]);
    if (user == 0) {
      ASSERT_EQ(seteuid(0), 0);
    }
    EXPECT_FALSE(IsNonBlocking(ends_[1]));
  }

  int ends_[2] = {-1, -1};
  std::optional<LineOutput> output_;
};

TEST_F(PipeTest, APipeThatNobodyReadsTakesWhatItHoldsAndNoMore) {
  LineOutput output(ends_[1]);
  const int taken = Fill(&output);
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, kMany);
  ExpectWholeLines(ReadAll(ends_[0]));
  EXPECT_TRUE(output.Write(Line(0))) << "there is room again";
  EXPECT_EQ(ReadAll(ends_[0]), Line(0));
}

TEST_F(PipeTest, OtherProgramsThatShareThePipeWaitAsBefore) {
  const int shared = dup(ends_[1]);  // as another program has it
  LineOutput output(ends_[1]);
  EXPECT_TRUE(output.Write("x\n"));
  EXPECT_FALSE(IsNonBlocking(shared));
  EXPECT_TRUE(IsNonBlocking(ends_[1])) << "ours, by itself";
  close(shared);
}

// Its owner is another user, as where a supervisor made the pipe.
TEST_F(PipeTest, APipeThatCannotBeOpenedAgainIsAskedForRoom) {
  MakeForeign();
  const int taken = Fill(&*output_);
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, kMany);
  ExpectWholeLines(ReadAll(ends_[0]));
  EXPECT_TRUE(output_->Write(Line(0)));
}

// "There is room" means some room: the rest of the line would be waited for.
TEST_F(PipeTest, NobodyWaitsForTheRoomOfALongLine) {
  MakeForeign();
  alarm(30);  // instead of for ever
  const std::string line = std::string(9999, 'x') + "\n";
  size_t taken = 0;
  for (int i = 0; i < 100; ++i) {
    taken += output_->Write(line) ? line.size() : 0;
  }
  EXPECT_LT(taken, 100 * line.size());
  std::string all = ReadAll(ends_[0]);
  EXPECT_TRUE(output_->Write("y\n")) << "behind what was cut";
  all += ReadAll(ends_[0]);
  EXPECT_EQ(all.size(), taken + 2);
  alarm(0);
}

TEST_F(PipeTest, AReaderThatIsGoneTakesNothing) {
  signal(SIGPIPE, SIG_IGN);
  close(ends_[0]);
  LineOutput output(ends_[1]);
  EXPECT_FALSE(output.Write("x\n"));
}

// A stream socket, as a journal's; it may take a part of a line.
TEST(LineOutputTest, ASocketIsSentToWithoutWaiting) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const int tiny = 1;
  setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &tiny, sizeof(tiny));
  LineOutput output(ends[1]);
  EXPECT_LT(Fill(&output), kMany);
  EXPECT_FALSE(IsNonBlocking(ends[1]));
  std::string all = ReadAll(ends[0]);
  for (int i = 0; i < 10; ++i) {  // what was cut comes to its end
    output.Write(Line(kMany + i));
    all += ReadAll(ends[0]);
  }
  ExpectWholeLines(all);
  close(ends[0]);
  close(ends[1]);
}

// Its other side does not read: as after Ctrl-S.
TEST(LineOutputTest, ATerminalThatIsStoppedHoldsNobodyUp) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  ASSERT_EQ(grantpt(master), 0);
  ASSERT_EQ(unlockpt(master), 0);
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  termios raw;
  ASSERT_EQ(tcgetattr(terminal, &raw), 0);
  cfmakeraw(&raw);
  ASSERT_EQ(tcsetattr(terminal, TCSANOW, &raw), 0);
  LineOutput output(terminal);
  ASSERT_EQ(tcflow(terminal, TCOOFF), 0);
  EXPECT_FALSE(output.Write(Line(0)));
  ASSERT_EQ(tcflow(terminal, TCOON), 0);
  EXPECT_TRUE(output.Write(Line(1)));
  EXPECT_LT(Fill(&output), kMany);
  std::string all = ReadAll(master);
  for (int i = 0; i < 10; ++i) {
    output.Write(Line(kMany + i));
    all += ReadAll(master);
  }
  EXPECT_EQ(all.substr(0, Line(1).size()), Line(1));
  ExpectWholeLines(all.substr(Line(1).size()));
  close(terminal);
  close(master);
}

TEST(LineOutputTest, AFileGrowsAtItsEnd) {
  std::string path = testing::TempDir() + "/line_output_XXXXXX";
  const int fd = mkstemp(path.data());
  ASSERT_GE(fd, 0);
  ASSERT_EQ(write(fd, "before\n", 7), 7);
  LineOutput output(fd);
  EXPECT_TRUE(output.Write("after\n"));
  ASSERT_EQ(write(fd, "more\n", 5), 5);
  const int reader = open(path.c_str(), O_RDONLY);
  EXPECT_EQ(ReadAll(reader), "before\nafter\nmore\n");
  close(reader);
  close(fd);
  unlink(path.c_str());
}

TEST(LineOutputTest, AFullFileTakesNothing) {
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  LineOutput output(full);
  EXPECT_FALSE(output.Write("x\n"));
  close(full);
}

TEST(LineOutputTest, NothingIsTakenWithoutADescriptor) {
  EXPECT_FALSE(LineOutput(-1).Write("x\n"));
  const int null = open("/dev/null", O_RDWR);
  EXPECT_TRUE(LineOutput(null).Write("x\n"));
  close(null);
}

}  // namespace
}  // namespace ovoc::tunnel
