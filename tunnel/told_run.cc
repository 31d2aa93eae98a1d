// SPDX-License-Identifier: Apache-2.0
#include "tunnel/told_run.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tunnel/report/line_output.h"
#include "tunnel/report/status_file.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/status_target.h"

namespace ovoc::tunnel {
namespace {

// Lines for standard error go by `output`, which waits for nobody.
std::unique_ptr<LogSink> MakeSink(CommandLine::LogTarget target,
                                  LineOutput* output) {
  if (target == CommandLine::LogTarget::kSyslog) {
    return std::make_unique<SyslogSink>("ovoc-tunnel");
  }
  return std::make_unique<DescriptorSink>(output);
}

// The folder in use, where relative paths begin.
std::string WorkingFolder() {
  std::array<char, PATH_MAX> folder;
  return getcwd(folder.data(), folder.size()) == nullptr ? "/" : folder.data();
}

// The path of the status file with no link in its folder's: an absolute link
// leads nowhere once the root is empty.
std::string StatusPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  std::array<char, PATH_MAX> real;
  return realpath(folder.c_str(), real.data()) == nullptr
             ? path
             : absl::StrCat(real.data(), "/", path.substr(slash + 1));
}

SdNotify ConnectNotify(Logger* logger) {
  absl::StatusOr<SdNotify> notify =
      SdNotify::Create(SdNotifyOptions::FromEnvironment());
  if (!notify.ok()) {
    logger->Log(
        LogLevel::kWarning,
        LogLine("notify_failed").Add("detail", notify.status().message()));
    notify = SdNotify::Create(SdNotifyOptions());
  }
  return *std::move(notify);
}

// The error begins with the option.
absl::Status CheckTarget(const std::optional<StatusFile>& status_file,
                         const FileRoot& files, const CommandLine& line) {
  if (!status_file.has_value()) {
    return absl::OkStatus();
  }
  const absl::Status target = status_file->CheckTarget();
  return target.ok()
             ? CheckNotSettingsFile(files, line.status_file, line.settings)
             : absl::FailedPreconditionError(
                   absl::StrCat("--status_file: ", target.message()));
}

}  // namespace

int RunTold(const CommandLine& line, Policy policy,
            const std::function<Outcome(const ToldRun& told)>& run) {
  LineOutput output(STDERR_FILENO);
  Logger logger(MakeSink(line.log, &output), line.log_level);
  const SdNotify notify = ConnectNotify(&logger);
  const FileRoot files = FileRoot::WorkingFolder(WorkingFolder());
  std::optional<StatusFile> status_file;
  if (!line.status_file.empty()) {
    status_file.emplace(files.Path(StatusPath(line.status_file)));
  }
  (void)!chdir("/");  // ConfineKeeper says so when it fails
  const absl::Status target = CheckTarget(status_file, files, line);
  if (!target.ok()) {
    status_file.reset();
  }
  if (status_file.has_value()) {
    logger.KeepHistory();
  }
  StatusPublisher publisher(&logger, &notify, std::move(status_file));
  publisher.BuiltWith(policy);
  const Outcome outcome =
      target.ok() ? run({.files = files,
                         .notify = notify,
                         .logger = &logger,
                         .publisher = &publisher,
                         .status_file = line.status_file})
                  : Outcome{ExitCode::kUsage, std::string(target.message())};
  if (outcome.code != ExitCode::kDone &&
      !CheckNotNamedFile(files, line.status_file, line.settings).ok()) {
    publisher.KeepNoStatusFile();
  }
  if (line.log == CommandLine::LogTarget::kSyslog) {
    publisher.LogEach(outcome.why);  // nobody may see standard error
  }
  publisher.Ended(outcome.code, SummarizeErrors(outcome.why));
  if (!outcome.why.empty()) {
    for (const absl::string_view why : absl::StrSplit(outcome.why, '\n')) {
      output.Write(absl::StrCat("client: ", why, "\n"));
    }
  }
  return static_cast<int>(outcome.code);
}

}  // namespace ovoc::tunnel
