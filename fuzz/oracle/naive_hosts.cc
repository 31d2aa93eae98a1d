// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>

#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {

std::vector<std::string> NaiveFind(const std::string& text,
                                   const std::string& name) {
  std::vector<std::string> found;
  std::vector<std::string> words(1);
  bool comment = false;
  for (size_t i = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; i <= text.size();
       ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    comment = (comment || c == '#') && c != '\n';
    if (!comment && std::string(" \t\r\v\f\n").find(c) == std::string::npos) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
    if (c == '\n') {
      words.pop_back();  // the empty one
      if (std::any_of(words.begin() + (words.empty() ? 0 : 1), words.end(),
                      [&name](const std::string& word) {
                        return NaiveSameName(word, name);
                      })) {
        found.push_back(words[0]);
      }
      words = {""};
    }
  }
  return found;
}

bool IsMappedText(const std::string& address) {
  in6_addr read = {};
  return inet_pton(AF_INET6, address.c_str(), &read) == 1 &&
         IN6_IS_ADDR_V4MAPPED(&read);
}

}  // namespace ovoc::fuzz
