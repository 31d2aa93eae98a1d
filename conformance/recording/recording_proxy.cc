// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_proxy.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "conformance/recording/recording_text.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::conformance {
namespace {

using tunnel::LogLevel;
using tunnel::LogLine;

}  // namespace

absl::StatusOr<std::unique_ptr<RecordingProxy>> RecordingProxy::Create(
    Options options, netif::UniqueFd listener, tunnel::EventLoop* loop,
    tunnel::Logger* log) {
  options.heading.notes.emplace_back(kRedactionNote);
  options.heading.date =
      absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone());
  if (const absl::StatusOr<std::string> text = FormatHeading(options.heading);
      !text.ok()) {
    return text.status();
  }
  auto proxy = std::unique_ptr<RecordingProxy>(
      new RecordingProxy(std::move(options), std::move(listener), loop, log));
  RecordingProxy* const raw = proxy.get();
  if (absl::Status status = loop->Watch(raw->listener_.get(), EPOLLIN,
                                        [raw](uint32_t) { raw->OnListener(); });
      !status.ok()) {
    return status;
  }
  return proxy;
}

RecordingProxy::~RecordingProxy() { loop_->Unwatch(listener_.get()); }

absl::Status RecordingProxy::RunOnce(absl::Time deadline) {
  for (const auto& connection : connections_) {
    deadline = std::min(deadline, connection->NextTime());
  }
  if (absl::Status status = loop_->RunOnce(deadline); !status.ok()) {
    return status;
  }
  const absl::Time now = tunnel::MonotonicNow();
  for (const auto& connection : connections_) {
    connection->OnTime(now);
  }
  Review();
  return absl::OkStatus();
}

void RecordingProxy::OnListener() {
  if (connections_.size() >= kMaxRecordedConnections ||
      (options_.connections > 0 && made_ >= options_.connections)) {
    loop_->SetEvents(listener_.get(), 0);
    return;
  }
  absl::StatusOr<Accepted> accepted = Accept(listener_.get());
  if (!accepted.ok()) {
    log_->Log(LogLevel::kWarning,
              LogLine("accept").Add("detail", accepted.status().message()));
  } else if (accepted->socket.valid()) {
    Admit(std::move(accepted->socket), accepted->remote.ToString());
  }
}

void RecordingProxy::Admit(netif::UniqueFd socket, const std::string& remote) {
  absl::StatusOr<std::unique_ptr<tunnel::Transport>> transport =
      MakeServerTransport(options_.tls.get(), std::move(socket));
  if (!transport.ok()) {
    return;
  }
  log_->Log(LogLevel::kInfo, LogLine("connection").Add("from", remote));
  connections_.push_back(std::make_unique<RecordedConnection>(
      *std::move(transport), loop_, &options_.upstream,
      [this] { return MakeFile(); }, tunnel::MonotonicNow()));
  connections_.back()->Start();
}

absl::StatusOr<RecordingFile> RecordingProxy::MakeFile() {
  const std::string path = NumberedPath(options_.out, made_ + 1);
  absl::StatusOr<RecordingFile> file = RecordingFile::Create(path);
  if (!file.ok()) {
    return file.status();
  }
  const absl::StatusOr<std::string> heading = FormatHeading(options_.heading);
  if (!heading.ok()) {
    return heading.status();
  }
  if (absl::Status status = file->Append(*heading); !status.ok()) {
    return status;
  }
  ++made_;
  log_->Log(LogLevel::kInfo, LogLine("recording").Add("file", path));
  return file;
}

void RecordingProxy::Review() {
  const auto ended = std::partition(
      connections_.begin(), connections_.end(),
      [](const auto& connection) { return !connection->done(); });
  for (auto it = ended; it != connections_.end(); ++it) {
    const absl::Status& status = (*it)->status();
    log_->Log(status.ok() ? LogLevel::kInfo : LogLevel::kWarning,
              LogLine((*it)->recorded() ? "recorded" : "not_recorded")
                  .Add("detail", status.ok() ? "ended" : status.message()));
  }
  if (ended != connections_.end()) {
    connections_.erase(ended, connections_.end());
    loop_->SetEvents(listener_.get(), EPOLLIN);
  }
}

}  // namespace ovoc::conformance
