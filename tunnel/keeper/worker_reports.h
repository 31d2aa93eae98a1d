// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_REPORTS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_REPORTS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tunnel/keeper/decisions/log_budget.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/keeper/worker_record.h"
#include "tunnel/report/log.h"
#include "tunnel/report/status_publisher.h"

namespace ovoc::tunnel {

// WorkerReports takes what workers report: log lines, progress and last words.
// AnswerWorker takes what they ask for.
class WorkerReports {
 public:
  // Both must outlive it.
  WorkerReports(Logger* logger, StatusPublisher* publisher)
      : logger_(logger), publisher_(publisher) {}

  // Takes `message` of the worker `pid`, whose record is `*record`. Log lines
  // are marked as a worker's (Logger::Relay). Lines above the LogBudget are
  // dropped and counted, and the log line `worker_log_dropped` has their
  // number, at most once a minute. InvalidArgument if the message breaks a
  // rule.
  absl::Status Take(const WorkerMessage& message, int pid, absl::Time now,
                    WorkerRecord* record);

 private:
  void Relay(const LogRecord& line, absl::Time now);
  void SayDropped(absl::Time now);

  Logger* const logger_;
  StatusPublisher* const publisher_;
  LogBudget budget_{LogBudget::Options()};  // of all workers together
  uint64_t dropped_ = 0;                    // lines that are not in the log yet
  absl::Time say_at_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_REPORTS_H_
