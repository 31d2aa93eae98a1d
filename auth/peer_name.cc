// SPDX-License-Identifier: Apache-2.0
#include "auth/peer_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace ovoc::auth {
namespace {

constexpr size_t kMaxDnsNameBytes = 253;  // RFC 1035 3.1, in text form
constexpr size_t kMaxDnsLabelBytes = 63;  // RFC 1035 2.3.4

// The bytes of an address in text form, or none.
std::vector<uint8_t> ParseAddress(const std::string& text) {
  std::vector<uint8_t> bytes(16);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  bytes.resize(4);
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  return {};
}

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_';
}

absl::Status CheckDnsName(absl::string_view name) {
  if (name.size() > kMaxDnsNameBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "server name: it has ", name.size(), " bytes, but at most ",
        kMaxDnsNameBytes, " are allowed (RFC 1035 3.1)"));
  }
  absl::string_view last;
  for (absl::string_view label : absl::StrSplit(name, '.')) {
    if (label.empty() || label.size() > kMaxDnsLabelBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("server name: a label has ", label.size(),
                       " bytes, but 1 to 63 are allowed (RFC 1035 2.3.4)"));
    }
    // RFC 9525 6.3 MUST: U-labels are converted to A-labels before comparing
    // (we take a name in A-labels only, so none is left to convert).
    if (!std::all_of(label.begin(), label.end(), IsNameByte)) {
      return absl::InvalidArgumentError(
          "server name: only letters, digits, '-', '_' and '.' are allowed "
          "(write an international name in its xn-- form)");
    }
    last = label;
  }
  if (std::all_of(last.begin(), last.end(), absl::ascii_isdigit)) {
    return absl::InvalidArgumentError(
        "server name: it is neither an IP address nor a DNS name (its last "
        "label is a number)");
  }
  return absl::OkStatus();
}

}  // namespace

// RFC 9525 6.1.1 MUST: the client has a list of reference identifiers
// RFC 9525 6.1.1 MUST: it is made independently of the presented identifiers
// RFC 9525 6.1.1 MUST: an address is an IP-ID, any other name a DNS-ID
absl::StatusOr<PeerName> PeerName::Parse(absl::string_view text) {
  const std::string copy(text);
  // inet_pton reads up to a NUL; CheckDnsName refuses what holds one.
  if (copy.find('\0') == std::string::npos) {
    std::vector<uint8_t> address = ParseAddress(copy);
    if (!address.empty()) {
      return PeerName(Kind::kIpAddress, copy, std::move(address));
    }
  }
  absl::ConsumeSuffix(&text, ".");
  if (absl::Status status = CheckDnsName(text); !status.ok()) {
    return status;
  }
  // RFC 9525 6.2 MUST: a DNS-ID is used directly as the DNS domain name.
  return PeerName(Kind::kDns, std::string(text), {});
}

}  // namespace ovoc::auth
