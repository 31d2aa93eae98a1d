// SPDX-License-Identifier: Apache-2.0
//
// compare_decoders FILE ... prints for each file, in order, the class of the
// difference between our decoder and ldns, c-ares (A) and c-ares (AAAA).
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "conformance/dns/testing/cares_difference.h"
#include "conformance/dns/testing/decoder_difference.h"
#include "conformance/dns/testing/ldns_difference.h"

int main(int argc, char** argv) {
  namespace dns = ovoc::conformance;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::cerr << "compare_decoders: cannot read " << argv[i] << "\n";
      return 2;
    }
    const std::vector<uint8_t> message((std::istreambuf_iterator<char>(file)),
                                       std::istreambuf_iterator<char>());
    std::cout << dns::NameOf(dns::CompareWithLdns(message).kind) << " "
              << dns::NameOf(dns::CompareWithCares(message, 1).kind) << " "
              << dns::NameOf(dns::CompareWithCares(message, 28).kind) << "\n";
  }
  std::cout.flush();
  return std::cout.good() ? 0 : 2;
}
