// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/address_query.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/dns_server_event.h"
#include "netif/dns/dns_stream.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::netif {
AddressQuery::AddressQuery(DnsType type, const DnsName& name,
                           const ResolverOptions* options, DnsActions* actions,
                           ResolverCounters* counters)
    : type_(type),
      options_(options),
      actions_(actions),
      counters_(counters),
      // Lower case, so a server that normalises names still echoes ours.
      chain_(type, name, options->max_cname_chain) {}

void AddressQuery::Start(absl::Time now) {
  if (state_ == QueryState::kWaiting && phase_ == Phase::kIdle) {
    Ask(now);
  }
}

void AddressQuery::Settle(std::vector<ResolvedAddress> addresses) {
  settled_ = std::move(addresses);
  Finish(settled_.empty() ? QueryState::kNoAddress : QueryState::kAddresses);
}

const std::vector<ResolvedAddress>& AddressQuery::addresses() const {
  return settled_.empty() ? chain_.addresses() : settled_;
}

void AddressQuery::Stop() {
  if (state_ != QueryState::kWaiting) {
    return;
  }
  if (phase_ == Phase::kUdp || phase_ == Phase::kTcp) {
    events_[server()] = TimeoutEvent();
  }
  Finish(QueryState::kNoAnswer);
}

bool AddressQuery::Owns(uint32_t socket_id) const {
  return socket_id != 0 && socket_id == socket_id_;
}

int AddressQuery::round() const {
  return attempt_ / static_cast<int>(options_->servers.size());
}

size_t AddressQuery::server() const {
  return (first_server_ + static_cast<size_t>(attempt_)) %
         options_->servers.size();
}

absl::Duration AddressQuery::RoundTimeout(int round) const {
  return options_->initial_timeout * (1 << round);
}

std::vector<uint8_t> AddressQuery::NewQuery() {
  // RFC 5452 9.2 MUST: an unpredictable id of the full range (for every query)
  std::array<uint8_t, 2> id = {};
  options_->random(absl::MakeSpan(id));
  query_id_ = static_cast<uint16_t>(id[0] << 8 | id[1]);
  edns_ = round() == 0 && !refuses_edns_[server()] ? Edns::kOn : Edns::kOff;
  return EncodeDnsQuery(query_id_, chain_.last(), type_, edns_);
}

void AddressQuery::OpenSocket(DnsAction::Kind kind,
                              std::vector<uint8_t> bytes) {
  // RFC 5452 9.2 MUST: an unpredictable source port from a large range (each
  // query has a socket of its own, whose port the kernel draws)
  socket_id_ = actions_->NewSocketId();
  DnsAction action;
  action.kind = kind;
  action.socket_id = socket_id_;
  action.server = options_->servers[server()];
  action.bytes = std::move(bytes);
  actions_->Push(std::move(action));
}

void AddressQuery::CloseSocket() {
  if (socket_id_ != 0) {
    actions_->Close(socket_id_);
    socket_id_ = 0;
  }
  stream_.Clear();
}

// RFC 1035 4.2.1 MUST: a lost datagram is sent again
void AddressQuery::Ask(absl::Time now) {
  const int servers = static_cast<int>(options_->servers.size());
  if (attempt_ % servers == 0) {
    round_start_ = now;
  }
  CloseSocket();
  OpenSocket(DnsAction::Kind::kOpenUdp, NewQuery());
  ++counters_->udp_queries;
  phase_ = Phase::kUdp;
  timeout_ = now + RoundTimeout(round());
}

void AddressQuery::AskOverTcp(absl::Time now) {
  CloseSocket();
  OpenSocket(DnsAction::Kind::kOpenTcp, AddDnsStreamPrefix(NewQuery()));
  ++counters_->tcp_queries;
  phase_ = Phase::kTcp;
  timeout_ = now + options_->tcp_timeout;
}

