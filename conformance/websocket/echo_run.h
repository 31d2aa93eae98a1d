// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_RUN_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_RUN_H_

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "conformance/websocket/echo_connection.h"
#include "conformance/websocket/echo_session.h"
#include "conformance/websocket/server_url.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {

// EchoRun is a whole run against a WebSocket fuzzing server, with one
// connection after the other: the number of cases, each case, the reports.
class EchoRun {
 public:
  struct Options {
    ServerUrl server;
    std::string agent;
    EchoConnection::Target target;
    EchoSession::Limits limits;
  };

  // It writes one line per case to `out`. Loop and stream must outlive the run.
  EchoRun(tunnel::EventLoop* loop, Options options,
          EchoSession::RandomBytes random, std::ostream* out)
      : loop_(loop),
        options_(std::move(options)),
        random_(std::move(random)),
        out_(out) {}

  // OK if every case was opened and the server took the request for the
  // reports. The server decides whether a case went well. A server that cannot
  // be connected to ends the run.
  [[nodiscard]] absl::Status Run();

 private:
  absl::StatusOr<EchoEnd> Connect(const std::string& path,
                                  EchoSession::Task task, std::string* text);
  absl::StatusOr<int> CaseCount();
  absl::Status RunCases(int count);
  absl::Status UpdateReports();

  tunnel::EventLoop* const loop_;
  const Options options_;
  const EchoSession::RandomBytes random_;
  std::ostream* const out_;
  int not_opened_ = 0;  // cases
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_RUN_H_
