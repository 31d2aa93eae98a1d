// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "conformance/ovoc_server/echo_responder.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "tunnel/report/content/log_line.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

using tunnel::LogLevel;
using tunnel::LogLine;

// More than a TLS record, too.
constexpr size_t kBufferBytes = netif::kTunReadBytes;
// Of one kind of event before the others have their turn.
constexpr int kReadsPerTurn = 256;
constexpr size_t kBytesPerTurn = 4 * netif::kMaxBurstBytes;
constexpr int kAcceptsPerTurn = 64;
// Without a descriptor left, the listener is looked at again after this.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(Options options,
                                                       netif::UniqueFd listener,
                                                       tunnel::EventLoop* loop,
                                                       tunnel::Logger* log) {
  auto server = std::unique_ptr<Server>(
      new Server(std::move(options), std::move(listener), loop, log));
  if (absl::Status status = server->Start(); !status.ok()) {
    return status;
  }
  return server;
}

Server::Server(Options options, netif::UniqueFd listener,
               tunnel::EventLoop* loop, tunnel::Logger* log)
    : options_(std::move(options)),
      listener_(std::move(listener)),
      loop_(loop),
      log_(log),
      buffer_(kBufferBytes),
      packet_(netif::kMaxBurstBytes),
      now_(tunnel::MonotonicNow()) {}

absl::Status Server::Start() {
  absl::StatusOr<Hub> hub = Hub::Create(
      options_.pool,
      [this](absl::Span<const uint8_t> packet) { OnDevicePacket(packet); });
  if (!hub.ok()) {
    return hub.status();
  }
  hub_.emplace(*std::move(hub));
  if (options_.tun != nullptr) {
    const netif::TunOffload offload = options_.tun->offload();
    coalescer_.emplace(
        netif::Coalescer::Options{offload != netif::TunOffload::kNone,
                                  offload == netif::TunOffload::kTcpAndUdp},
        [this](const netif::Burst& burst) {
          // What the kernel does not take is lost, as on any network.
          options_.tun->Write(burst).IgnoreError();
        });
    if (absl::Status status = loop_->Watch(options_.tun->fd(), EPOLLIN,
                                           [this](uint32_t) { OnTun(); });
        !status.ok()) {
      return status;
    }
  }
  return loop_->Watch(listener_.get(), EPOLLIN,
                      [this](uint32_t) { OnListener(); });
}

Server::~Server() {
  for (const auto& [fd, entry] : connections_) {
    loop_->Unwatch(fd);
  }
  if (options_.tun != nullptr) {
    loop_->Unwatch(options_.tun->fd());
  }
  loop_->Unwatch(listener_.get());
  connections_.clear();  // while the hub is there
}

absl::Status Server::RunOnce(absl::Time deadline) {
  const absl::Time until =
      more_.empty() ? std::min(deadline, next_check_) : now_;
  if (absl::Status status = loop_->RunOnce(until); !status.ok()) {
    return status;
  }
  now_ = tunnel::MonotonicNow();
  hub_->set_now(now_);
  for (const int fd : std::exchange(more_, {})) {
    Serve(fd);
  }
  FlushPeers();
  if (now_ >= next_check_) {
    CheckTimes();
  }
  for (const int fd : std::exchange(done_, {})) {
    Remove(fd);
  }
  return absl::OkStatus();
}

void Server::OnListener() {
  now_ = tunnel::MonotonicNow();
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    absl::StatusOr<Accepted> accepted = Accept(listener_.get());
    if (!accepted.ok()) {
      log_->Log(LogLevel::kWarning,
                LogLine("accept").Add("detail", accepted.status().message()));
      loop_->SetEvents(listener_.get(), 0);
      next_check_ = std::min(next_check_, now_ + kAcceptPause);
      return;
    }
    if (!accepted->socket.valid()) {
      return;
    }
    if (connections_.size() < kMaxConnections) {
      Admit(std::move(accepted->socket), accepted->remote.ToString());
    }
  }
}

void Server::Admit(netif::UniqueFd socket, const std::string& remote) {
  const int fd = socket.get();
  absl::StatusOr<std::unique_ptr<tunnel::Transport>> transport =
      MakeServerTransport(options_.tls.get(), std::move(socket));
  if (!transport.ok()) {
    return;
  }
  Entry entry;
  entry.connection = std::make_unique<ServerConnection>(
      *std::move(transport), remote, &options_.peer, &*hub_,
      [this, fd] { flush_.push_back(fd); }, now_);
  if (!loop_->Watch(fd, EPOLLIN, [this, fd](uint32_t) { Serve(fd); }).ok()) {
    return;
  }
  next_check_ = std::min(next_check_, entry.connection->NextTime());
  connections_.insert_or_assign(fd, std::move(entry));
}

