// SPDX-License-Identifier: Apache-2.0
//
// A hosts file read character by character: what FindInHosts is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_HOSTS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_HOSTS_H_

#include <string>
#include <vector>

namespace ovoc::fuzz {

// NaiveFind is the first word of each line that has `name`, in either case,
// among its other words; a comment begins at a '#'.
std::vector<std::string> NaiveFind(const std::string& text,
                                   const std::string& name);

// IsMappedText is true when the C library reads `address` as an IPv4-mapped
// one, such as ::ffff:192.0.2.1.
bool IsMappedText(const std::string& address);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_HOSTS_H_
