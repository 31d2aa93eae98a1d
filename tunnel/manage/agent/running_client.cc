// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/running_client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/status_view/json_reader.h"
#include "tunnel/status_view/verdict.h"

namespace ovoc::tunnel {
namespace {

absl::Status Failed(int pid, absl::string_view call) {
  const int error = errno;
  return absl::ErrnoToStatus(
      error, absl::StrCat("client ", pid, ": ", call, ": ", strerror(error),
                          "; run systemctl reload for it"));
}

// A pidfd becomes readable when its process has ended.
bool HasEnded(int pidfd) {
  pollfd waited = {.fd = pidfd, .events = POLLIN, .revents = 0};
  return poll(&waited, 1, 0) != 0;
}

// The process by its number; invalid if there is none.
netif::UniqueFd OpenProcess(int pid) {
  return netif::UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

absl::StatusOr<ClientStatus> ReadStatus(const std::string& path) {
  const absl::StatusOr<FileContents> file =
      ReadSmallFile(path, kMaxJsonBytes, FilePrivacy::kAny);
  if (!file.ok()) {
    return absl::Status(
        file.status().code(),
        absl::StrCat(path, " ", file.status().message(),
                     "; start the client with --status_file, or name its file "
                     "with --status_file of the agent"));
  }
  ClientStatus status = {.text = std::string(file->Text()), .record = {}};
  absl::StatusOr<StatusRecord> record = ReadStatusRecord(status.text);
  if (!record.ok()) {
    return absl::Status(record.status().code(),
                        absl::StrCat(path, " ", record.status().message()));
  }
  status.record = *std::move(record);
  return status;
}

absl::Status CheckRuns(const std::string& path, const StatusRecord& record,
                       const netif::UniqueFd& process) {
  const bool runs = process.valid() && !HasEnded(process.get());
  const Verdict verdict =
      Judge(record, absl::Now(), runs ? Writer::kRuns : Writer::kGone);
  if (verdict.kind == Verdict::Kind::kUp ||
      verdict.kind == Verdict::Kind::kNotUp) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": no client runs: ", verdict.why, "; start it"));
}

}  // namespace

absl::StatusOr<ClientStatus> ReadClientStatus(const std::string& path) {
  absl::StatusOr<ClientStatus> status = ReadStatus(path);
  if (!status.ok()) {
    return status;
  }
  const netif::UniqueFd process = OpenProcess(status->record.pid);
  const absl::Status runs = CheckRuns(path, status->record, process);
  return runs.ok() ? std::move(status) : runs;
}

absl::Status ReloadClient(const std::string& path) {
  const absl::StatusOr<ClientStatus> before = ReadStatus(path);
  if (!before.ok()) {
    return before.status();
  }
  const int pid = before->record.pid;
  const netif::UniqueFd process = OpenProcess(pid);
  const absl::StatusOr<ClientStatus> after = ReadStatus(path);
  if (!after.ok()) {
    return after.status();
  }
  if (after->record.pid != pid) {
    return absl::UnavailableError(
        absl::StrCat(path, ": the client is being restarted; try again"));
  }
  if (absl::Status runs = CheckRuns(path, after->record, process); !runs.ok()) {
    return runs;
  }
  return syscall(SYS_pidfd_send_signal, process.get(), SIGHUP, nullptr, 0) == 0
             ? absl::OkStatus()
             : Failed(pid, "pidfd_send_signal");
}

}  // namespace ovoc::tunnel
