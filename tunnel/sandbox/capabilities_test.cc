// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/capabilities.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

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

using Words = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

bool GetCapabilities(Words* words) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  return syscall(SYS_capget, &header, words->data()) == 0;
}
bool SetCapabilities(const Words& words) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  return syscall(SYS_capset, &header, words.data()) == 0;
}

TEST(CapabilitiesTest, WhatProgramsWouldInheritIsGoneAsWell) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  constexpr char kNetRaw[] = "0000000000002000";  // bit 13
  EXPECT_TRUE(HoldsInProcess([&] {
    Words words = {};
    if (!GetCapabilities(&words)) {
      return false;
    }
    words[0].inheritable = uint32_t{1} << CAP_NET_RAW;
    return SetCapabilities(words) &&
           prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) ==
               0 &&
           OfStatus("CapInh") == kNetRaw && OfStatus("CapAmb") == kNetRaw &&
           KeepCapabilities(KeptCapabilities::kNetAdmin).ok() &&
           OfStatus("CapInh") == kEmpty && OfStatus("CapAmb") == kEmpty;
  }));
}

// The bounding set needs a right of its own, which a service may not have.
TEST(CapabilitiesTest, WithoutTheRightToItTheBoundingSetStaysAsItIs) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    Words words = {};
    if (!GetCapabilities(&words)) {
      return false;
    }
    for (uint32_t* const set : {&words[0].permitted, &words[0].effective}) {
      *set &= ~(uint32_t{1} << CAP_SETPCAP);
    }
    const std::string bounding = OfStatus("CapBnd");
    return SetCapabilities(words) && bounding != kEmpty &&
           KeepCapabilities(KeptCapabilities::kNone).ok() &&
           OfStatus("CapBnd") == bounding && OfStatus("CapPrm") == kEmpty &&
           OfStatus("CapEff") == kEmpty;
  }));
}

// Whether `act` fails with Internal and names `name`, when `call` is refused.
bool Names(int call, absl::string_view name, absl::Status (*act)()) {
  return HoldsInProcess([&] {
    if (!RefuseCall(call, EIO)) {
      return false;
    }
    const absl::Status status = act();
    return absl::IsInternal(status) &&
           absl::StrContains(status.message(), name);
  });
}

absl::Status KeepNothing() { return KeepCapabilities(KeptCapabilities::kNone); }

TEST(CapabilitiesTest, TheCallThatFailsIsNamed) {
  EXPECT_TRUE(Names(SCMP_SYS(capset), "capset", KeepNothing));
  EXPECT_TRUE(Names(SCMP_SYS(prctl), "PR_CAP_AMBIENT", KeepNothing));
  EXPECT_TRUE(Names(SCMP_SYS(capget), "capget", ForgoFileAccess));
  EXPECT_TRUE(Names(SCMP_SYS(capset), "capset", ForgoFileAccess));
  EXPECT_TRUE(
      Names(SCMP_SYS(prctl), "PR_SET_NO_NEW_PRIVS", ForbidNewPrivileges));
}

// Kernels before 4.3 know no ambient set (EINVAL).
TEST(CapabilitiesTest, AKernelWithoutAnAmbientSetHasNothingToClear) {
  EXPECT_TRUE(HoldsInProcess([] {
    return RefuseCall(SCMP_SYS(prctl), EINVAL) && KeepNothing().ok() &&
           OfStatus("CapPrm") == kEmpty && OfStatus("CapEff") == kEmpty;
  }));
}

}  // namespace
}  // namespace ovoc::tunnel
