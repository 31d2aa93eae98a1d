// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/sd_notify.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// Manager is the service manager's end: a real datagram socket. The name is a
// path, or begins with '@'.
class Manager {
 public:
  explicit Manager(const std::string& name) : name_(name) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    size_t length = offsetof(sockaddr_un, sun_path) + name.size();
    if (name[0] == '@') {
      address.sun_path[0] = '\0';
    } else {
      ++length;
      unlink(name.c_str());
    }
    fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(length)),
              0)
        << strerror(errno);
  }
  ~Manager() {
    close(fd_);
    if (name_[0] == '/') {
      unlink(name_.c_str());
    }
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  const std::string& name() const { return name_; }

  // Receive is one datagram, "nothing" when there is none.
  std::string Receive() const {
    char buffer[512];
    const ssize_t count = recv(fd_, buffer, sizeof(buffer), 0);
    return count < 0 ? "nothing"
                     : std::string(buffer, static_cast<size_t>(count));
  }

 private:
  std::string name_;
  int fd_ = -1;
};

std::string AbstractName(const std::string& test) {
  return absl::StrCat("@ovoc-sd-notify-", test, "-", getpid());
}

TEST(SdNotifyTest, DoesNothingWithoutASocket) {
  const absl::StatusOr<SdNotify> notify = SdNotify::Create({});
  ASSERT_TRUE(notify.ok());
  EXPECT_TRUE(notify->Ready("up").ok());
  EXPECT_TRUE(notify->SetStatus("x").ok());
  EXPECT_TRUE(notify->Stopping("x", absl::Seconds(1)).ok());
  EXPECT_TRUE(notify->Watchdog().ok());
  EXPECT_TRUE(notify->Reloading(absl::Seconds(1)).ok());
}

TEST(SdNotifyTest, SendsEachMessageAsOneDatagram) {
  const Manager manager(AbstractName("messages"));
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.socket = manager.name()});
  ASSERT_TRUE(notify.ok()) << notify.status();
  EXPECT_EQ(manager.Receive(), "nothing");
  EXPECT_TRUE(notify->Ready("overlay 169.254.0.2/18").ok());
  EXPECT_EQ(manager.Receive(), "READY=1\nSTATUS=overlay 169.254.0.2/18\n");
  EXPECT_TRUE(notify->SetStatus("waiting: unauthorized").ok());
  EXPECT_EQ(manager.Receive(), "STATUS=waiting: unauthorized\n");
  EXPECT_TRUE(notify->Watchdog().ok());
  EXPECT_EQ(manager.Receive(), "WATCHDOG=1\n");
  EXPECT_TRUE(notify->Reloading(absl::Microseconds(1234567890123)).ok());
  EXPECT_EQ(manager.Receive(), "RELOADING=1\nMONOTONIC_USEC=1234567890123\n");
  EXPECT_TRUE(notify->Stopping("closing\nX=1", absl::Seconds(10)).ok());
  EXPECT_EQ(manager.Receive(),
            "STOPPING=1\nSTATUS=closing X=1\nEXTEND_TIMEOUT_USEC=10000000\n");
  EXPECT_EQ(manager.Receive(), "nothing");
}

TEST(SdNotifyTest, ReachesASocketInTheFileSystem) {
  std::string folder = "/tmp/ovoc_sd_XXXXXX";  // short: 108 bytes are the limit
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  {
    const Manager manager(folder + "/notify");
    const absl::StatusOr<SdNotify> notify =
        SdNotify::Create({.socket = manager.name()});
    ASSERT_TRUE(notify.ok()) << notify.status();
    EXPECT_TRUE(notify->Watchdog().ok());
    EXPECT_EQ(manager.Receive(), "WATCHDOG=1\n");
  }
  rmdir(folder.c_str());
}

TEST(SdNotifyTest, KeepsAStatusFromCarryingAnotherAssignment) {
  const Manager manager(AbstractName("status"));
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.socket = manager.name()});
  ASSERT_TRUE(notify.ok()) << notify.status();
  EXPECT_TRUE(notify->SetStatus("a\nMAINPID=1\r\x7f").ok());
  EXPECT_EQ(manager.Receive(), "STATUS=a MAINPID=1  \n");
  EXPECT_TRUE(notify->Ready("a\nSTOPPING=1").ok());
  EXPECT_EQ(manager.Receive(), "READY=1\nSTATUS=a STOPPING=1\n");
}

TEST(SdNotifyTest, RefusesAddressesThatAreNotUnixSockets) {
  for (const std::string& name :
       {std::string("notify"), std::string("vsock:2:1234"), std::string("@"),
        std::string("/"), "/" + std::string(107, 'x'),
        "@" + std::string(108, 'x')}) {
    const absl::StatusOr<SdNotify> notify = SdNotify::Create({.socket = name});
    EXPECT_EQ(notify.status().code(), absl::StatusCode::kInvalidArgument)
        << name;
    EXPECT_TRUE(absl::StrContains(notify.status().message(), "NOTIFY_SOCKET"));
  }
}

