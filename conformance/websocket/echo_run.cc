// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_run.h"

#include "absl/strings/str_cat.h"
#include "auth/upgrade_request.h"
#include "conformance/websocket/case_paths.h"
#include "conformance/websocket/echo_end.h"

namespace ovoc::conformance {
namespace {

bool Opened(const EchoEnd& end) {
  return end.reason != EchoEnd::Reason::kRefused &&
         end.reason != EchoEnd::Reason::kNotConnected;
}

absl::Status Unavailable(absl::string_view what, const EchoEnd& end) {
  return absl::UnavailableError(absl::StrCat(what, ": ", Describe(end)));
}

}  // namespace

absl::Status EchoRun::Run() {
  const absl::StatusOr<int> count = CaseCount();
  if (!count.ok()) {
    return count.status();
  }
  *out_ << *count << " cases" << "\n" << std::flush;
  if (absl::Status status = RunCases(*count); !status.ok()) {
    return status;
  }
  if (absl::Status status = UpdateReports(); !status.ok()) {
    return status;
  }
  if (not_opened_ > 0) {
    return absl::UnavailableError(
        absl::StrCat(not_opened_, " of ", *count, " cases were not opened"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> EchoRun::CaseCount() {
  std::string text;
  const absl::StatusOr<EchoEnd> end = Connect(
      std::string(kGetCaseCountPath), EchoSession::Task::kReadOne, &text);
  if (!end.ok()) {
    return end.status();
  }
  if (!Opened(*end) || text.empty()) {
    return Unavailable(kGetCaseCountPath, *end);
  }
  return ParseCaseCount(text);
}

absl::Status EchoRun::RunCases(int count) {
  for (int number = 1; number <= count; ++number) {
    std::string text;
    const absl::StatusOr<EchoEnd> end = Connect(
        RunCasePath(number, options_.agent), EchoSession::Task::kEcho, &text);
    if (!end.ok()) {
      return end.status();
    }
    *out_ << "case " << number << ": " << Describe(*end) << "\n" << std::flush;
    if (end->reason == EchoEnd::Reason::kNotConnected) {
      return Unavailable(absl::StrCat("case ", number), *end);
    }
    not_opened_ += Opened(*end) ? 0 : 1;
  }
  return absl::OkStatus();
}

absl::Status EchoRun::UpdateReports() {
  std::string text;
  const absl::StatusOr<EchoEnd> end = Connect(UpdateReportsPath(options_.agent),
                                              EchoSession::Task::kEcho, &text);
  if (!end.ok()) {
    return end.status();
  }
  *out_ << "reports: " << Describe(*end) << "\n" << std::flush;
  return Opened(*end) && end->reason != EchoEnd::Reason::kTimeout
             ? absl::OkStatus()
             : Unavailable("/updateReports", *end);
}

absl::StatusOr<EchoEnd> EchoRun::Connect(const std::string& path,
                                         EchoSession::Task task,
                                         std::string* text) {
  auth::UpgradeRequestOptions head;
  head.host = options_.server.host_header;
  head.port = options_.server.shown_port;
  head.path = path;
  head.user_agent = "ovoc-tunnel echo_client";
  head.subprotocol = "";
  const absl::StatusOr<auth::UpgradeRequest> request =
      auth::UpgradeRequest::Create(head);
  if (!request.ok()) {
    return request.status();
  }
  EchoConnection::Options options;
  options.task = task;
  options.limits = options_.limits;
  EchoConnection connection(loop_, &options_.target, &*request, options,
                            random_);
  const absl::StatusOr<EchoEnd> end = connection.Run();
  *text = connection.text();
  return end;
}

}  // namespace ovoc::conformance
