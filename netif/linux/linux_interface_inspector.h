// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_LINUX_LINUX_INTERFACE_INSPECTOR_H_
#define OVOC_NETIF_LINUX_LINUX_INTERFACE_INSPECTOR_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/interface_inspector.h"
#include "netif/linux/link_watch.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// LinuxInterfaceInspector asks by rtnetlink, in the network namespace of the
// calling thread. It needs no privilege.
class LinuxInterfaceInspector : public InterfaceInspector {
 public:
  explicit LinuxInterfaceInspector(LinkWatch watch)
      : watch_(std::move(watch)) {}

  absl::StatusOr<std::string> Inspect(absl::string_view name,
                                      const Overlay& overlay,
                                      int mtu_bytes) override;
  bool Concerned(absl::string_view name) override;

  // Readable when Concerned should be called.
  int fd() const { return watch_.fd(); }

 private:
  LinkWatch watch_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_LINUX_INTERFACE_INSPECTOR_H_
