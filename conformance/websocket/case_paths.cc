// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/case_paths.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kMaxCountDigits = 6;

// RFC 3986 2.1, 2.3: all but the unreserved characters is encoded.
std::string PercentEncoded(absl::string_view text) {
  constexpr absl::string_view kHexDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || absl::StrContains("-._~", c)) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHexDigits[byte >> 4]);
      out.push_back(kHexDigits[byte & 0xF]);
    }
  }
  return out;
}

}  // namespace

std::string RunCasePath(int number, absl::string_view agent) {
  return absl::StrCat("/runCase?case=", number,
                      "&agent=", PercentEncoded(agent));
}

std::string UpdateReportsPath(absl::string_view agent) {
  return absl::StrCat("/updateReports?agent=", PercentEncoded(agent));
}

absl::Status CheckAgent(absl::string_view agent) {
  if (agent.empty() || agent.size() > kMaxAgentBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the name must have 1 to ", kMaxAgentBytes,
                     " bytes, found ", agent.size()));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ParseCaseCount(absl::string_view text) {
  const absl::string_view digits = absl::StripAsciiWhitespace(text);
  int count = 0;
  if (digits.empty() || digits.size() > kMaxCountDigits ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &count) || count > kMaxCaseCount) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the number of cases must be a number from 0 to ", kMaxCaseCount,
        ", but the server sent ", text.size(), " other bytes"));
  }
  return count;
}

}  // namespace ovoc::conformance
