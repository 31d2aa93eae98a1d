// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/memory_secrecy.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/resource_limits.h"
#include "tunnel/sandbox/testing/in_process.h"

namespace ovoc::tunnel {
namespace {

bool SetLockLimit(rlim_t bytes) {
  const rlimit limit = {bytes, bytes};
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

bool NothingIsLocked() {
  std::ifstream file("/proc/self/status");
  std::stringstream text;
  text << file.rdbuf();
  return absl::StrContains(text.str(), "VmLck:\t       0 kB");
}

TEST(MemorySecrecyTest, HiddenMemoryIsNotDumpable) {
  EXPECT_TRUE(HoldsInProcess([] {
    return HideMemory().ok() && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
  }));
}

TEST(MemorySecrecyTest, WithoutRoomNothingIsLockedAndSaidSo) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer locks nothing";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    if (!KeepCapabilities(KeptCapabilities::kNone).ok() ||
        !SetLockLimit(4096)) {
      return false;
    }
    const auto locked = LockMemory();
    return locked.ok() && *locked == LockedMemory::kNone && NothingIsLocked();
  }));
}

TEST(MemorySecrecyTest, WithRoomForSomeWhatIsThereIsLockedAndMoreCanBeMapped) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer locks nothing";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    const auto locked = LockMemory();  // root, or a limit of some MiB
    if (!locked.ok() || *locked == LockedMemory::kNone) {
      return locked.ok();
    }
    const auto more = std::make_unique<std::string>(32 << 20, 'x');
    return !NothingIsLocked() && more->back() == 'x';
  }));
}

// What a mapping of 1 MiB adds to the locked memory, in KiB; -1 if there is
// none.
int LockedByMapping() {
  const auto locked = [] {
    std::ifstream file("/proc/self/status");
    int kibibytes = 0;
    for (std::string line; std::getline(file, line);) {
      if (absl::StartsWith(line, "VmLck:")) {
        std::istringstream(line.substr(6)) >> kibibytes;
      }
    }
    return kibibytes;
  };
  constexpr size_t kBytes = 1 << 20;
  (void)locked();  // what reading needs is there from now on
  const int before = locked();
  void* const later = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int more = locked() - before;
  munmap(later, kBytes);
  return later == MAP_FAILED ? -1 : more;
}

TEST(MemorySecrecyTest, OnlyWithAllTheRoomLaterMemoryIsLockedToo) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer locks nothing";
  }
  if (!HoldsInProcess([] {
        return SetLockLimit(kMaxLockedBytes) &&
               LockMemory().value_or(LockedMemory::kNone) !=
                   LockedMemory::kNone;
      })) {
    GTEST_SKIP() << "memory cannot be locked here";
  }
  EXPECT_TRUE(HoldsInProcess([] {
    return SetLockLimit(kMaxLockedBytes) &&
           LockMemory().value_or(LockedMemory::kNone) == LockedMemory::kAll &&
           LockedByMapping() == 1024;
  }));
  EXPECT_TRUE(HoldsInProcess([] {
    return SetLockLimit(kMaxLockedBytes - 1) &&
           LockMemory().value_or(LockedMemory::kNone) ==
               LockedMemory::kPresent &&
           LockedByMapping() == 0;
  }));
}

TEST(MemorySecrecyTest, EachKindHasItsWord) {
  EXPECT_EQ(Word(LockedMemory::kAll), "all");
  EXPECT_EQ(Word(LockedMemory::kPresent), "present");
  EXPECT_EQ(Word(LockedMemory::kNone), "none");
}

}  // namespace
}  // namespace ovoc::tunnel
