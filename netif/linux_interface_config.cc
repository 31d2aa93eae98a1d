// SPDX-License-Identifier: Apache-2.0

#include "netif/linux_interface_config.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/interface_name.h"
#include "netif/ip_address.h"
#include "netif/rtnetlink_message.h"
#include "netif/unique_fd.h"

namespace ovoc::netif {
namespace {

constexpr int kMinMtu = 68;     // RFC 791 3.2, and Linux's own limit
constexpr int kMaxMtu = 65535;  // RFC 791 3.1
// The kernel makes no larger datagrams for a dump (netlink(7), 32 KiB).
constexpr size_t kReplyBytes = 32768;
// The kernel answers within the call; this only keeps us from hanging.
constexpr timeval kReplyTimeout = {.tv_sec = 5, .tv_usec = 0};
// A dump is void when any address changes meanwhile; that is rare.
constexpr int kDumpAttempts = 10;
// Each request has its own socket, so its number need not differ from others'.
constexpr uint32_t kSequence = 1;

absl::Status StepError(int error_number, absl::string_view step,
                       absl::string_view name) {
  const absl::string_view remedy =
      error_number == EPERM || error_number == EACCES
          ? "; this needs CAP_NET_ADMIN"
          : "";
  return absl::ErrnoToStatus(
      error_number, absl::StrCat("cannot ", step, " of ", name, remedy));
}

// ReceiveReply reads the answer to a request. 0 or an errno.
int ReceiveReply(int fd, int index, std::vector<Ipv4Prefix>* addresses) {
  std::vector<uint8_t> buffer(kReplyBytes);
  while (true) {
    sockaddr_nl sender = {};
    socklen_t sender_size = sizeof(sender);
    const ssize_t size =
        recvfrom(fd, buffer.data(), buffer.size(), MSG_TRUNC,
                 reinterpret_cast<sockaddr*>(&sender), &sender_size);
    if (size < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno == EAGAIN ? ETIMEDOUT : errno;
    }
    if (sender.nl_pid != 0) {
      continue;  // another process's, not the kernel's
    }
    if (static_cast<size_t>(size) > buffer.size()) {
      return EMSGSIZE;
    }
    int error_number = 0;
    const absl::Span<const uint8_t> datagram =
        absl::MakeConstSpan(buffer).first(static_cast<size_t>(size));
    switch (ReadReply(datagram, kSequence, index, addresses, &error_number)) {
      case ReplyResult::kMore:
        break;
      case ReplyResult::kDone:
        return 0;
      case ReplyResult::kError:
        return error_number;
    }
  }
}

// Transact sends a request and waits for its end. 0 or an errno. Addresses of
// the device that the answer holds are appended to *addresses.
int Transact(const std::vector<uint8_t>& request, int index,
             std::vector<Ipv4Prefix>* addresses) {
  const UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid() || setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO,
                                &kReplyTimeout, sizeof(kReplyTimeout)) != 0) {
    return errno;
  }
  sockaddr_nl kernel = {};
  kernel.nl_family = AF_NETLINK;
  if (sendto(fd.get(), request.data(), request.size(), 0,
             reinterpret_cast<const sockaddr*>(&kernel), sizeof(kernel)) < 0) {
    return errno;
  }
  return ReceiveReply(fd.get(), index, addresses);
}

int Apply(const std::vector<uint8_t>& request, int index) {
  std::vector<Ipv4Prefix> none;
  return Transact(request, index, &none);
}

absl::StatusOr<int> FindIndex(absl::string_view name) {
  if (!IsValidInterfaceName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("an interface cannot have this name, allowed are ",
                     kInterfaceNameRule));
  }
  const unsigned int index = if_nametoindex(std::string(name).c_str());
  if (index != 0) {
    return static_cast<int>(index);
  }
  const int error_number = errno;
  if (error_number == ENODEV || error_number == ENXIO) {
    return absl::NotFoundError(absl::StrCat("there is no interface ", name));
  }
  return StepError(error_number, "find the index", name);
}

absl::StatusOr<std::vector<Ipv4Prefix>> ListAddresses(absl::string_view name,
                                                      int index) {
  int error_number = 0;
  for (int attempt = 0; attempt < kDumpAttempts; ++attempt) {
    std::vector<Ipv4Prefix> addresses;
    error_number = Transact(AddressDumpRequest(kSequence), index, &addresses);
    if (error_number == 0) {
      return addresses;
    }
    if (error_number != EINTR) {
      break;
    }
  }
  return StepError(error_number, "list the addresses", name);
}

