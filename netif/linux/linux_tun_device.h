// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_LINUX_LINUX_TUN_DEVICE_H_
#define OVOC_NETIF_LINUX_LINUX_TUN_DEVICE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/linux/unique_fd.h"
#include "netif/tun_device.h"

namespace ovoc::netif {

// LinuxTunDevice is a TUN device of the Linux kernel
// (Documentation/networking/tuntap.rst) in the network namespace of the thread
// that opened it. It is not persistent: the kernel removes it with its
// descriptor, so a crash leaves nothing behind.
class LinuxTunDevice : public TunDevice {
 public:
  struct Options {
    std::string name;  // by IsValidInterfaceName
    // A relative path is taken from a working folder that is the machine's
    // root. Messages show the whole path in either case.
    std::string device_path = "/dev/net/tun";
    TunOffload offload = TunOffload::kTcpAndUdp;  // at most
  };

  // Open creates the device. It never takes over one that exists already. The
  // device is down and has no address until InterfaceConfig sets it up. It has
  // as much of the offload as the kernel grants.
  //
  // Errors: InvalidArgument for the name, AlreadyExists, PermissionDenied, or
  // another error of the system. Each names the device, and the remedy if we
  // know one.
  static absl::StatusOr<std::unique_ptr<LinuxTunDevice>> Open(
      const Options& options);

  // Adopt takes a descriptor that Open made, for example in the parent process,
  // and the offload of that device.
  static std::unique_ptr<LinuxTunDevice> Adopt(UniqueFd fd, std::string name,
                                               TunOffload offload);

  absl::StatusOr<Burst> Read(absl::Span<uint8_t> buffer) override;
  absl::StatusOr<size_t> Write(const Burst& burst) override;
  absl::Status SetCarrier(Carrier carrier) override;
  absl::StatusOr<std::string> Name() const override;
  TunOffload offload() const override { return offload_; }
  int fd() const override { return fd_.get(); }

 private:
  LinuxTunDevice(UniqueFd fd, std::string name, TunOffload offload)
      : fd_(std::move(fd)), name_(std::move(name)), offload_(offload) {}

  UniqueFd fd_;
  std::string name_;
  TunOffload offload_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_LINUX_TUN_DEVICE_H_
