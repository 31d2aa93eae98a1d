// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/linux_tun_device.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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
#include "netif/burst.h"
#include "netif/interface_name.h"
#include "netif/linux/unique_fd.h"
#include "netif/tun_device.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

// Linux 6.2; the headers of Debian 12 do not name them.
constexpr unsigned kUso4 = 0x20;  // TUN_F_USO4
constexpr unsigned kUso6 = 0x40;  // TUN_F_USO6

// What to do where the clone device, /dev/net/tun, cannot be opened.
absl::string_view OpenRemedy(int error_number) {
  switch (error_number) {
    case EPERM:
    case EACCES:
      return "; let the client read and write it (its mode, and the device "
             "rules of the unit or container)";
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return "; load the kernel module tun, or pass the device into the "
             "container";
    default:
      return "";
  }
}

// What to do where it opens, but makes no device.
absl::string_view MakeRemedy(int error_number) {
  switch (error_number) {
    case EPERM:
      return "; give the client CAP_NET_ADMIN";
    case ENOTTY:
      return "; remove this file, then run mknod /dev/net/tun c 10 200";
    default:
      return "";
  }
}

// The error of a device of this name: what is wrong, the system's word for it,
// and what to do.
absl::Status CannotCreate(const std::string& name, absl::string_view wrong,
                          int error_number, absl::string_view remedy) {
  const absl::Status status = absl::ErrnoToStatus(
      error_number,
      absl::StrCat("cannot create the TUN device ", name, ": ", wrong));
  return absl::Status(status.code(), absl::StrCat(status.message(), remedy));
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

// As people know it: a relative path begins at the machine's root.
std::string ShownPath(const std::string& path) {
  return path.rfind('/', 0) == 0 ? path : absl::StrCat("/", path);
}

// The error of an open clone device that makes no device.
absl::Status MakeError(const LinuxTunDevice::Options& options,
                       int error_number) {
  if (error_number == EBUSY) {
    return absl::AlreadyExistsError(absl::StrCat(
        "cannot create the TUN device ", options.name,
        ": an interface of the machine has this name; stop the client that "
        "already runs, or choose another name with WSTunInterface"));
  }
  const absl::string_view wrong = error_number == ENOTTY
                                      ? " is not the kernel's TUN device"
                                      : " refuses TUNSETIFF";
  return CannotCreate(options.name,
                      absl::StrCat(ShownPath(options.device_path), wrong),
                      error_number, MakeRemedy(error_number));
}

// Opens the clone device and makes the device of this name, with the flags.
absl::StatusOr<UniqueFd> Make(const LinuxTunDevice::Options& options,
                              int flags) {
  UniqueFd fd(
      open(options.device_path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    const int error_number = errno;
    return CannotCreate(
        options.name,
        absl::StrCat(ShownPath(options.device_path), " cannot be opened"),
        error_number, OpenRemedy(error_number));
  }
  ifreq request = {};
  std::copy(options.name.begin(), options.name.end(), request.ifr_name);
  // IFF_TUN_EXCL: attaching to another program's device would mix traffic.
  request.ifr_flags =
      static_cast<int16_t>(IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL | flags);
  if (ioctl(fd.get(), TUNSETIFF, &request) != 0) {
    return MakeError(options, errno);
  }
  return fd;
}

// What the kernel may leave to us of a device with IFF_VNET_HDR.
// Documentation/networking/tuntap.rst; USO for one family alone is refused.
uintptr_t Features(TunOffload offload) {
  switch (offload) {
    case TunOffload::kNone:
      return 0;
    case TunOffload::kTcp:
      return TUN_F_CSUM | TUN_F_TSO4;
    case TunOffload::kTcpAndUdp:
      return TUN_F_CSUM | TUN_F_TSO4 | kUso4 | kUso6;
  }
  return 0;
}

// Asks for as much as is wanted, then for less.
TunOffload AskForOffload(int fd, TunOffload wanted) {
  for (const TunOffload offload : {TunOffload::kTcpAndUdp, TunOffload::kTcp}) {
    if (offload <= wanted && ioctl(fd, TUNSETOFFLOAD, Features(offload)) == 0) {
      return offload;
    }
  }
  return TunOffload::kNone;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LinuxTunDevice>> LinuxTunDevice::Open(
    const Options& options) {
  if (!IsValidInterfaceName(options.name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a TUN device cannot have this name; a name has ", kInterfaceNameRule));
  }
  if (options.offload != TunOffload::kNone) {
    absl::StatusOr<UniqueFd> fd = Make(options, IFF_VNET_HDR);
    const TunOffload offload =
        fd.ok() ? AskForOffload(fd->get(), options.offload) : TunOffload::kNone;
    if (offload != TunOffload::kNone) {
      return absl::WrapUnique(
          new LinuxTunDevice(*std::move(fd), options.name, offload));
    }
  }
  // A kernel without any of it has the device all the same.
  absl::StatusOr<UniqueFd> fd = Make(options, 0);
  if (!fd.ok()) {
    return fd.status();
  }
  return absl::WrapUnique(
      new LinuxTunDevice(*std::move(fd), options.name, TunOffload::kNone));
}

std::unique_ptr<LinuxTunDevice> LinuxTunDevice::Adopt(UniqueFd fd,
                                                      std::string name,
                                                      TunOffload offload) {
  return absl::WrapUnique(
      new LinuxTunDevice(std::move(fd), std::move(name), offload));
}

absl::StatusOr<Burst> LinuxTunDevice::Read(absl::Span<uint8_t> buffer) {
  const ssize_t result = read(fd_.get(), buffer.data(), buffer.size());
  if (result < 0) {
    if (IsForLater(errno)) {
      return Burst();
    }
    return IoError("read from", name_, errno);
  }
  const auto bytes = absl::MakeConstSpan(buffer).first(
      std::min(static_cast<size_t>(result), buffer.size()));
  if (offload_ == TunOffload::kNone) {
    return Burst{{}, bytes};
  }
  if (bytes.size() < kVirtioNetHeaderBytes) {
    return Burst();
  }
  return Burst{DecodeVirtioNetHeader(bytes.first(kVirtioNetHeaderBytes)),
               bytes.subspan(kVirtioNetHeaderBytes)};
}

absl::StatusOr<size_t> LinuxTunDevice::Write(const Burst& burst) {
  std::array<uint8_t, kVirtioNetHeaderBytes> header = {};
  std::array<iovec, 2> pieces = {{
      {header.data(), header.size()},
      {const_cast<uint8_t*>(burst.packet.data()), burst.packet.size()},
  }};
  ssize_t result = 0;
  if (offload_ == TunOffload::kNone) {
    result = write(fd_.get(), burst.packet.data(), burst.packet.size());
  } else {
    EncodeVirtioNetHeader(burst.header, absl::MakeSpan(header));
    result = writev(fd_.get(), pieces.data(), pieces.size());
  }
  if (result >= 0) {
    return burst.packet.size();
  }
  if (IsForLater(errno)) {
    return size_t{0};
  }
  return IoError("write to", name_, errno);
}

absl::Status LinuxTunDevice::SetCarrier(Carrier carrier) {
  int on = carrier == Carrier::kOn ? 1 : 0;
  if (ioctl(fd_.get(), TUNSETCARRIER, &on) == 0) {
    return absl::OkStatus();
  }
  if (errno == EINVAL || errno == ENOTTY) {
    return absl::UnimplementedError(
        absl::StrCat("this kernel is older than Linux 5.0: ", name_,
                     " shows a carrier even while the tunnel is down"));
  }
  return absl::ErrnoToStatus(errno,
                             absl::StrCat("cannot set the carrier of ", name_));
}

absl::StatusOr<std::string> LinuxTunDevice::Name() const {
  ifreq request = {};
  if (ioctl(fd_.get(), TUNGETIFF, &request) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot ask for ", name_));
  }
  return std::string(request.ifr_name,
                     strnlen(request.ifr_name, sizeof(request.ifr_name)));
}

}  // namespace ovoc::netif
