// SPDX-License-Identifier: Apache-2.0
//
// The kernel's answers against a second reader; our requests there and back.

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_netlink.h"
#include "fuzz/script/byte_source.h"
#include "netif/linux/rtnetlink_request.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;
using netif::ReplyResult;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const uint32_t sequence = source.Byte();
  const int index = source.Byte();
  const auto ip = netif::Ipv4Address::FromHostOrder(source.Uint32());
  const int length = static_cast<int>(source.Below(33));
  netif::InterfaceState state;
  int error = 0;
  const auto read = [&](absl::Span<const uint8_t> datagram) {
    state = netif::InterfaceState();
    return netif::ReadReply(datagram, sequence, index, &state, &error);
  };
  const ReplyResult result = read(source.rest());
  const auto naive = fuzz::ReadNaiveNetlink(source.rest(), sequence, index);
  FUZZ_EXPECT(result == naive.result);
  FUZZ_EXPECT(error == naive.error_number);
  FUZZ_EXPECT((error > 0) == (result == ReplyResult::kError));
  for (netif::InterfaceAddress& found : state.addresses) {
    found.label.clear();
  }
  FUZZ_EXPECT(state.addresses == naive.state.addresses);
  FUZZ_EXPECT(state.routes == naive.state.routes);
  FUZZ_EXPECT(state.link == naive.state.link);
  netif::ConcernsInterface(source.rest(), index);

  // An address and a route are shown as they were asked for.
  const auto address = netif::Ipv4Prefix::Create(ip, length);
  const netif::InterfaceRoute route = {
      netif::Ipv4Prefix::Create(address->NetworkAddress(), length).value(), ip};
  read(netif::AddressRequest(sequence, netif::Change::kAdd, index, *address));
  FUZZ_EXPECT(state.addresses.at(0).address == *address);
  read(netif::RouteRequest(sequence, netif::Change::kAdd, index, route));
  FUZZ_EXPECT(index == 0 || state.routes.at(0) == route);
  return 0;
}
