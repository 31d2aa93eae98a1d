// SPDX-License-Identifier: Apache-2.0
//
// DNS messages read a second time, for oracles: RFC 1035 4.1 in the simplest
// words, without a line of netif's decoder.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_DNS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_DNS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {

// NaiveDnsRecord is an A, AAAA or CNAME record of class IN. Names are in wire
// form, not compressed.
struct NaiveDnsRecord {
  std::string owner;
  uint16_t type = 0;
  uint32_t ttl = 0;
  std::string data;  // the address, or the target
};

struct NaiveDnsMessage {
  bool ok = false;       // the whole message is well formed
  bool head_ok = false;  // its header and first question are
  uint16_t id = 0;
  uint16_t flags = 0;
  bool has_question = false;
  std::string question_name;
  uint16_t question_type = 0;
  uint16_t question_class = 0;
  bool has_opt = false;
  uint16_t rcode = 0;  // with the upper bits of an OPT
  bool authority_has_soa = false;
  bool authority_has_ns = false;
  std::vector<NaiveDnsRecord> answers;  // all of them
  size_t end = 0;                       // behind the last record
};

// ReadNaiveDns reads a whole message, as strictly as dns_message.h says.
NaiveDnsMessage ReadNaiveDns(absl::Span<const uint8_t> bytes);

// IsHostName says whether dns_name.h makes a name of `text`.
bool IsHostName(absl::string_view text);

// LowerCase turns the ASCII letters of a name in wire form to lower case.
std::string LowerCase(absl::string_view wire);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_DNS_H_
