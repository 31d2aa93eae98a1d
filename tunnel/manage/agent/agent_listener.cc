// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_listener.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr int kBacklog = 16;

absl::Status Failed(const std::string& path, absl::string_view call) {
  const int error = errno;
  return absl::ErrnoToStatus(
      error, absl::StrCat("--socket: ", path, ": ", call, ": ", strerror(error),
                          "; name a path in a folder that the agent may write "
                          "into"));
}

netif::UniqueFd NewSocket() {
  return netif::UniqueFd(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Removes what an agent that was killed has left.
absl::Status RemoveOld(const std::string& path, const sockaddr_un& address) {
  struct stat info = {};
  if (lstat(path.c_str(), &info) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failed(path, "lstat");
  }
  if (!S_ISSOCK(info.st_mode)) {
    return absl::AlreadyExistsError(absl::StrCat(
        "--socket: ", path, " is there and is no socket; name another path"));
  }
  const netif::UniqueFd probe = NewSocket();
  if (connect(probe.get(), Generic(address), sizeof(address)) == 0 ||
      errno == EAGAIN) {
    return absl::AlreadyExistsError(absl::StrCat(
        "--socket: an agent runs at ", path, " already; use that one"));
  }
  return unlink(path.c_str()) == 0 ? absl::OkStatus() : Failed(path, "unlink");
}

}  // namespace

absl::StatusOr<std::unique_ptr<AgentListener>> AgentListener::Open(
    EventLoop* loop, const std::string& path, OnSocket on_socket) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--socket: the path has ", path.size(),
                     " bytes; use 1 to ", sizeof(address.sun_path) - 1));
  }
  memcpy(address.sun_path, path.c_str(), path.size());
  if (absl::Status status = RemoveOld(path, address); !status.ok()) {
    return status;
  }
  netif::UniqueFd socket = NewSocket();
  if (!socket.valid() ||
      bind(socket.get(), Generic(address), sizeof(address)) != 0) {
    return Failed(path, "bind");
  }
  auto listener = std::unique_ptr<AgentListener>(
      new AgentListener(loop, std::move(socket), path, std::move(on_socket)));
  AgentListener* const raw = listener.get();
  constexpr mode_t kEverybody = 0666;
  if (chmod(path.c_str(), kEverybody) != 0 ||
      listen(raw->socket_.get(), kBacklog) != 0) {
    return Failed(path, "listen");
  }
  const absl::Status watched = loop->Watch(
      raw->socket_.get(), EPOLLIN, [raw](uint32_t) { raw->OnReadable(); });
  if (!watched.ok()) {
    return watched;
  }
  return listener;
}

AgentListener::~AgentListener() {
  loop_->Unwatch(socket_.get());
  (void)unlink(path_.c_str());
}

void AgentListener::OnReadable() {
  netif::UniqueFd socket(
      accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.valid()) {
    on_socket_(std::move(socket));
  }
}

}  // namespace ovoc::tunnel
