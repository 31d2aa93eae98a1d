// SPDX-License-Identifier: Apache-2.0
//
// A resolver between a scripted network and an oracle.

#ifndef OVOC_FUZZ_SCRIPT_RESOLVER_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_RESOLVER_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fuzz/script/byte_source.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/resolver.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::fuzz {

// ResolverScript makes a resolver from an input, plays its sockets, its clock
// and the name servers, and checks that
//   - at most one socket per family is open, ids are never used twice, and
//     every socket that was opened is closed;
//   - a query is whole, goes to a server of the options, and asks for the name
//     or an alias that an answer gave;
//   - an address comes only from an answer that belongs to a question (RFC
//     5452 9.1), along its aliases, and occurs once;
//   - there are no more queries than rounds, servers and aliases allow;
//   - it is done by its deadline, and does nothing afterwards.
class ResolverScript {
 public:
  // Reads name and options, makes and starts the resolver. That is 13 bytes: a
  // name of a list (8: a block of text follows at once), the number of servers,
  // families, rounds, aliases; three times of two bytes in ms (of the first
  // time-out, of TCP, the deadline); the delay in ms; the first random byte
  // (255: there is no random source).
  explicit ResolverScript(ByteSource* source);

  // False when name or options are not allowed.
  bool created() const { return resolver_ != nullptr; }
  const netif::Resolver& resolver() const { return *resolver_; }

  // One thing that happens, by its first byte modulo 8: (0) the next time-out;
  // (1) 10 ms pass, so many times; (2) a socket's error; (3) a datagram as
  // given; (4) an answer (dns_composer.h) for a socket that is none; (5)
  // Cancel; (6) a part of a stream as given; (7) an answer. Except for 0, 1 and
  // 5, which of the open sockets it is follows. Bit 7 of the first byte puts
  // the actions that follow off to the next step.
  void Step(ByteSource* source);

  // Lets time pass until all is over.
  void Finish();

 private:
  struct Socket {
    bool is_tcp = false;
    std::vector<uint8_t> query;     // without the length of TCP
    std::vector<uint8_t> received;  // by TCP
  };

  void ReadOptions(ByteSource* source);
  void TakeActions();
  void Open(const netif::DnsAction& action);
  void Answer(ByteSource* source, bool is_stale);
  void Deliver(uint32_t id, absl::Span<const uint8_t> bytes);
  void DeliverStream(uint32_t id, absl::Span<const uint8_t> bytes);
  void Believe(const Socket& socket, absl::Span<const uint8_t> answer);
  void Check();
  uint32_t Pick(ByteSource* source) const;  // an open socket, 0 if none

  netif::ResolverOptions options_;
  std::string name_;
  std::unique_ptr<netif::Resolver> resolver_;
  absl::Time start_ = absl::UnixEpoch() + absl::Hours(1);
  absl::Time now_ = start_;
  uint32_t last_id_ = 0;
  size_t opened_ = 0;
  bool was_ready_ = false;
  std::map<uint32_t, Socket> open_;
  std::set<std::string> names_;      // that may be asked for, in wire form
  std::set<std::string> addresses_;  // that may be the result
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_RESOLVER_SCRIPT_H_
