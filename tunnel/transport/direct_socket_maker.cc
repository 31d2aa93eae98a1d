// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/direct_socket_maker.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "absl/status/status.h"
#include "netif/ip_address.h"
#include "netif/linux/socket_address.h"
#include "netif/linux/vrf.h"
#include "tunnel/transport/connect_failure.h"

namespace ovoc::tunnel {
namespace {

absl::Status Failure(const char* what) {
  return absl::UnavailableError(absl::ErrnoToStatus(errno, what).message());
}

// The kernel connects to an address that may have a zone only with one.
absl::Status FailureOf(const netif::IpAddress& address) {
  return errno == EINVAL && address.WithZone("0").has_value()
             ? absl::UnavailableError(
                   "it is link-local, and its zone is missing or no interface "
                   "of this machine; write it as in fe80::1%eth0")
             : ConnectFailure(errno);
}

absl::Status SetOption(int fd, int level, int name, int value,
                       const char* what) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0
             ? absl::OkStatus()
             : Failure(what);
}

uint16_t PortOf(SocketPurpose purpose, const SocketOptions& options) {
  switch (purpose) {
    case SocketPurpose::kServer:
      return options.server_port;
    case SocketPurpose::kProxy:
      return options.proxy_port;
    case SocketPurpose::kDnsUdp:
    case SocketPurpose::kDnsTcp:
      break;
  }
  return options.dns_port;
}

absl::Status SetServerOptions(int fd, const SocketOptions& options) {
  const int timeout_ms =
      static_cast<int>(absl::ToInt64Milliseconds(options.user_timeout));
  const int idle_s =
      static_cast<int>(absl::ToInt64Seconds(options.probe_after));
  absl::Status status;
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY"));
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, timeout_ms,
                          "TCP_USER_TIMEOUT"));
  status.Update(SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE"));
  status.Update(
      SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_s, "TCP_KEEPIDLE"));
  status.Update(SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 4, "TCP_KEEPINTVL"));
  return status;
}

}  // namespace

absl::StatusOr<netif::UniqueFd> DirectSocketMaker::Make(
    const SocketRequest& request) {
  const bool to_server = request.purpose == SocketPurpose::kServer ||
                         request.purpose == SocketPurpose::kProxy;
  const netif::SocketAddress target(request.address,
                                    PortOf(request.purpose, *options_));
  const int type =
      request.purpose == SocketPurpose::kDnsUdp ? SOCK_DGRAM : SOCK_STREAM;
  netif::UniqueFd fd(
      socket(target.family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    return Failure("socket");
  }
  absl::Status status;
  if (to_server) {
    status = SetServerOptions(fd.get(), *options_);
  }
  if (status.ok() && !options_->vrf.empty()) {
    status = netif::BindToVrf(fd.get(), options_->vrf);
  }
  if (!status.ok()) {
    return status;
  }
  // RFC 5452 9.1 MUST: a response matches the query's addresses and ports (a
  // connected socket hears nobody else)
  if (connect(fd.get(), target.get(), target.size()) != 0 &&
      errno != EINPROGRESS) {
    return FailureOf(request.address);
  }
  return fd;
}

}  // namespace ovoc::tunnel
