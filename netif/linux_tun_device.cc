// SPDX-License-Identifier: Apache-2.0

#include "netif/linux_tun_device.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/interface_name.h"
#include "netif/tun_device.h"
#include "netif/unique_fd.h"

namespace ovoc::netif {
namespace {

absl::string_view OpenRemedy(int error_number) {
  switch (error_number) {
    case EPERM:
    case EACCES:
      return "; this needs CAP_NET_ADMIN and access to /dev/net/tun";
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return "; load the kernel module tun";
    default:
      return "";
  }
}

absl::Status OpenError(const std::string& name, absl::string_view what,
                       int error_number) {
  if (error_number == EBUSY) {
    return absl::AlreadyExistsError(absl::StrCat(
        "cannot create the TUN device ", name,
        ": a device of this name exists; end the program that made it, remove "
        "it (ip link delete ",
        name, ") or choose another name"));
  }
  return absl::ErrnoToStatus(
      error_number, absl::StrCat("cannot create the TUN device ", name, ": ",
                                 what, " failed", OpenRemedy(error_number)));
}

// IoError sorts the kernel's errors as TunDevice promises. See
// drivers/net/tun.c of Linux: EIO is a device that is down, EINVAL a packet
// whose first byte is neither IPv4 nor IPv6, EBADFD a device that was deleted.
absl::Status IoError(absl::string_view what, const std::string& name,
                     int error_number) {
  const std::string message =
      absl::StrCat("cannot ", what, " the TUN device ", name);
  switch (error_number) {
    case EIO:
      return absl::UnavailableError(absl::StrCat(message, ": it is down"));
    case EINVAL:
      return absl::InvalidArgumentError(
          absl::StrCat(message, ": the kernel refuses this packet"));
    case EBADFD:
      return absl::FailedPreconditionError(
          absl::StrCat(message, ": it was removed"));
    default:
      return absl::InternalError(
          absl::ErrnoToStatus(error_number, message).message());
  }
}

bool IsForLater(int error_number) {
  return error_number == EAGAIN || error_number == EINTR ||
         error_number == ENOBUFS || error_number == ENOMEM;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LinuxTunDevice>> LinuxTunDevice::Open(
    const Options& options) {
  if (!IsValidInterfaceName(options.name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a TUN device cannot have this name, allowed are ",
                     kInterfaceNameRule));
  }
  UniqueFd fd(
      open(options.device_path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    const int error_number = errno;
    return OpenError(options.name,
                     absl::StrCat("opening ", options.device_path),
                     error_number);
  }
  ifreq request = {};
  std::copy(options.name.begin(), options.name.end(), request.ifr_name);
  // IFF_TUN_EXCL: attaching to another program's device would mix traffic.
  request.ifr_flags = static_cast<int16_t>(IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL);
  if (ioctl(fd.get(), TUNSETIFF, &request) != 0) {
    return OpenError(options.name, "TUNSETIFF", errno);
  }
  return absl::WrapUnique(new LinuxTunDevice(std::move(fd), options.name));
}

std::unique_ptr<LinuxTunDevice> LinuxTunDevice::Adopt(UniqueFd fd,
                                                      std::string name) {
  return absl::WrapUnique(new LinuxTunDevice(std::move(fd), std::move(name)));
}

absl::StatusOr<size_t> LinuxTunDevice::Read(absl::Span<uint8_t> buffer) {
  const ssize_t result = read(fd_.get(), buffer.data(), buffer.size());
  if (result >= 0) {
    return static_cast<size_t>(result);
  }
  if (IsForLater(errno)) {
    return size_t{0};
  }
  return IoError("read from", name_, errno);
}

absl::StatusOr<size_t> LinuxTunDevice::Write(absl::Span<const uint8_t> packet) {
  const ssize_t result = write(fd_.get(), packet.data(), packet.size());
  if (result >= 0) {
    return static_cast<size_t>(result);
  }
  if (IsForLater(errno)) {
    return size_t{0};
  }
  return IoError("write to", name_, errno);
}

}  // namespace ovoc::netif
