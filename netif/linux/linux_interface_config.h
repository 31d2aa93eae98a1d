// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_LINUX_LINUX_INTERFACE_CONFIG_H_
#define OVOC_NETIF_LINUX_LINUX_INTERFACE_CONFIG_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "netif/interface_config.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// LinuxInterfaceConfig sets devices up by rtnetlink, in the network namespace
// of the calling thread. It needs CAP_NET_ADMIN there. Each call takes some
// system calls; only Configure waits, see running_looks.
//
// IPv6 is turned off through /proc/sys. A kernel without IPv6 has no such
// files, and a container may not write them (EROFS): both are no error, because
// the packet policy drops whatever IPv6 remains.
class LinuxInterfaceConfig : public InterfaceConfig {
 public:
  struct Options {
    std::string ipv6_settings_path = "/proc/sys/net/ipv6/conf";
    // How often Configure looks, at the end, whether the kernel sends packets
    // yet: about 10 ms in all. If it takes longer, packets are lost, but not
    // the tunnel.
    int running_looks = 500;
  };

  LinuxInterfaceConfig() : LinuxInterfaceConfig(Options()) {}
  explicit LinuxInterfaceConfig(Options options)
      : options_(std::move(options)) {}

  absl::Status Prepare(absl::string_view name, int mtu_bytes) override;
  absl::Status Configure(absl::string_view name, const Overlay& overlay,
                         int mtu_bytes) override;

 private:
  absl::Status TurnIpv6Off(const std::string& name) const;
  absl::Status TurnOn(absl::string_view name, int interface_index,
                      int mtu_bytes) const;

  Options options_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_LINUX_INTERFACE_CONFIG_H_
