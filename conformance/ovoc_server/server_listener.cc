// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "netif/linux/socket_address.h"

namespace ovoc::conformance {
namespace {

// For 500 clients that come back at once (the kernel may cap it lower).
constexpr int kBacklog = 1024;

// What the kernel says an address is; read with memcpy.
struct RawAddress {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

ListenAddress FromRaw(const RawAddress& from) {
  ListenAddress to;
  if (from.storage.ss_family == AF_INET) {
    sockaddr_in in;
    memcpy(&in, &from.storage, sizeof(in));
    uint8_t bytes[netif::kIpv4AddressBytes];
    memcpy(bytes, &in.sin_addr, sizeof(bytes));
    to.address = netif::IpAddress::FromBytes(bytes).value_or(to.address);
    to.port = ntohs(in.sin_port);
    return to;
  }
  sockaddr_in6 in;
  memcpy(&in, &from.storage, sizeof(in));
  uint8_t bytes[netif::kIpv6AddressBytes];
  memcpy(bytes, &in.sin6_addr, sizeof(bytes));
  to.address = netif::IpAddress::FromBytes(bytes).value_or(to.address);
  to.port = ntohs(in.sin6_port);
  return to;
}

}  // namespace

std::string ListenAddress::ToString() const {
  return address.is_v4() ? absl::StrCat(address.ToString(), ":", port)
                         : absl::StrCat("[", address.ToString(), "]:", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon != absl::string_view::npos) {
    absl::string_view host = text.substr(0, colon);
    const bool brackets =
        absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
    const absl::string_view port = text.substr(colon + 1);
    const std::optional<netif::IpAddress> address =
        netif::IpAddress::Parse(host);
    uint32_t number = 0;
    if (address.has_value() && address->is_v4() != brackets &&
        port.find_first_not_of("0123456789") == absl::string_view::npos &&
        absl::SimpleAtoi(port, &number) && number <= 65535) {
      return ListenAddress{*address, static_cast<uint16_t>(number)};
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("cannot read the address \"", text,
                   "\"; use a form like 192.0.2.10:443 or [2001:db8::1]:443"));
}

absl::StatusOr<netif::UniqueFd> OpenListener(const ListenAddress& address) {
  const netif::SocketAddress where(address.address, address.port);
  netif::UniqueFd fd(
      socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    return absl::ErrnoToStatus(errno, "socket");
  }
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd.get(), where.get(), where.size()) != 0 ||
      listen(fd.get(), kBacklog) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat("listen on ", address.ToString()));
  }
  return fd;
}

absl::StatusOr<ListenAddress> LocalAddress(int fd) {
  RawAddress address;
  if (getsockname(fd, address.get(), &address.size) != 0) {
    return absl::ErrnoToStatus(errno, "getsockname");
  }
  return FromRaw(address);
}

absl::StatusOr<Accepted> Accept(int listener) {
  Accepted accepted;
  RawAddress remote;
  accepted.socket.Reset(accept4(listener, remote.get(), &remote.size,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted.socket.valid()) {
    const int on = 1;
    setsockopt(accepted.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof(on));
    accepted.remote = FromRaw(remote);
    return accepted;
  }
  // The kernel's shortages; all else was the client's fault or is over.
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
      errno == ENOMEM) {
    return absl::ErrnoToStatus(errno, "accept");
  }
  return accepted;
}

}  // namespace ovoc::conformance
