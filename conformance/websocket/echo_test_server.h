// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_TEST_SERVER_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_TEST_SERVER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::conformance {

// EchoTestServer listens on 127.0.0.1 and plays one script for each connection,
// in order, in a thread of its own with blocking calls.
class EchoTestServer {
 public:
  // A connection, its upgrade request read and answered with a good 101.
  class Connection {
   public:
    explicit Connection(int fd) : fd_(fd) {}
    void Send(absl::string_view bytes);
    // Exactly so many bytes, fewer at the end of the stream.
    std::string Read(size_t count);
    // All up to the end of the stream.
    std::string ReadToEnd();
    // Ends our side only.
    void EndSending();

   private:
    const int fd_;
  };
  using Script = std::function<void(Connection&)>;

  explicit EchoTestServer(std::vector<Script> scripts);
  EchoTestServer(const EchoTestServer&) = delete;
  EchoTestServer& operator=(const EchoTestServer&) = delete;
  ~EchoTestServer() { Join(); }

  uint16_t port() const { return port_; }
  // Waits until all scripts are played.
  void Join();
  // The path of each request; after Join.
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  void Serve(const std::vector<Script>& scripts);

  netif::UniqueFd listener_;
  uint16_t port_ = 0;
  std::vector<std::string> paths_;
  std::thread thread_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_TEST_SERVER_H_
