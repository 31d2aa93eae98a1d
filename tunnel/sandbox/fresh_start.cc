// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/fresh_start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

constexpr int kLastSignal = 64;  // signal(7), "Real-time signals"

absl::Status Failure(absl::string_view call) {
  return absl::ErrnoToStatus(errno, call);
}

// What is not ignored is at its default: a handler does not outlive execve(2).
// One that is set, a sanitizer has set since.
absl::Status ResetSignals() {
  for (int number = 1; number <= kLastSignal; ++number) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) == 0 &&
        action.sa_handler == SIG_IGN) {
      signal(number, SIG_DFL);
    }
  }
  for (const int number : {SIGPIPE, SIGXFSZ, SIGTTOU}) {
    if (signal(number, SIG_IGN) == SIG_ERR) {
      return Failure("signal");
    }
  }
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, nullptr) == 0 ? absl::OkStatus()
                                                       : Failure("sigprocmask");
}

absl::Status StopTimers() {
  const itimerval never = {};
  for (const __itimer_which timer :
       {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    if (setitimer(timer, &never, nullptr) != 0) {
      return Failure("setitimer");
    }
  }
  return absl::OkStatus();
}

// A file that is opened later must not become standard error.
absl::Status FillStandardDescriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) {
      continue;
    }
    int found = open("/dev/null", O_RDWR | O_NOCTTY);
    if (found < 0) {  // a root without /dev: what can be neither read nor
      found = open("/", O_RDONLY | O_DIRECTORY);  // written does as well
    }
    if (found != fd) {  // the lowest number that is free
      return Failure("standard descriptors: open /dev/null");
    }
  }
  return absl::OkStatus();
}

absl::Status CloseOthers() {
  constexpr int kFirst = STDERR_FILENO + 1;
  if (close_range(kFirst, ~0u, 0) == 0) {
    return absl::OkStatus();
  }
  // Before Linux 5.9, or refused by a container runtime. The hard limit is that
  // of descriptors to come; one above it is most unlikely.
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t kMost = 1 << 20;  // the kernel's default of fs.nr_open
  const auto end = static_cast<int>(std::min(limit.rlim_max, kMost));
  for (int fd = kFirst; fd < end; ++fd) {
    close(fd);
  }
  return absl::OkStatus();
}

absl::Status ResetMask() {
  umask(077);
  return absl::OkStatus();
}

struct LeastLimit {
  int resource;
  absl::string_view name;
  rlim_t least;
  absl::string_view unit;  // behind each number
  absl::string_view remedy;
};

constexpr LeastLimit kLeastLimits[] = {
    {RLIMIT_NOFILE, "RLIMIT_NOFILE", kLeastDescriptors, "",
     "LimitNOFILE= or `ulimit -Hn`"},
    {RLIMIT_DATA, "RLIMIT_DATA", kLeastDataBytes, " bytes",
     "LimitDATA= or `ulimit -Hd` (in KiB)"},
    {RLIMIT_AS, "RLIMIT_AS", kLeastAddressBytes, " bytes",
     "LimitAS= or `ulimit -Hv` (in KiB)"},
};

// The hard limit of `resource` is `most`.
absl::Status CheckLeast(int resource, rlim_t most) {
  for (const LeastLimit& limit : kLeastLimits) {
    if (limit.resource == resource && most < limit.least) {
      return absl::ResourceExhaustedError(absl::StrCat(
          limit.name, " is ", most, limit.unit, ", but at least ", limit.least,
          limit.unit, " are needed; raise ", limit.remedy));
    }
  }
  return absl::OkStatus();
}

absl::Status RaiseLimits() {
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    const auto which = static_cast<__rlimit_resource>(resource);
    rlimit limit = {};
    if (resource == RLIMIT_CORE || getrlimit(which, &limit) != 0) {
      continue;
    }
    limit.rlim_cur = resource == RLIMIT_NOFILE
                         ? std::min<rlim_t>(limit.rlim_max, kSoftDescriptors)
                         : limit.rlim_max;
    if (setrlimit(which, &limit) != 0) {
      return Failure(absl::StrCat("setrlimit ", resource));
    }
    const absl::Status enough = CheckLeast(resource, limit.rlim_max);
    if (!enough.ok()) {
      return enough;
    }
  }
  return absl::OkStatus();
}

// The C library opens a file that TZ names with a path, and waits for it if it
// is a FIFO. Names of time zones and rules (POSIX, 8.3) name no such file.
bool IsTimeZoneWithAPath(absl::string_view name, absl::string_view value) {
  return name == "TZ" &&
         (absl::StartsWith(value, ":") || absl::StartsWith(value, "/") ||
          absl::StrContains(value, ".."));
}

absl::Status ResetEnvironment(absl::Span<const absl::string_view> kept) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const absl::string_view name : kept) {
    const std::string key(name);
    if (const char* const value = getenv(key.c_str());
        value != nullptr && !IsTimeZoneWithAPath(name, value)) {
      values.emplace_back(key, value);
    }
  }
  if (clearenv() != 0) {
    return Failure("clearenv");
  }
  for (const auto& [key, value] : values) {
    if (setenv(key.c_str(), value.c_str(), 1) != 0) {
      return Failure("setenv");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FreshStart(absl::Span<const absl::string_view> kept) {
  for (absl::Status (*step)() :
       {ResetSignals, StopTimers, FillStandardDescriptors, CloseOthers,
        ResetMask, RaiseLimits}) {
    const absl::Status status = step();
    if (!status.ok()) {
      return status;
    }
  }
  return ResetEnvironment(kept);
}

}  // namespace ovoc::tunnel
