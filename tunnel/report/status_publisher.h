// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_
#define OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/config/settings_change.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/progress/remedy.h"
#include "tunnel/report/content/status.h"
#include "tunnel/report/content/worker_sums.h"
#include "tunnel/report/log.h"
#include "tunnel/report/manager_report.h"
#include "tunnel/report/sd_notify.h"
#include "tunnel/report/status_file.h"
#include "tunnel/report/status_writer.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// The clocks of a StatusPublisher: by the wall for what people read, and a
// monotonic one for what is measured.
struct StatusClocks {
  std::function<absl::Time()> wall = absl::Now;
  std::function<absl::Time()> monotonic = MonotonicNow;
};

// StatusPublisher reports the state of the client to the status file and the
// service manager, and the settings to the log. It makes no decisions.
class StatusPublisher : public ProgressSink {
 public:
  // `logger` and `notify` must outlive it. Without `status_file` there is none.
  StatusPublisher(Logger* logger, const SdNotify* notify,
                  std::optional<StatusFile> status_file,
                  StatusClocks clocks = StatusClocks());

  // Takes the policy of this build, for a start that fails before it has
  // settings.
  void BuiltWith(Policy policy) { status_.policy = std::string(Word(policy)); }

  // From now on no status file is written. What is there stays.
  void KeepNoStatusFile() { writer_.DropFile(); }

  void Started(const TunnelConfig& config);

  // The device is made and a worker is confined. From now on the client is
  // ready for the service manager, whether or not OVOC answers. STATUS= says
  // how far the tunnel is.
  void Running();

  // Takes what the worker has done. Each call is a sign of life for the service
  // manager's watchdog.
  void OnProgress(const Progress& progress) override;

  // Takes what a TLS handshake has shown of the server. It is in the file with
  // the next progress.
  void OnSecured(const ServerIdentity& server) override;

  // A worker has ended, and its tunnel with it. Its counters stay in the sums.
  void WorkerEnded();
  // There is no worker, and another one will be started after `delay`. `reason`
  // is "worker_died" if it ended unexpectedly, "worker_failed" if it could not
  // be started.
  void WorkerMissing(absl::string_view reason, absl::string_view detail,
                     absl::Duration delay);
  // A line of the worker's log was dropped, because it logs more than it may.
  void OnWorkerLineDropped() { ++worker_lines_dropped_; }
  // Takes what keeps the interface from carrying packets. While that is not
  // empty, an established tunnel is shown as waiting.
  void InterfaceTrouble(absl::string_view detail);
  // Gives a sign of life while there is no worker to give one.
  void Resting();

  // Takes what makes the machine insecure besides the settings, as
  // "NAME=VALUE". It logs what is new and what is over.
  void MachineIs(const std::vector<std::string>& insecure);

  void Reloading();
  void Reloaded(const TunnelConfig& config, const SettingsChange& change);
  // `detail` has a line for each error. All of them are logged. The status has
  // the first one until another reload is accepted.
  void ReloadRefused(absl::string_view detail);
  // `reason` is the name of a signal, or a word such as "interface_lost".
  void Stopping(absl::string_view reason);
  void Stopped();

  // Logs each of several errors. `errors` has one on each line. At most 21 are
  // logged.
  void LogEach(absl::string_view errors);

  // Writes the status file again, so that its readers see that it is valid.
  // Logs how many lines the log has lost, if there is room again. Call it every
  // kStatusPeriod.
  void Renew();

  // The file is written at once when the state changes or a reload is over.
  // Other news, such as counters and lines of the log, wait until the last
  // writing is a second ago: until NextWrite, when OnTime has to be called.
  absl::Time NextWrite() const { return writer_.NextWrite(); }
  void OnTime();

  // Writes the last line of the log and the last status of a process that ends
  // with `code`, also if it never started. `detail` says why. For kDone the
  // reason of the stop takes its place.
  void Ended(ExitCode code, absl::string_view detail);

 private:
  void Describe(const TunnelConfig& config);
  void ListInsecure();
  void NameServer();
  // Why there is no tunnel; nullopt: nothing has failed.
  void Explain(std::optional<EndReason> reason, EndCause cause,
               const std::string& detail);
  void ForgetTunnel();
  void Enter(TunnelState state);
  std::string Text() const;  // for the service manager
  void PublishSoon();
  void Publish();

  Logger* const logger_;
  ManagerReport manager_;
  const StatusClocks clocks_;
  StatusWriter writer_;
  const absl::Time began_;  // by the monotonic clock
  Status status_;
  Progress last_;  // of the running worker
  WorkerSums sums_;
  uint64_t worker_lines_dropped_ = 0;
  RemedyFacts remedy_facts_;  // of the settings in use
  std::string reason_text_;   // status_.reason as a clause
  std::string stop_text_;     // why it stops, as a clause; empty: it does not
  std::string interface_trouble_;
  std::vector<std::string> insecure_settings_;
  std::vector<std::string> insecure_machine_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_
