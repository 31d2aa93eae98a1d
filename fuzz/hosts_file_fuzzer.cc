// SPDX-License-Identifier: Apache-2.0
//
// A hosts file and a name (the first line): the addresses are those that a
// plain reader finds, which goes over the text character by character, but for
// those that are IPv4-mapped.

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_hosts.h"
#include "netif/dns/hosts_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(data, data + size);
  const size_t feed = input.find('\n');
  const std::string name = input.substr(0, feed);
  const std::string text = feed == input.npos ? "" : input.substr(feed + 1);
  std::vector<ovoc::netif::IpAddress> expected;
  for (const std::string& word : ovoc::fuzz::NaiveFind(text, name)) {
    const auto address = ovoc::netif::IpAddress::ParseZoned(word);
    if (address && !ovoc::fuzz::IsMappedText(word) &&
        std::find(expected.begin(), expected.end(), *address) ==
            expected.end()) {
      expected.push_back(*address);
    }
  }
  expected.resize(std::min<size_t>(expected.size(), 16));
  FUZZ_EXPECT(ovoc::netif::FindInHosts(text, name) == expected);
  return 0;
}
