// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PEER_NAME_H_
#define OVOC_AUTH_PEER_NAME_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// PeerName: the one reference identifier (RFC 9525 6.1) that a server's
// certificate must contain: a DNS name or an IP address. An object that exists
// is valid. It does not compare names; peer_match.h does.
class PeerName {
 public:
  enum class Kind {
    kDns,        // compared with the dNSName entries only
    kIpAddress,  // compared with the iPAddress entries only
  };

  // Parse: `text` is an IPv4 address in dotted decimal, an IPv6 address without
  // brackets or zone, or a DNS name. A DNS name has labels of letters, digits,
  // '-' and '_', each of 1..63 bytes, at most 253 bytes in all, and may end
  // with one dot. Anything else is InvalidArgument: an empty name, a name with
  // '*', white space, NUL or bytes above 0x7f, or a last label of digits only
  // (a mistyped address).
  static absl::StatusOr<PeerName> Parse(absl::string_view text);

  Kind kind() const { return kind_; }
  // text: a DNS name without its final dot, or the address as it was given.
  const std::string& text() const { return text_; }
  // address: 4 or 16 bytes in network order; empty for a DNS name.
  absl::Span<const uint8_t> address() const { return address_; }

 private:
  PeerName(Kind kind, std::string text, std::vector<uint8_t> address)
      : kind_(kind), text_(std::move(text)), address_(std::move(address)) {}

  Kind kind_;
  std::string text_;
  std::vector<uint8_t> address_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PEER_NAME_H_
