// SPDX-License-Identifier: Apache-2.0
//
// A run of the client whose end is told wherever its start was.

#ifndef OVOC_TUNNEL_TOLD_RUN_H_
#define OVOC_TUNNEL_TOLD_RUN_H_

#include <functional>
#include <string>

#include "tunnel/command_line.h"
#include "tunnel/exit_code.h"
#include "tunnel/report/log.h"
#include "tunnel/report/sd_notify.h"
#include "tunnel/report/status_publisher.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {

// How a run ends. `why` is for people, empty with kDone; a line for each error
// where there are several.
struct Outcome {
  ExitCode code;
  std::string why;
};

// ToldRun is what a run tells the world by.
struct ToldRun {
  const FileRoot& files;  // for the paths of the command line
  const SdNotify& notify;
  Logger* logger;
  StatusPublisher* publisher;
};

// RunTold opens the log, the service manager's socket and the status file that
// `line` names, then calls `run`. Its outcome, whatever it is, comes into the
// log (`event=exit`), into the status file (state "stopped", with reason and
// exit code), and, if it is a failure, onto standard error as last lines
// `client: WHY`. Of several errors that line of the log and the status have the
// first and the number of the others; a log that is elsewhere than on standard
// error has a line for each before. None of these waits for a reader. The
// working folder is the machine's root afterwards, so that all of it works from
// an empty root as well. Returns the exit code. A path that no status file can
// or may have (StatusFile::CheckTarget) is a failure of the command line: `run`
// is not called. `policy` is that of the build: this library is in both.
int RunTold(const CommandLine& line, Policy policy,
            const std::function<Outcome(const ToldRun& told)>& run);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TOLD_RUN_H_
