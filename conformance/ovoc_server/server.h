// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/ovoc_server/address_pool.h"
#include "conformance/ovoc_server/hub.h"
#include "conformance/ovoc_server/peer.h"
#include "conformance/ovoc_server/server_connection.h"
#include "netif/coalescing.h"
#include "netif/linux/unique_fd.h"
#include "netif/segmentation.h"
#include "netif/tun_device.h"
#include "openssl/base.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {

// Further connections are closed as they come in.
inline constexpr size_t kMaxConnections = 4096;

// Server is the stand-in's edge: a listening socket, its connections, OVOC's
// TUN device and the clock, in one thread.
class Server {
 public:
  struct Options {
    Peer::Options peer;
    AddressPool::Options pool;
    std::string user;                       // for the log
    bssl::UniquePtr<SSL_CTX> tls;           // null: plain HTTP
    std::unique_ptr<netif::TunDevice> tun;  // null: echo requests to OVOC are
                                            // answered by the server itself
  };

  // Loop and log must outlive the server.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Server>> Create(
      Options options, netif::UniqueFd listener, tunnel::EventLoop* loop,
      tunnel::Logger* log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves one batch of events, and returns at `deadline` at the latest.
  [[nodiscard]] absl::Status RunOnce(absl::Time deadline);

  // Accepts no more connections, and closes the existing ones.
  void Stop();

  size_t connection_count() const { return connections_.size(); }
  const Hub& hub() const { return *hub_; }

 private:
  struct Entry {
    std::unique_ptr<ServerConnection> connection;
    bool announced = false;  // peer_up is logged
  };

  Server(Options options, netif::UniqueFd listener, tunnel::EventLoop* loop,
         tunnel::Logger* log);

  absl::Status Start();
  void OnListener();
  void Admit(netif::UniqueFd socket, const std::string& remote);
  void Serve(int fd);
  void Flush(int fd);
  void Review(int fd, Entry& entry);
  void Remove(int fd);
  void CheckTimes();
  void OnTun();
  size_t ReadTun();
  void FlushPeers();
  void OnDevicePacket(absl::Span<const uint8_t> packet);
  void Log(absl::string_view event, const Entry& entry);

  Options options_;
  netif::UniqueFd listener_;
  tunnel::EventLoop* const loop_;
  tunnel::Logger* const log_;
  std::vector<uint8_t> buffer_;  // for reads of every kind
  std::vector<uint8_t> packet_;  // cut from what was read of the TUN device
  netif::Segmenter segmenter_;
  std::optional<netif::Coalescer> coalescer_;  // set with a TUN device
  absl::Time now_;                             // of the batch
  std::optional<Hub> hub_;
  absl::flat_hash_map<int, Entry> connections_;  // by descriptor
  std::vector<int> more_;   // have more to read, but had their turn
  std::vector<int> flush_;  // have something to send
  std::vector<int> done_;   // to be removed at the end of the batch
  bool stopping_ = false;
  // No connection needs OnTime earlier. Traffic only puts it off.
  absl::Time next_check_ = absl::InfiniteFuture();
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_H_
