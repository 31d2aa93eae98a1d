// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/capabilities.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

// The value of a line of /proc/self/status, for example "CapEff".
std::string OfStatus(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (absl::StartsWith(line, name + ":\t")) {
      return line.substr(name.size() + 2);
    }
  }
  return "";
}

constexpr char kEmpty[] = "0000000000000000";
constexpr char kNetAdmin[] = "0000000000001000";

TEST(CapabilitiesTest, NothingIsLeft) {
  EXPECT_TRUE(HoldsInProcess([] {
    return KeepCapabilities(KeptCapabilities::kNone).ok() &&
           OfStatus("CapPrm") == kEmpty && OfStatus("CapEff") == kEmpty &&
           OfStatus("CapInh") == kEmpty && OfStatus("CapAmb") == kEmpty;
  }));
}

TEST(CapabilitiesTest, NetAdminAloneIsLeft) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return KeepCapabilities(KeptCapabilities::kNetAdmin).ok() &&
           OfStatus("CapPrm") == kNetAdmin && OfStatus("CapEff") == kNetAdmin &&
           OfStatus("CapBnd") == kNetAdmin && OfStatus("CapInh") == kEmpty;
  }));
}

TEST(CapabilitiesTest, WhatIsNotThereCannotBeKept) {
  EXPECT_TRUE(HoldsInProcess([] {
    if (!KeepCapabilities(KeptCapabilities::kNone).ok()) {
      return false;
    }
    const absl::Status kept = KeepCapabilities(KeptCapabilities::kNetAdmin);
    return absl::IsPermissionDenied(kept) &&
           absl::StrContains(kept.message(), "needs CAP_NET_ADMIN; start");
  }));
}

// --check said that all was well, and the run could not read the file.
TEST(CapabilitiesTest, RootReadsNoMoreThanModesAllow) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const std::string path = testing::TempDir() + "/mode_0000";
  close(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0));
  EXPECT_TRUE(HoldsInProcess([&path] {
    return access(path.c_str(), R_OK) == 0 && ForgoFileAccess().ok() &&
           open(path.c_str(), O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES;
  }));
  // All else is left, and what is not there cannot be missed.
  EXPECT_TRUE(HoldsInProcess([] {
    const std::string before = OfStatus("CapEff");
    return ForgoFileAccess().ok() &&
           OfStatus("CapEff").substr(0, 15) == before.substr(0, 15) &&
           ForgoFileAccess().ok();
  }));
  EXPECT_TRUE(HoldsInProcess([] {
    return KeepCapabilities(KeptCapabilities::kNone).ok() &&
           ForgoFileAccess().ok();
  }));
  unlink(path.c_str());
}

TEST(CapabilitiesTest, NoProgramGivesPrivileges) {
  EXPECT_TRUE(HoldsInProcess([] {
    return ForbidNewPrivileges().ok() && OfStatus("NoNewPrivs") == "1";
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
