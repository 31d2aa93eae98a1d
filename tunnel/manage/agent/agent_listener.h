// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_AGENT_LISTENER_H_
#define OVOC_TUNNEL_MANAGE_AGENT_AGENT_LISTENER_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// AgentListener accepts connections at the path of a UNIX socket. Everybody may
// connect (mode 0666), since two groups and root may: who it is, is asked
// before a byte is read.
class AgentListener {
 public:
  using OnSocket = std::function<void(netif::UniqueFd socket)>;

  // A socket that nobody listens at any more is removed first. AlreadyExists:
  // somebody listens there, or it is no socket. `loop` must outlive the object.
  static absl::StatusOr<std::unique_ptr<AgentListener>> Open(
      EventLoop* loop, const std::string& path, OnSocket on_socket);
  // Removes the socket.
  ~AgentListener();
  AgentListener(const AgentListener&) = delete;
  AgentListener& operator=(const AgentListener&) = delete;

 private:
  AgentListener(EventLoop* loop, netif::UniqueFd socket, std::string path,
                OnSocket on_socket)
      : loop_(loop),
        socket_(std::move(socket)),
        path_(std::move(path)),
        on_socket_(std::move(on_socket)) {}

  void OnReadable();

  EventLoop* const loop_;
  const netif::UniqueFd socket_;
  const std::string path_;
  const OnSocket on_socket_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_AGENT_LISTENER_H_
