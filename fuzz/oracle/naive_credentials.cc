// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_credentials.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ovoc::fuzz {
namespace {

constexpr absl::string_view kScheme = "Basic ";
constexpr absl::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool IsControl(char c) {
  return static_cast<uint8_t>(c) < 32 || static_cast<uint8_t>(c) == 127;
}

bool HasControl(absl::string_view text) {
  return std::count_if(text.begin(), text.end(), IsControl) > 0;
}

}  // namespace

bool MayBeCredentials(absl::string_view user, absl::string_view password) {
  return user.size() < 256 && password.size() < 256 && !HasControl(user) &&
         !HasControl(password) &&
         std::count(user.begin(), user.end(), ':') == 0;
}

std::optional<std::string> NaiveBasic(absl::string_view value) {
  if (value.substr(0, kScheme.size()) != kScheme) {
    return std::nullopt;
  }
  value.remove_prefix(kScheme.size());
  std::string decoded;
  while (!value.empty()) {
    const bool last = value.size() == 4;
    const size_t padding =
        last && value[3] == '=' ? (value[2] == '=' ? 2 : 1) : 0;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; ++i) {
      const size_t digit =
          i < value.size() ? kDigits.find(value[i]) : absl::string_view::npos;
      if (digit == absl::string_view::npos && i + padding < 4) {
        return std::nullopt;
      }
      group = group * 64 + (i + padding < 4 ? static_cast<uint32_t>(digit) : 0);
    }
    // The bits that padding leaves over are 0 (RFC 4648 3.5).
    if (group % (1U << (8 * padding)) != 0) {
      return std::nullopt;
    }
    for (size_t i = 0; i + padding < 3; ++i) {
      decoded.push_back(static_cast<char>(group >> (16 - 8 * i) & 0xFF));
    }
    value.remove_prefix(4);
  }
  return decoded;
}

std::string Hidden(absl::string_view text) {
  std::string hidden(text);
  for (char& c : hidden) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (letter || digit || static_cast<uint8_t>(c) >= 0x80) {
      c = 'x';
    }
  }
  return hidden;
}

}  // namespace ovoc::fuzz
