// SPDX-License-Identifier: Apache-2.0
//
// What must be true of every DNS message and name.

#ifndef OVOC_FUZZ_ORACLE_DNS_ORACLE_H_
#define OVOC_FUZZ_ORACLE_DNS_ORACLE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "fuzz/oracle/naive_dns.h"
#include "netif/dns/dns_message.h"

namespace ovoc::fuzz {

// Each function ends the program (FUZZ_EXPECT) if it is not.

// CheckHead: header and question are those of the naive reading, as far as
// that came.
void CheckHead(const NaiveDnsMessage& naive, const netif::DnsMessage& message);

// CheckRecords, of a whole message: the first kMaxKeptDnsRecords answers are
// those of the naive reading, the rest is counted; so are OPT, RCODE and what
// the authority section has.
void CheckRecords(const NaiveDnsMessage& naive,
                  const netif::DnsMessage& message);

// CheckQuery: a query for this name and type, encoded, reads the same, with
// EDNS (an odd id) and without (an even one); the name's text is printable.
void CheckQuery(uint16_t id, const netif::DnsQuestion& question);

// CheckText: a host name is made of `text` exactly when it is one; it reads as
// it was written, in any case of letters, and is within its parent.
void CheckText(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_DNS_ORACLE_H_
