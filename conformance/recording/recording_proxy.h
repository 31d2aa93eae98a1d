// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDING_PROXY_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDING_PROXY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "conformance/recording/recorded_connection.h"
#include "conformance/recording/recording.h"
#include "netif/linux/unique_fd.h"
#include "openssl/base.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {

// Further connections are accepted when one of these ends. This is a tool for
// one or a few devices.
inline constexpr size_t kMaxRecordedConnections = 64;

// RecordingProxy accepts connections from devices and passes each on to OVOC,
// with a recording of its own: the first in `out`, later ones in NumberedPath.
// It logs one line for each connection and each end.
class RecordingProxy {
 public:
  struct Options {
    bssl::UniquePtr<SSL_CTX> tls;  // toward the devices; null: plain
    Upstream upstream;
    Recording heading;  // without events; the date and a note are added
    std::string out;
    int connections = 0;  // recordings to make; 0: no end
  };

  static absl::StatusOr<std::unique_ptr<RecordingProxy>> Create(
      Options options, netif::UniqueFd listener, tunnel::EventLoop* loop,
      tunnel::Logger* log);

  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;
  ~RecordingProxy();

  // Waits for one batch of events and deals with them.
  [[nodiscard]] absl::Status RunOnce(absl::Time deadline);

  // All recordings that were requested are complete.
  bool done() const {
    return options_.connections > 0 && made_ >= options_.connections &&
           connections_.empty();
  }

 private:
  RecordingProxy(Options options, netif::UniqueFd listener,
                 tunnel::EventLoop* loop, tunnel::Logger* log)
      : options_(std::move(options)),
        listener_(std::move(listener)),
        loop_(loop),
        log_(log) {}

  void OnListener();
  void Admit(netif::UniqueFd socket, const std::string& remote);
  absl::StatusOr<RecordingFile> MakeFile();
  void Review();

  Options options_;
  const netif::UniqueFd listener_;
  tunnel::EventLoop* const loop_;
  tunnel::Logger* const log_;
  std::vector<std::unique_ptr<RecordedConnection>> connections_;
  int made_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDING_PROXY_H_