TEST(SdNotifyTest, TakesTheLongestAbstractName) {
  std::string name = AbstractName("longest");
  name.resize(108, 'x');
  const Manager manager(name);
  const absl::StatusOr<SdNotify> notify = SdNotify::Create({.socket = name});
  ASSERT_TRUE(notify.ok()) << notify.status();
  EXPECT_TRUE(notify->Stopping("x", absl::Seconds(1)).ok());
  EXPECT_EQ(manager.Receive(),
            "STOPPING=1\nSTATUS=x\nEXTEND_TIMEOUT_USEC=1000000\n");
}

TEST(SdNotifyTest, ReportsASocketThatIsNotThere) {
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.socket = AbstractName("absent")});
  EXPECT_FALSE(notify.ok());
}

TEST(SdNotifyTest, ReportsAManagerThatWentAway) {
  std::optional<Manager> manager(std::in_place, AbstractName("gone"));
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.socket = manager->name()});
  ASSERT_TRUE(notify.ok()) << notify.status();
  manager.reset();
  EXPECT_FALSE(notify->Watchdog().ok());
}

TEST(SdNotifyTest, DoesNotBlockOnAManagerThatDoesNotRead) {
  const Manager manager(AbstractName("full"));
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.socket = manager.name()});
  ASSERT_TRUE(notify.ok()) << notify.status();
  bool refused = false;
  for (int i = 0; i < 100000 && !refused; ++i) {
    refused = !notify->Watchdog().ok();
  }
  EXPECT_TRUE(refused);
}

TEST(SdNotifyTest, ReadsTheWatchdogTime) {
  struct Case {
    std::string usec;
    std::string pid;
    std::optional<absl::Duration> watchdog;
  };
  const Case kCases[] = {
      {"", "", std::nullopt},
      {"", "42", std::nullopt},
      {"30000000", "", absl::Seconds(30)},
      {"30000000", "42", absl::Seconds(30)},
      {"30000000", "43", std::nullopt},  // another process's
  };
  const Manager manager(AbstractName("watchdog"));
  for (const Case& c : kCases) {
    const absl::StatusOr<SdNotify> notify =
        SdNotify::Create({.socket = manager.name(),
                          .watchdog_usec = c.usec,
                          .watchdog_pid = c.pid,
                          .own_pid = 42});
    ASSERT_TRUE(notify.ok()) << notify.status();
    EXPECT_EQ(notify->watchdog(), c.watchdog) << c.usec << " " << c.pid;
  }
}

TEST(SdNotifyTest, HasNoWatchdogWithoutASocket) {
  const absl::StatusOr<SdNotify> notify =
      SdNotify::Create({.watchdog_usec = "30000000"});
  ASSERT_TRUE(notify.ok()) << notify.status();
  EXPECT_EQ(notify->watchdog(), std::nullopt);
}

TEST(SdNotifyTest, RefusesWatchdogValuesThatAreNoNumbers) {
  for (const char* usec : {"x", "0", "-1", "1s", "99999999999999999999"}) {
    EXPECT_FALSE(SdNotify::Create({.watchdog_usec = usec}).ok()) << usec;
  }
  for (const char* pid : {"x", "0", "-1"}) {
    EXPECT_FALSE(
        SdNotify::Create({.watchdog_usec = "1", .watchdog_pid = pid}).ok())
        << pid;
  }
}

TEST(SdNotifyTest, MovesItsSocketAlong) {
  const Manager manager(AbstractName("move"));
  absl::StatusOr<SdNotify> first = SdNotify::Create({.socket = manager.name()});
  ASSERT_TRUE(first.ok()) << first.status();
  SdNotify second(*std::move(first));
  EXPECT_TRUE(second.Stopping("x", absl::Seconds(1)).ok());
  EXPECT_EQ(manager.Receive(),
            "STOPPING=1\nSTATUS=x\nEXTEND_TIMEOUT_USEC=1000000\n");
  absl::StatusOr<SdNotify> third = SdNotify::Create({});
  ASSERT_TRUE(third.ok());
  *third = std::move(second);
  EXPECT_TRUE(third->Watchdog().ok());
  EXPECT_EQ(manager.Receive(), "WATCHDOG=1\n");
}

TEST(SdNotifyOptionsTest, ComeFromTheEnvironment) {
  ASSERT_EQ(setenv("NOTIFY_SOCKET", "@name", 1), 0);
  ASSERT_EQ(setenv("WATCHDOG_USEC", "5", 1), 0);
  ASSERT_EQ(unsetenv("WATCHDOG_PID"), 0);
  const SdNotifyOptions options = SdNotifyOptions::FromEnvironment();
  EXPECT_EQ(options.socket, "@name");
  EXPECT_EQ(options.watchdog_usec, "5");
  EXPECT_EQ(options.watchdog_pid, "");
  EXPECT_EQ(options.own_pid, getpid());
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
}

}  // namespace
}  // namespace ovoc::tunnel