// DeleteAddresses deletes all of `addresses` but `kept`.
absl::Status DeleteAddresses(absl::string_view name, int index,
                             const std::vector<Ipv4Prefix>& addresses,
                             std::optional<Ipv4Prefix> kept) {
  for (const Ipv4Prefix& address : addresses) {
    if (kept.has_value() && address == *kept) {
      continue;
    }
    const int error_number =
        Apply(AddressRequest(kSequence, AddressChange::kDelete, index, address),
              index);
    // Gone meanwhile is as good.
    if (error_number != 0 && error_number != EADDRNOTAVAIL) {
      return StepError(error_number,
                       absl::StrCat("delete the address ", address.ToString()),
                       name);
    }
  }
  return absl::OkStatus();
}

absl::Status AddAddress(absl::string_view name, int index,
                        const Ipv4Prefix& address) {
  const int error_number = Apply(
      AddressRequest(kSequence, AddressChange::kAdd, index, address), index);
  if (error_number != 0 && error_number != EEXIST) {
    return StepError(error_number,
                     absl::StrCat("add the address ", address.ToString()),
                     name);
  }
  return absl::OkStatus();
}

// ReplaceAddresses adds `wanted` before it deletes all others.
absl::Status ReplaceAddresses(absl::string_view name, int index,
                              const Ipv4Prefix& wanted) {
  const absl::StatusOr<std::vector<Ipv4Prefix>> present =
      ListAddresses(name, index);
  if (!present.ok()) {
    return present.status();
  }
  const absl::Status added = AddAddress(name, index, wanted);
  if (!added.ok()) {
    return added;
  }
  return DeleteAddresses(name, index, *present, wanted);
}

absl::StatusOr<Ipv4Prefix> CheckArguments(Ipv4Address address,
                                          int prefix_length, int mtu_bytes) {
  const std::optional<Ipv4Prefix> prefix =
      Ipv4Prefix::Create(address, prefix_length);
  if (!prefix.has_value() || !address.IsUnicast() ||
      !prefix->ContainsHost(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat(address.ToString(), "/", prefix_length,
                     " is no address of a host in its prefix"));
  }
  if (mtu_bytes < kMinMtu || mtu_bytes > kMaxMtu) {
    return absl::InvalidArgumentError(
        absl::StrCat("MTU ", mtu_bytes, " is not ", kMinMtu, "..", kMaxMtu));
  }
  return *prefix;
}

// WriteSetting writes "1" to a file of /proc/sys. 0 or an errno.
int WriteSetting(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno;
  }
  return write(fd.get(), "1", 1) == 1 ? 0 : errno;
}

}  // namespace

absl::Status LinuxInterfaceConfig::TurnIpv6Off(const std::string& name) const {
  // addr_gen_mode 1 is "none": no link-local address. disable_ipv6 stops the
  // rest, router solicitations first of all.
  for (const absl::string_view setting : {"addr_gen_mode", "disable_ipv6"}) {
    const int error_number = WriteSetting(
        absl::StrCat(options_.ipv6_settings_path, "/", name, "/", setting));
    if (error_number != 0 && error_number != ENOENT && error_number != EROFS) {
      return StepError(error_number, absl::StrCat("set ", setting), name);
    }
  }
  return absl::OkStatus();
}

absl::Status LinuxInterfaceConfig::Configure(absl::string_view name,
                                             Ipv4Address address,
                                             int prefix_length, int mtu_bytes) {
  const absl::StatusOr<Ipv4Prefix> wanted =
      CheckArguments(address, prefix_length, mtu_bytes);
  if (!wanted.ok()) {
    return wanted.status();
  }
  const absl::StatusOr<int> index = FindIndex(name);
  if (!index.ok()) {
    return index.status();
  }
  // Before the device is on: the kernel would send router solicitations.
  const absl::Status ipv6 = TurnIpv6Off(std::string(name));
  if (!ipv6.ok()) {
    return ipv6;
  }
  const int error_number =
      Apply(LinkRequest(kSequence, *index, mtu_bytes), *index);
  if (error_number != 0) {
    return StepError(error_number, absl::StrCat("set the MTU ", mtu_bytes),
                     name);
  }
  return ReplaceAddresses(name, *index, *wanted);
}

absl::Status LinuxInterfaceConfig::ClearAddress(absl::string_view name) {
  const absl::StatusOr<int> index = FindIndex(name);
  if (!index.ok()) {
    return index.status();
  }
  const absl::StatusOr<std::vector<Ipv4Prefix>> present =
      ListAddresses(name, *index);
  if (!present.ok()) {
    return present.status();
  }
  return DeleteAddresses(name, *index, *present, std::nullopt);
}

}  // namespace ovoc::netif