void AddressQuery::FailServer(DnsServerEvent event, absl::Time now) {
  events_[server()] = event;
  CloseSocket();
  const int servers = static_cast<int>(options_->servers.size());
  const absl::Time next_round = round_start_ + RoundTimeout(round());
  ++attempt_;
  // RFC 1035 7.1 MUST: the work for one request is limited (and in OnRecords)
  if (attempt_ >= options_->rounds * servers) {
    Finish(QueryState::kNoAnswer);
    return;
  }
  // Servers that fail at once are not asked again at once.
  if (attempt_ % servers == 0 && now < next_round) {
    phase_ = Phase::kPause;
    timeout_ = next_round;
    return;
  }
  Ask(now);
}

void AddressQuery::Finish(QueryState state) {
  CloseSocket();
  phase_ = Phase::kIdle;
  timeout_ = absl::InfiniteFuture();
  state_ = state;
}

void AddressQuery::OnSocketError(DnsSocketError error, absl::Time now) {
  if (phase_ == Phase::kUdp) {
    FailServer(error == DnsSocketError::kPortClosed
                   ? DnsServerEvent::kPortClosed
                   : DnsServerEvent::kUnreachable,
               now);
    return;
  }
  if (phase_ == Phase::kTcp) {
    FailServer(DnsServerEvent::kTcpFailed, now);
  }
}

void AddressQuery::OnTimer(absl::Time now) {
  if (now < timeout_) {
    return;
  }
  switch (phase_) {
    case Phase::kIdle:
      return;
    case Phase::kUdp:
    case Phase::kTcp:
      FailServer(TimeoutEvent(), now);
      return;
    case Phase::kPause:
      Ask(now);
      return;
  }
}

absl::Time AddressQuery::NextTimeout() const { return timeout_; }

bool AddressQuery::Matches(absl::Span<const uint8_t> bytes, DnsMessage* head) {
  if (DecodeDnsHead(bytes, head) != DnsError::kNone) {
    ++counters_->malformed;
    return false;
  }
  // RFC 5452 9.1 MUST: a response matches the query's id, name, class and
  // type; its addresses and ports are matched by the connected socket.
  if (head->header.id != query_id_) {
    ++counters_->wrong_id;
    return false;
  }
  // RFC 1035 7.3 MUST: a query is discarded where a response is expected
  if (!head->header.is_response || head->header.opcode != kDnsOpcodeQuery) {
    ++counters_->not_a_response;
    return false;
  }
  if (!head->question.has_value() ||
      !head->question->name.EqualsExactly(chain_.last()) ||
      head->question->type != type_ ||
      head->question->dns_class != kDnsClassInternet) {
    ++counters_->wrong_question;
    return false;
  }
  return true;
}

void AddressQuery::OnDatagram(absl::Span<const uint8_t> bytes, absl::Time now) {
  DnsMessage message;
  // RFC 5452 9.1 MUST: a response that does not match is invalid; it shall not
  // end the wait for the right one either, or it could suppress that
  if (phase_ != Phase::kUdp || !Matches(bytes, &message)) {
    return;
  }
  // RFC 1035 4.1.1 MUST: TC says that the answer was cut, so it is asked for by
  // TCP
  if (message.header.truncated) {
    AskOverTcp(now);
    return;
  }
  // RFC 1035 7.3 MUST: all records of a response are checked to be well formed
  if (DecodeDnsMessage(bytes, &message) != DnsError::kNone) {
    ++counters_->malformed;
    return;
  }
  OnAnswer(message, now);
}

void AddressQuery::OnStream(absl::Span<const uint8_t> bytes, absl::Time now) {
  if (phase_ != Phase::kTcp ||
      stream_.Add(bytes) == DnsStreamReader::Result::kNeedMore) {
    return;
  }
  DnsMessage message;
  // Nobody can slip a message into the stream: a wrong one is the server's.
  if (!Matches(stream_.message(), &message) || message.header.truncated ||
      DecodeDnsMessage(stream_.message(), &message) != DnsError::kNone) {
    FailServer(DnsServerEvent::kTcpMalformed, now);
    return;
  }
  OnAnswer(message, now);
}

