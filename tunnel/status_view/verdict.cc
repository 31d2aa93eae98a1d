// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/verdict.h"

#include "absl/strings/str_cat.h"
#include "tunnel/status_view/duration_text.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;

constexpr int kPeriodsOfAFreshFile = 3;

}  // namespace

Verdict Judge(const StatusRecord& record, absl::Time now, Writer writer) {
  if (record.exit_code.has_value()) {
    return {Kind::kEnded,
            absl::StrCat("the client ended with exit code ", *record.exit_code,
                         " (", Word(static_cast<ExitCode>(*record.exit_code)),
                         ")")};
  }
  if (writer == Writer::kGone) {
    return {Kind::kStale,
            absl::StrCat("no process ", record.pid,
                         " runs, so the client was killed; start it again")};
  }
  const absl::Duration age = now - record.updated;
  const absl::Duration limit = kPeriodsOfAFreshFile * record.update_period;
  if (age > limit) {
    return {Kind::kStale,
            absl::StrCat("it was written ", DurationText(age),
                         " ago, so the client hangs or cannot write it; see "
                         "the client's log")};
  }
  if (age < -limit) {
    return {Kind::kStale,
            absl::StrCat("it was written ", DurationText(-age),
                         " ahead of this machine's clock, which was set back; "
                         "see whether the client runs")};
  }
  return {record.state == "up" ? Kind::kUp : Kind::kNotUp, ""};
}

ExitCode ExitCodeFor(Verdict::Kind kind) {
  switch (kind) {
    case Kind::kUp:
      return ExitCode::kDone;
    case Kind::kNotUp:
    case Kind::kEnded:
      return ExitCode::kNotUp;
    case Kind::kStale:
      return ExitCode::kStale;
  }
  return ExitCode::kInternal;
}

}  // namespace ovoc::tunnel
