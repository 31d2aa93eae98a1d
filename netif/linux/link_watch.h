// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_LINUX_LINK_WATCH_H_
#define OVOC_NETIF_LINUX_LINK_WATCH_H_

#include <utility>

#include "absl/status/statusor.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::netif {

// LinkWatch hears from the kernel when links, IPv4 addresses or IPv4 routes
// change, in the network namespace of the thread that opened it (rtnetlink(7)).
// It says that something happened, not what: whoever cares looks.
class LinkWatch {
 public:
  static absl::StatusOr<LinkWatch> Open();

  // Readable when there is news.
  int fd() const { return fd_.get(); }

  // TakeNews reads what has come and says whether any of it may affect the
  // device. It also says so if some of it was lost because too much came at
  // once, or if it cannot be read. Messages from other processes are ignored.
  bool TakeNews(int interface_index);

 private:
  explicit LinkWatch(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_LINK_WATCH_H_
