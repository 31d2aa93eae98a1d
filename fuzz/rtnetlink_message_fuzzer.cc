// SPDX-License-Identifier: Apache-2.0
//
// The kernel's answers against a second reader; our requests there and back.

#include <vector>

#include "fuzz/expect.h"
#include "fuzz/oracle/naive_netlink.h"
#include "fuzz/script/byte_source.h"
#include "netif/rtnetlink_message.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;
using netif::ReplyResult;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const uint32_t sequence = source.Byte();
  const int interface_index = source.Byte();
  const auto address = netif::Ipv4Prefix::Create(
      netif::Ipv4Address::FromHostOrder(source.Uint32()),
      static_cast<int>(source.Below(33)));

  std::vector<netif::Ipv4Prefix> addresses;
  int error_number = 0;
  const ReplyResult result = netif::ReadReply(
      source.rest(), sequence, interface_index, &addresses, &error_number);
  const fuzz::NaiveNetlink naive =
      fuzz::ReadNaiveNetlink(source.rest(), sequence, interface_index);
  FUZZ_EXPECT(result == naive.result);
  FUZZ_EXPECT(error_number == naive.error_number);
  FUZZ_EXPECT((error_number > 0) == (result == ReplyResult::kError));
  FUZZ_EXPECT(addresses == naive.addresses);

  // Every request is one whole message; an address is shown as it was set.
  addresses.clear();
  const auto read = [&](absl::Span<const uint8_t> request) {
    return netif::ReadReply(request, sequence, interface_index, &addresses,
                            &error_number) == ReplyResult::kMore;
  };
  FUZZ_EXPECT(read(netif::LinkRequest(sequence, interface_index, 1500)));
  FUZZ_EXPECT(read(netif::AddressDumpRequest(sequence)));
  FUZZ_EXPECT(read(netif::AddressRequest(
      sequence, netif::AddressChange::kDelete, interface_index, *address)));
  FUZZ_EXPECT(addresses.empty());
  FUZZ_EXPECT(read(netif::AddressRequest(sequence, netif::AddressChange::kAdd,
                                         interface_index, *address)));
  FUZZ_EXPECT(addresses == std::vector<netif::Ipv4Prefix>{*address});
  return 0;
}
