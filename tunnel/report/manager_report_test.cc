// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/manager_report.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/report/sd_notify.h"

namespace ovoc::tunnel {
namespace {

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(100) + absl::Seconds(seconds);
}

// A report, and the service manager's end of its socket.
class ManagerReportTest : public testing::Test {
 protected:
  ManagerReportTest()
      : name_(absl::StrCat("@ovoc-manager-report-test-", getpid())),
        fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path, name_.size());
    address.sun_path[0] = '\0';
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                          name_.size())),
              0);
    SdNotifyOptions options;
    options.socket = name_;
    options.watchdog_usec = "8000000";  // 8 s
    notify_.emplace(SdNotify::Create(options).value());
    report_.emplace(&*notify_);
  }

  // Every datagram since the last call, a blank behind each.
  std::string TakeAll() const {
    std::string all;
    std::array<char, 512> buffer;
    ssize_t size = 0;
    while ((size = recv(fd_.get(), buffer.data(), buffer.size(), 0)) > 0) {
      all.append(buffer.data(), static_cast<size_t>(size)).append(" ");
    }
    return all;
  }
  void FillQueue() {
    while (notify_->SetStatus("noise").ok()) {
    }
  }

  const std::string name_;
  const netif::UniqueFd fd_;
  std::optional<SdNotify> notify_;
  std::optional<ManagerReport> report_;
};

TEST_F(ManagerReportTest, IsReadyOnce) {
  report_->Say("one");
  EXPECT_EQ(TakeAll(), "STATUS=one\n ");
  report_->Running("two");
  EXPECT_EQ(TakeAll(), "READY=1\nSTATUS=two\n ");
  report_->Running("three");
  EXPECT_EQ(TakeAll(), "");
}

TEST_F(ManagerReportTest, AReloadIsToldOnlyByWhoIsReady) {
  report_->Reloading(At(0));
  report_->ReloadDone("x");
  EXPECT_EQ(TakeAll(), "");
  report_->Running("x");
  TakeAll();
  report_->Reloading(At(0));
  EXPECT_EQ(TakeAll(), "RELOADING=1\nMONOTONIC_USEC=100000000\n ");
  report_->ReloadDone("y");
  EXPECT_EQ(TakeAll(), "READY=1\nSTATUS=y\n ");
}

TEST_F(ManagerReportTest, GivesFourSignsOfLifeAWatchdogPeriod) {
  struct Case {
    double seconds;
    const char* told;
  };
  constexpr Case kCases[] = {{0, "WATCHDOG=1\n "}, {0.1, ""},
                             {1.999, ""},          {2, "WATCHDOG=1\n "},
                             {3.999, ""},          {10, "WATCHDOG=1\n "},
                             {11.999, ""}};
  for (const Case& c : kCases) {
    report_->SignOfLife(At(c.seconds));
    EXPECT_EQ(TakeAll(), c.told) << c.seconds;
  }
}

TEST_F(ManagerReportTest, SaysReadyAgainUntilTheQueueTakesIt) {
  FillQueue();
  report_->Running("x");
  report_->SignOfLife(At(0));
  EXPECT_FALSE(absl::StrContains(TakeAll(), "READY=1"));
  report_->SignOfLife(At(0.1));
  EXPECT_EQ(TakeAll(), "READY=1\nSTATUS=x\n ");
  report_->SignOfLife(At(0.2));
  EXPECT_EQ(TakeAll(), "");
}

TEST_F(ManagerReportTest, ALaterTextTakesThePlaceOfOneThatWasNotTaken) {
  FillQueue();
  report_->Running("x");
  TakeAll();
  report_->Say("y");
  EXPECT_EQ(TakeAll(), "READY=1\nSTATUS=y\n ");
}

TEST_F(ManagerReportTest, AStopMayTakeTenSeconds) {
  report_->Stopping("bye");
  EXPECT_EQ(TakeAll(),
            "STOPPING=1\nSTATUS=bye\nEXTEND_TIMEOUT_USEC=10000000\n ");
}

}  // namespace
}  // namespace ovoc::tunnel