void AddressQuery::OnAnswer(const DnsMessage& message, absl::Time now) {
  const bool edns_refused = message.rcode == DnsRcode::kFormErr ||
                            message.rcode == DnsRcode::kNotImp ||
                            message.rcode == DnsRcode::kBadVers;
  if (message.rcode == DnsRcode::kNoError) {
    OnRecords(message, now);
  } else if (message.rcode == DnsRcode::kNxDomain) {
    events_[server()] = DnsServerEvent::kAnswered;
    answering_server_ = server();
    Finish(QueryState::kNoSuchName);
  } else if (edns_refused && edns_ == Edns::kOn) {
    // RFC 6891 7: such a server may not know EDNS; ask it without, once.
    refuses_edns_[server()] = true;
    Ask(now);
  } else {
    FailServer(DnsServerEventFor(message.rcode), now);
  }
}

void AddressQuery::OnRecords(const DnsMessage& message, absl::Time now) {
  const bool is_referral =
      message.answers.empty() && !message.header.authoritative &&
      message.authority_has_ns && !message.authority_has_soa;
  if (is_referral) {
    FailServer(DnsServerEvent::kNotRecursive, now);
    return;
  }
  events_[server()] = DnsServerEvent::kAnswered;
  const uint64_t unusable_before = chain_.unusable();
  const AddressChain::Result result = chain_.Follow(message);
  counters_->unusable_addresses += chain_.unusable() - unusable_before;
  switch (result) {
    case AddressChain::Result::kAddresses:
      Finish(QueryState::kAddresses);
      return;
    case AddressChain::Result::kNoAddress:
      Finish(QueryState::kNoAddress);
      return;
    case AddressChain::Result::kLoop:
      Finish(QueryState::kCnameLoop);
      return;
    case AddressChain::Result::kTooLong:
      Finish(QueryState::kCnameChainTooLong);
      return;
    case AddressChain::Result::kAskAgain:
      first_server_ = server();  // which works
      attempt_ = 0;
      Ask(now);
      return;
  }
}

DnsServerEvent AddressQuery::TimeoutEvent() const {
  return phase_ == Phase::kTcp ? DnsServerEvent::kTcpTimedOut
                               : DnsServerEvent::kTimedOut;
}

std::string AddressQuery::ServersText() const {
  std::vector<std::string> parts;
  for (size_t i = 0; i < options_->servers.size(); ++i) {
    if (events_[i] != DnsServerEvent::kNotAsked) {
      parts.push_back(absl::StrCat(options_->servers[i].ToString(), " ",
                                   Describe(events_[i])));
    }
  }
  return parts.empty() ? "no server was asked" : absl::StrJoin(parts, ", ");
}

std::string AddressQuery::Explain() const {
  const std::string alias =
      chain_.first() == chain_.last()
          ? ""
          : absl::StrCat(" at its alias ", chain_.last().ToString());
  const char* const type = type_ == DnsType::kA ? "A" : "AAAA";
  switch (state_) {
    case QueryState::kWaiting:
      return absl::StrCat(type, ": no answer yet");
    case QueryState::kAddresses:
      return absl::StrCat(type, ": ", addresses().size(), " addresses");
    case QueryState::kNoAddress:
      return absl::StrCat(type, ": no usable record", alias, " (",
                          ServersText(), ")");
    case QueryState::kNoSuchName:
      return absl::StrCat("no such name", alias, " (NXDOMAIN from ",
                          options_->servers[answering_server_].ToString(), ")");
    case QueryState::kCnameLoop:
      return absl::StrCat(type, ": CNAME loop", alias, " (", ServersText(),
                          ")");
    case QueryState::kCnameChainTooLong:
      return absl::StrCat(type, ": more than ", options_->max_cname_chain,
                          " CNAMEs in a chain (", ServersText(), ")");
    case QueryState::kNoAnswer:
      return absl::StrCat(type, ": no ", AnyAnswer(events_) ? "usable " : "",
                          "answer", alias, " (", ServersText(), ")");
  }
  return "unknown";
}

}  // namespace ovoc::netif
