// SPDX-License-Identifier: Apache-2.0
//
// One half of resolving a name: its A or its AAAA records.

#ifndef OVOC_NETIF_DNS_ADDRESS_QUERY_H_
#define OVOC_NETIF_DNS_ADDRESS_QUERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/dns_server_event.h"
#include "netif/dns/dns_stream.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::netif {

// ResolverCounters counts what was sent, and what was received and ignored.
struct ResolverCounters {
  uint64_t udp_queries = 0;
  uint64_t tcp_queries = 0;
  uint64_t malformed = 0;           // a DnsError
  uint64_t wrong_id = 0;            // another 16-bit id
  uint64_t not_a_response = 0;      // QR clear or another opcode
  uint64_t wrong_question = 0;      // not the question, byte for byte
  uint64_t stale = 0;               // for a socket that is closed already
  uint64_t unusable_addresses = 0;  // 0/8, multicast, reserved, mapped
};

enum class QueryState {
  kWaiting,
  kAddresses,   // at least one
  kNoAddress,   // the name exists, without a usable address of this family
  kNoSuchName,  // NXDOMAIN
  kCnameLoop,
  kCnameChainTooLong,
  kNoAnswer,  // no server had an answer in time
};

// AddressQuery asks for the addresses of one type, kA or kAaaa: server after
// server, round after round, over TCP after truncation, along CNAMEs. It owns
// at most one socket at a time. An answer that comes after its time-out is
// lost, which keeps the window for forged answers small. EDNS is offered in the
// first round, and not to a server that refused it. Later rounds do without it,
// because some paths drop such messages. The state is final once it has left
// kWaiting.
class AddressQuery {
 public:
  // The pointers outlive this object. options are valid (Resolver::Create).
  AddressQuery(DnsType type, const DnsName& name,
               const ResolverOptions* options, DnsActions* actions,
               ResolverCounters* counters);

  void Start(absl::Time now);
  // Settle ends the query without a question: kAddresses, or kNoAddress if
  // there are none.
  void Settle(std::vector<ResolvedAddress> addresses);
  void Stop();  // the deadline has come: kNoAnswer, the socket closed

  bool Owns(uint32_t socket_id) const;
  // Inputs for the socket it owns.
  void OnDatagram(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnStream(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnSocketError(DnsSocketError error, absl::Time now);
  void OnTimer(absl::Time now);
  absl::Time NextTimeout() const;  // InfiniteFuture without one

  QueryState state() const { return state_; }
  // What happened last with each server, in the order of the options; kNotAsked
  // after the last of them.
  absl::Span<const DnsServerEvent> events() const { return events_; }
  const std::vector<ResolvedAddress>& addresses() const;
  // Explain says in one line why there are no addresses, with the servers.
  std::string Explain() const;

 private:
  // The state of the current attempt at a server.
  enum class Phase {
    kIdle,   // not started, or over
    kUdp,    // a datagram is out
    kTcp,    // a TCP connection is being made or used
    kPause,  // all servers failed at once; waiting for the next round
  };

  int round() const;
  size_t server() const;  // index
  absl::Duration RoundTimeout(int round) const;
  void Ask(absl::Time now);
  void AskOverTcp(absl::Time now);
  void FailServer(DnsServerEvent event, absl::Time now);
  void Finish(QueryState state);
  void CloseSocket();
  std::vector<uint8_t> NewQuery();
  void OpenSocket(DnsAction::Kind kind, std::vector<uint8_t> bytes);
  bool Matches(absl::Span<const uint8_t> bytes, DnsMessage* head);
  void OnAnswer(const DnsMessage& message, absl::Time now);
  void OnRecords(const DnsMessage& message, absl::Time now);
  DnsServerEvent TimeoutEvent() const;
  std::string ServersText() const;

  const DnsType type_;
  const ResolverOptions* const options_;
  DnsActions* const actions_;
  ResolverCounters* const counters_;

  QueryState state_ = QueryState::kWaiting;
  Phase phase_ = Phase::kIdle;
  AddressChain chain_;       // its last name is being asked for
  size_t first_server_ = 0;  // of the current question
  int attempt_ = 0;          // of the current question, 0..rounds * servers
  absl::Time round_start_;
  absl::Time timeout_ = absl::InfiniteFuture();
  uint32_t socket_id_ = 0;  // 0: none
  uint16_t query_id_ = 0;
  Edns edns_ = Edns::kOn;                                   // of the query sent
  std::array<bool, kMaxDnsServers> refuses_edns_ = {};      // per server
  std::array<DnsServerEvent, kMaxDnsServers> events_ = {};  // per server
  size_t answering_server_ = 0;                             // of NXDOMAIN
  DnsStreamReader stream_;
  std::vector<ResolvedAddress> settled_;  // without a question
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_ADDRESS_QUERY_H_
