// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DNS_CLIENT_H_
#define OVOC_TUNNEL_TRANSPORT_DNS_CLIENT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/resolver.h"
#include "netif/dns/resolver_options.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/more_addresses.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

// DnsClient resolves one name: it has the sockets of a netif::Resolver. Every
// question has its own socket, so that the kernel draws a random source port
// for each (RFC 5452 9.2).
class DnsClient {
 public:
  using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

  struct Options {
    std::vector<netif::IpAddress> servers;  // one or two
    netif::AddressFamilies families = netif::AddressFamilies::kBoth;
  };

  // Observer may call Stop but must not delete the client from within a call.
  class Observer {
   public:
    virtual ~Observer() = default;
    // A question is about to be sent to this name server, by UDP or TCP.
    virtual void OnQuestion(const SocketRequest&) {}
    // Addresses to connect to; called again with all of them when the other
    // family's answer comes later (RFC 8305 3).
    virtual void OnAddresses(absl::Span<const netif::IpAddress> addresses,
                             MoreAddresses more) = 0;
    // There is no address; `why` has its cause. It is called once, and nothing
    // is called afterwards.
    virtual void OnLookupFailed(const absl::Status& why) = 0;
  };

  DnsClient(EventLoop* loop, const Options& options, SocketMaker* sockets,
            RandomBytes random, Observer* observer);
  DnsClient(const DnsClient&) = delete;
  DnsClient& operator=(const DnsClient&) = delete;
  ~DnsClient() { Stop(); }

  void Start(absl::string_view name, absl::Time now);

  // Closes every socket; the observer is not called any more.
  void Stop();

  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  // The content of the last report, with lifetimes, or in one word why there is
  // no address. It stays after the end; the next Start resets it.
  const netif::ResolverResult& result() const { return result_; }

 private:
  struct Socket {
    netif::UniqueFd fd;
    bool stream = false;
    std::vector<uint8_t>
        unwritten;  // of a stream; its connection may be pending
  };

  void Advance(absl::Time now);
  void Perform(netif::DnsAction action, absl::Time now);
  absl::StatusOr<Socket> Open(const netif::DnsAction& action);
  void OnEvents(uint32_t id, uint32_t events);
  absl::Status Exchange(uint32_t id, uint32_t events, absl::Time now);
  absl::Status WriteStream(Socket* socket);
  void Close(uint32_t id);
  void Report(absl::Time now);

  EventLoop* const loop_;
  const Options options_;
  SocketMaker* const maker_;
  const RandomBytes random_;
  Observer* const observer_;
  std::unique_ptr<netif::Resolver> resolver_;  // null when stopped
  std::map<uint32_t, Socket> sockets_;
  netif::ResolverResult result_;  // as reported
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DNS_CLIENT_H_
