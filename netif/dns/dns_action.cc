// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_action.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ovoc::netif {

void DnsActions::Push(DnsAction action) { queue_.push_back(std::move(action)); }

void DnsActions::Close(uint32_t socket_id) {
  const auto waiting = std::find_if(queue_.begin(), queue_.end(),
                                    [socket_id](const DnsAction& action) {
                                      return action.socket_id == socket_id;
                                    });
  if (waiting != queue_.end()) {
    queue_.erase(waiting);
    return;
  }
  DnsAction action;
  action.kind = DnsAction::Kind::kClose;
  action.socket_id = socket_id;
  queue_.push_back(std::move(action));
}

DnsAction DnsActions::Pop() {
  if (queue_.empty()) {
    return DnsAction();
  }
  DnsAction action = std::move(queue_.front());
  queue_.pop_front();
  return action;
}

}  // namespace ovoc::netif
