// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_
#define OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/exit_code.h"
#include "tunnel/report/log.h"
#include "tunnel/report/sd_notify.h"
#include "tunnel/report/status.h"
#include "tunnel/report/status_file.h"
#include "tunnel/settings_change.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// StatusPublisher tells the world what the client is and does: the status file,
// the service manager, and in the log the settings' own lines. It decides
// nothing.
class StatusPublisher : public ProgressSink {
 public:
  // `logger` and `notify` outlive it; no `status_file` means none is kept.
  StatusPublisher(Logger* logger, const SdNotify* notify,
                  std::optional<StatusFile> status_file);

  // The policy of this build, for a start that fails before it has settings.
  void BuiltWith(Policy policy) { status_.policy = std::string(Word(policy)); }

  void Started(const TunnelConfig& config);

  // The device is made and a worker is confined: from here on the client runs,
  // and is ready for the service manager, whether or not OVOC answers. STATUS=
  // tells how far the tunnel is.
  void Running();

  // What the worker has done. Each is a sign of life for the service manager's
  // watchdog.
  void OnProgress(const Progress& progress) override;

  // A worker is over, whatever it was, and so is its tunnel: its counters stay
  // in the sums.
  void WorkerEnded();
  // There is no worker, and another will be started: "worker_died", it should
  // not have ended; "worker_failed", it could not be started.
  void WorkerMissing(absl::string_view reason, absl::string_view detail);
  // A line of its log is dropped: it logs more than it may.
  void OnWorkerLineDropped() { ++worker_lines_dropped_; }
  // What keeps the interface from carrying packets, whatever the worker says;
  // empty: nothing. Until then an established tunnel is shown as waiting.
  void InterfaceTrouble(absl::string_view detail);
  // A sign of life while there is no worker that gives one.
  void Resting();

  // What makes the machine insecure beside the settings, as "NAME=VALUE". What
  // is new is announced, and what is over.
  void MachineIs(const std::vector<std::string>& insecure);

  void Reloading();
  void Reloaded(const TunnelConfig& config, const SettingsChange& change);
  // `detail`: a line for each error. All are logged; the status has the first
  // until another reload is accepted.
  void ReloadRefused(absl::string_view detail);
  // `reason`: a signal's name, or a word such as "interface_lost".
  void Stopping(absl::string_view reason);
  void Stopped();

  // A line for each of several errors, which are told together elsewhere;
  // `errors` has one on each line. 21 at most.
  void LogEach(absl::string_view errors);

  // Writes the status file again, so that its readers see that it holds, and
  // says what the log has lost, if there is room again. To be called every
  // kStatusPeriod.
  void Renew();

  // The process ends with `code`, whether it ever started or not: the last line
  // of the log, the last status. `detail` says why; for kDone it is the reason
  // of the stop instead.
  void Ended(ExitCode code, absl::string_view detail);

 private:
  void Describe(const TunnelConfig& config);
  void ListInsecure();
  void Enter(TunnelState state);
  std::string Text() const;  // for the service manager
  void Notify();
  void Publish();
  void ReloadDone(absl::string_view more);
  void SayReady(absl::string_view text);
  void SignOfLife(absl::Time now);

  Logger* const logger_;
  const SdNotify* const notify_;
  const std::optional<StatusFile> status_file_;
  Status status_;
  Progress last_;                   // of the running worker
  SessionTotals past_totals_ = {};  // of the workers before it
  uint64_t past_refused_writes_ = 0;
  uint64_t worker_lines_dropped_ = 0;
  std::string reason_text_;  // status_.reason as half a sentence
  std::string stop_text_;    // why it stops, likewise; empty: it does not
  std::string interface_trouble_;
  std::vector<std::string> insecure_settings_;
  std::vector<std::string> insecure_machine_;
  bool status_file_failed_ = false;
  bool ready_ = false;        // the service manager was told
  std::string unsaid_ready_;  // it had no room for it
  absl::Time last_sign_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATUS_PUBLISHER_H_
