// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/lookup.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/more_addresses.h"

namespace ovoc::conformance {
namespace {

// Waiter notes that nothing more will come.
class Waiter : public tunnel::DnsClient::Observer {
 public:
  bool done() const { return done_; }

  void OnAddresses(absl::Span<const netif::IpAddress> /*addresses*/,
                   tunnel::MoreAddresses more) override {
    done_ = more == tunnel::MoreAddresses::kNone;
  }
  void OnLookupFailed(const absl::Status& /*why*/) override { done_ = true; }

 private:
  bool done_ = false;
};

}  // namespace

absl::StatusOr<netif::ResolverResult> LookUp(
    const tunnel::DnsClient::Options& options, tunnel::SocketMaker* sockets,
    const tunnel::DnsClient::RandomBytes& random, absl::string_view name) {
  absl::StatusOr<std::unique_ptr<tunnel::EventLoop>> loop =
      tunnel::EventLoop::Create();
  if (!loop.ok()) {
    return loop.status();
  }
  Waiter waiter;
  tunnel::DnsClient client(loop->get(), options, sockets, random, &waiter);
  client.Start(name, tunnel::MonotonicNow());
  while (!waiter.done()) {
    if (absl::Status status = (*loop)->RunOnce(client.NextTime());
        !status.ok()) {
      return status;
    }
    client.OnTime(tunnel::MonotonicNow());
  }
  return client.result();
}

}  // namespace ovoc::conformance
