// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/vrf.h"

#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/interface_name.h"

namespace ovoc::netif {
namespace {

absl::Status CheckName(absl::string_view name) {
  if (IsValidInterfaceName(name)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "a VRF cannot have this name; a name has ", kInterfaceNameRule));
}

}  // namespace

absl::StatusOr<bool> VrfExists(absl::string_view name) {
  const absl::Status checked = CheckName(name);
  if (!checked.ok()) {
    return checked;
  }
  if (if_nametoindex(std::string(name).c_str()) != 0) {
    return true;
  }
  const int error_number = errno;
  if (error_number == ENODEV || error_number == ENXIO) {
    return false;
  }
  return absl::ErrnoToStatus(error_number,
                             absl::StrCat("cannot look for VRF ", name));
}

absl::Status BindToVrf(int fd, absl::string_view name) {
  const absl::Status checked = CheckName(name);
  if (!checked.ok()) {
    return checked;
  }
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(),
                 static_cast<socklen_t>(name.size())) == 0) {
    return absl::OkStatus();
  }
  const int error_number = errno;
  if (error_number == ENODEV) {
    return absl::NotFoundError(absl::StrCat("cannot bind a socket to VRF ",
                                            name, ": it does not exist"));
  }
  const absl::string_view remedy =
      error_number == EPERM ? "; this needs CAP_NET_RAW" : "";
  return absl::ErrnoToStatus(
      error_number, absl::StrCat("cannot bind a socket to VRF ", name, remedy));
}

}  // namespace ovoc::netif
