// SPDX-License-Identifier: Apache-2.0
//
// A DNS message against a second reader, and there and back.

#include <cstddef>
#include <cstdint>

#include "fuzz/oracle/dns_oracle.h"
#include "fuzz/oracle/expect.h"
#include "netif/dns/dns_message.h"

using ovoc::netif::DnsError;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::Span<const uint8_t> bytes(data, size);
  const auto naive = ovoc::fuzz::ReadNaiveDns(bytes);
  ovoc::netif::DnsMessage message;
  const DnsError error = ovoc::netif::DecodeDnsMessage(bytes, &message);
  FUZZ_EXPECT((error == DnsError::kNone) == naive.ok);
  FUZZ_EXPECT(Describe(error) != "unknown");
  ovoc::netif::DnsMessage head;
  const DnsError head_error = ovoc::netif::DecodeDnsHead(bytes, &head);
  FUZZ_EXPECT((head_error == DnsError::kNone) == naive.head_ok);
  ovoc::fuzz::CheckHead(naive, head);
  FUZZ_EXPECT(message.answers.size() <= ovoc::netif::kMaxKeptDnsRecords);
  if (error == DnsError::kNone) {
    ovoc::fuzz::CheckHead(naive, message);
    ovoc::fuzz::CheckRecords(naive, message);
    FUZZ_EXPECT(message.trailing_bytes == size - naive.end);
    // Cut anywhere it is an error; the id, which is free, picks where.
    const size_t cut = naive.end * naive.id / 65536;
    FUZZ_EXPECT(ovoc::netif::DecodeDnsMessage(bytes.first(cut), &message) !=
                DnsError::kNone);
  }
  if (head.question.has_value()) {
    ovoc::fuzz::CheckQuery(naive.id, *head.question);
  }
  if (!naive.ok) {  // or else it is no text
    ovoc::fuzz::CheckText({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
