// SPDX-License-Identifier: Apache-2.0
//
// A stub resolver without sockets: a host name in, addresses out.

#ifndef OVOC_NETIF_DNS_RESOLVER_H_
#define OVOC_NETIF_DNS_RESOLVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::netif {

struct ResolverResult {
  // OK with at least one address. Otherwise, once Done():
  //   NotFound: the name, or a usable address for it, does not exist;
  //   Unavailable: no server answered, or a CNAME chain has no end.
  // The message has the name, the servers and what each of them did.
  // Unavailable also means that nothing is known yet.
  absl::Status status;
  LookupFailure failure = LookupFailure::kNone;  // the same in one word
  std::vector<ResolvedAddress> addresses;        // IPv6 first, at most 16
};

// Resolver resolves one name, once. Bytes, time (from one monotonic source) and
// randomness come in; actions go out. After Start and after every input the
// caller takes actions until kNone, and calls OnTimer at NextTimeout.
//
// A and AAAA (or one of them: options.families) are asked for in parallel, each
// from its own socket, port and id (RFC 5452 9.2). What does not match the
// question exactly is ignored, and the wait goes on. If a server fails, the
// next one is asked at once; if it is silent, after 1 s, then 2 s and 4 s.
// "localhost", the names below it (RFC 6761 6.3) and IP addresses need no
// question and no server. There is no cache, no search list and no DNSSEC. The
// caller decides in which order to connect (RFC 8305 4).
class Resolver {
 public:
  // Create is InvalidArgument for a name or options that are not allowed.
  static absl::StatusOr<std::unique_ptr<Resolver>> Create(
      const ResolverOptions& options, absl::string_view name);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  void Start(absl::Time now);  // once
  DnsAction NextAction() { return actions_.Pop(); }

  // Inputs. A socket id that is not, or no longer, in use is ignored.
  void OnDatagram(uint32_t socket_id, absl::Span<const uint8_t> bytes,
                  absl::Time now);
  // Bytes of a TCP stream, in any portions.
  void OnStream(uint32_t socket_id, absl::Span<const uint8_t> bytes,
                absl::Time now);
  void OnSocketError(uint32_t socket_id, DnsSocketError error, absl::Time now);
  void OnTimer(absl::Time now);
  absl::Time NextTimeout() const;  // InfiniteFuture when there is none

  // Cancel stops the resolution: what is known stays, and the sockets are
  // closed.
  void Cancel();

  // ReadyToConnect is true once connecting should begin (RFC 8305 3): when
  // there are IPv6 addresses, or when there are IPv4 addresses and the AAAA
  // query is over or has had its 50 ms more. More addresses may come until
  // Done.
  bool ReadyToConnect(absl::Time now) const;
  bool Done() const;  // both queries are over

  ResolverResult Result() const;  // at any time: what is known
  const ResolverCounters& counters() const { return counters_; }

 private:
  Resolver(const ResolverOptions& options, absl::string_view text,
           const DnsName& name);

  AddressQuery* Find(uint32_t socket_id);
  bool SettleWithoutQuestion();
  void SettleFixed(const IpAddress& address, AddressQuery* query);
  void AfterInput(absl::Time now);
  bool IsAsked(const AddressQuery& query) const;  // is its family wanted?
  absl::Status Failure() const;

  const ResolverOptions options_;
  const std::string text_;  // the name as it was given
  const DnsName name_;
  DnsActions actions_;
  ResolverCounters counters_;
  AddressQuery a_;
  AddressQuery aaaa_;
  bool started_ = false;
  absl::Time deadline_ = absl::InfiniteFuture();
  // When IPv4 addresses need no longer wait for IPv6 ones; set when they come.
  std::optional<absl::Time> delay_end_;
  bool delay_is_over_ = false;  // OnTimer has seen delay_end_
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_RESOLVER_H_
