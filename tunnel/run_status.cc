// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_status.h"

#include <errno.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/status_view/duration_text.h"
#include "tunnel/status_view/json_reader.h"
#include "tunnel/status_view/shown_text.h"
#include "tunnel/status_view/status_metrics.h"
#include "tunnel/status_view/status_record.h"
#include "tunnel/status_view/verdict.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {
namespace {

// What one look at the file has found.
struct Look {
  std::string text;  // of the file
  StatusRecord record;
  absl::Time now;
  Verdict verdict;
};

std::string ReadRemedy(const absl::Status& error) {
  if (absl::IsNotFound(error)) {
    return "start the client with --status_file, or name its file with "
           "--status=FILE";
  }
  if (absl::IsPermissionDenied(error)) {
    return "use a user who may read it, such as root";
  }
  if (absl::IsResourceExhausted(error) || absl::IsInvalidArgument(error)) {
    return "name the file of the client's --status_file";
  }
  return FileRemedy(error);
}

absl::Status Named(const std::string& file, const absl::Status& error,
                   absl::string_view remedy) {
  return absl::Status(error.code(),
                      absl::StrCat("--status: ", file, " ", error.message(),
                                   remedy.empty() ? "" : "; ", remedy));
}

// Whether a process has ended and its parent has not asked for its status yet
// (proc(5): the third field, after the name in parentheses). False as well when
// /proc does not tell.
bool IsZombie(int pid) {
  constexpr size_t kMaxBytes = 4096;
  const absl::StatusOr<FileContents> stat = ReadSmallFile(
      absl::StrCat("/proc/", pid, "/stat"), kMaxBytes, FilePrivacy::kAny);
  if (!stat.ok()) {
    return false;
  }
  const absl::string_view text = stat->Text();
  const size_t name_end = text.rfind(')');
  return name_end != absl::string_view::npos &&
         absl::StartsWith(text.substr(name_end), ") Z ");
}

// A process of another user exists as well.
Writer WriterOf(int pid) {
  const bool exists = pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
  return exists && !IsZombie(pid) ? Writer::kRuns : Writer::kGone;
}

absl::StatusOr<Look> LookAt(const std::string& file) {
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(file, kMaxJsonBytes, FilePrivacy::kAny);
  if (!contents.ok()) {
    return Named(file, contents.status(), ReadRemedy(contents.status()));
  }
  Look look;
  look.text = std::string(contents->Text());
  absl::StatusOr<StatusRecord> record = ReadStatusRecord(look.text);
  if (!record.ok()) {
    return Named(file, record.status(), "");
  }
  look.record = *std::move(record);
  look.now = absl::Now();
  look.verdict = Judge(look.record, look.now, WriterOf(look.record.pid));
  return look;
}

bool IsUp(const absl::StatusOr<Look>& look) {
  return look.ok() && look->verdict.kind == Verdict::Kind::kUp;
}

// The first look that finds the tunnel up, or the last one in time.
absl::StatusOr<Look> WaitUp(const StatusOptions& options) {
  const absl::Time end = MonotonicNow() + options.wait_up;
  absl::StatusOr<Look> look = LookAt(options.file);
  while (!IsUp(look)) {
    const absl::Duration left = end - MonotonicNow();
    if (left <= absl::ZeroDuration()) {
      break;
    }
    absl::SleepFor(std::min(left, kLookAgain));
    look = LookAt(options.file);
  }
  return look;
}

std::string Show(const Look& look, const StatusOptions& options) {
  switch (options.form) {
    case StatusForm::kPeople:
      return Aligned(StatusLines(look.record, look.verdict, look.now),
                     options.colour);
    case StatusForm::kJson:
      return ShownJson(look.text);
    case StatusForm::kPrometheus:
      return StatusMetrics(look.record, look.verdict, options.file);
  }
  return "";
}

std::string Why(const Look& look, const StatusOptions& options) {
  std::string why;
  if (look.verdict.kind == Verdict::Kind::kStale &&
      options.form != StatusForm::kPeople) {
    why = absl::StrCat("--status: ", options.file,
                       " is stale: ", look.verdict.why);
  }
  if (options.wait_up > absl::ZeroDuration() &&
      look.verdict.kind != Verdict::Kind::kUp) {
    absl::StrAppend(&why, why.empty() ? "" : "\n",
                    "--wait_up: the tunnel was not up within ",
                    DurationText(options.wait_up));
  }
  return why;
}

}  // namespace

StatusOutcome RunStatus(const StatusOptions& options, std::ostream* out) {
  const absl::StatusOr<Look> look = WaitUp(options);
  if (!look.ok()) {
    if (options.form == StatusForm::kPrometheus) {
      *out << MetricsWithoutStatus(options.file);
    }
    return {ExitCode::kStatusFile, std::string(look.status().message())};
  }
  *out << Show(*look, options);
  return {ExitCodeFor(look->verdict.kind), Why(*look, options)};
}

}  // namespace ovoc::tunnel
