// SPDX-License-Identifier: Apache-2.0
//
// A run of the client, the end of which is reported everywhere.

#ifndef OVOC_TUNNEL_TOLD_RUN_H_
#define OVOC_TUNNEL_TOLD_RUN_H_

#include <functional>
#include <string>

#include "tunnel/command_line/command_line.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/report/log.h"
#include "tunnel/report/sd_notify.h"
#include "tunnel/report/status_publisher.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {

// Outcome says how a run ended. `why` is for people. It is empty with kDone,
// and has one line for each error.
struct Outcome {
  ExitCode code;
  std::string why;
};

// ToldRun has the means by which a run reports.
struct ToldRun {
  const FileRoot& files;  // for the paths of the command line
  const SdNotify& notify;
  Logger* logger;
  StatusPublisher* publisher;
  const std::string& status_file;  // of the command line; empty: none
};

// RunTold opens the log, the service manager's socket and the status file that
// `line` names. Then it calls `run`, reports the outcome, and returns the exit
// code. It reports
// - to the log, as `event=exit`
// - to the status file: the state "stopped", the reason and the exit code
// - to standard error, after a failure: last lines `client: WHY`
//
// If there are several errors, `event=exit` and the status file have the first
// and the number of the others. A log that is not on standard error has a line
// for each error before that. None of the reports waits for a reader.
//
// RunTold makes the machine's root the working folder, so that everything works
// in an empty root as well. A path that cannot be a status file
// (StatusFile::CheckTarget), or that is the settings file, is an error of the
// command line; `run` is not called then. No failure is written in the place of
// a file that the settings name. `policy` is that of the build. It is passed
// because both builds use this library.
int RunTold(const CommandLine& line, Policy policy,
            const std::function<Outcome(const ToldRun& told)>& run);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TOLD_RUN_H_