void Server::Serve(int fd) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) {
    return;
  }
  now_ = tunnel::MonotonicNow();
  hub_->set_now(now_);
  if (it->second.connection->Serve(absl::MakeSpan(buffer_), now_,
                                   absl::Now()) ==
          ServerConnection::Turn::kMore &&
      std::find(more_.begin(), more_.end(), fd) == more_.end()) {
    more_.push_back(fd);
  }
  if (coalescer_.has_value()) {
    coalescer_->Flush();
  }
  Review(fd, it->second);
}

void Server::FlushPeers() {
  for (const int fd : std::exchange(flush_, {})) {
    Flush(fd);
  }
}

void Server::Flush(int fd) {
  const auto it = connections_.find(fd);
  if (it != connections_.end()) {
    it->second.connection->Flush(now_);
    Review(fd, it->second);
  }
}

// What follows from a connection's new state.
void Server::Review(int fd, Entry& entry) {
  const ServerConnection& connection = *entry.connection;
  if (!entry.announced && connection.peer().lease().has_value()) {
    entry.announced = true;
    Log("peer_up", entry);
  }
  if (connection.done()) {
    done_.push_back(fd);
    return;
  }
  next_check_ = std::min(next_check_, connection.NextTime());
  loop_->SetEvents(fd, connection.wants_write()
                           ? EPOLLIN | EPOLLOUT
                           : static_cast<uint32_t>(EPOLLIN));
}

void Server::Remove(int fd) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) {
    return;  // twice in the list
  }
  Log(it->second.announced ? "peer_down" : "peer_refused", it->second);
  loop_->Unwatch(fd);
  connections_.erase(it);
}

void Server::CheckTimes() {
  next_check_ = absl::InfiniteFuture();
  if (!stopping_) {
    loop_->SetEvents(listener_.get(), EPOLLIN);  // after a pause
  }
  for (auto& [fd, entry] : connections_) {
    if (now_ >= entry.connection->NextTime()) {
      entry.connection->OnTime(now_);
    }
    Review(fd, entry);
  }
}

void Server::OnTun() {
  now_ = tunnel::MonotonicNow();
  hub_->set_now(now_);
  size_t bytes = 0;
  size_t unsent = 0;
  for (int i = 0; i < kReadsPerTurn && bytes < kBytesPerTurn; ++i) {
    const size_t read = ReadTun();
    if (read == 0) {
      break;
    }
    bytes += read;
    unsent += read;
    if (unsent >= netif::kMaxBurstBytes / 2) {  // before the queues are full
      unsent = 0;
      FlushPeers();
    }
  }
}

// The bytes read, 0: there are none now. Their packets are with the hub.
size_t Server::ReadTun() {
  const absl::StatusOr<netif::Burst> burst =
      options_.tun->Read(absl::MakeSpan(buffer_));
  if (!burst.ok()) {
    log_->Log(LogLevel::kError,
              LogLine("tun").Add("detail", burst.status().message()));
    loop_->Unwatch(options_.tun->fd());
    return 0;
  }
  (void)segmenter_.Begin(*burst);
  while (!segmenter_.done()) {
    const size_t size = segmenter_.Next(absl::MakeSpan(packet_));
    hub_->OnDevicePacket(absl::MakeConstSpan(packet_).first(size));
  }
  return burst->packet.size();
}

void Server::OnDevicePacket(absl::Span<const uint8_t> packet) {
  if (coalescer_.has_value()) {
    coalescer_->Add(packet);
    return;
  }
  const std::vector<uint8_t> reply = EchoReply(packet, options_.pool.ovoc);
  if (!reply.empty()) {
    hub_->OnDevicePacket(reply);
  }
}

void Server::Stop() {
  stopping_ = true;
  loop_->SetEvents(listener_.get(), 0);
  now_ = tunnel::MonotonicNow();
  for (auto& [fd, entry] : connections_) {
    entry.connection->Stop(now_);
    Review(fd, entry);
  }
}

void Server::Log(absl::string_view event, const Entry& entry) {
  const Peer& peer = entry.connection->peer();
  LogLine line(event);
  line.Add("address", entry.connection->remote());
  if (peer.lease().has_value()) {
    line.Add("overlay", peer.lease()->address.ToString());
    line.Add("user", options_.user);
  }
  if (peer.ended()) {
    line.Add("reason", PeerEndName(peer.end()));
  }
  if (peer.close_code() != frame::CloseCode::kNoStatus) {
    line.Add("code", static_cast<int64_t>(peer.close_code()));
  }
  if (peer.dropped_full() > 0) {
    line.Add("dropped_full", static_cast<int64_t>(peer.dropped_full()));
  }
  log_->Log(LogLevel::kInfo, line);
}

}  // namespace ovoc::conformance
