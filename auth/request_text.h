// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_REQUEST_TEXT_H_
#define OVOC_AUTH_REQUEST_TEXT_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

inline constexpr size_t kMaxHostBytes = 255;       // RFC 1035 2.3.4
inline constexpr size_t kMaxUserAgentBytes = 128;  // ours

// CheckRequestText: OK if `text` has at most `limit` bytes, all of which
// `allowed` takes. Otherwise InvalidArgument, which says `what` the text is,
// the position of the bad byte, and the `section` that forbids it. It never
// shows the text, which may be a URL with a password.
[[nodiscard]] absl::Status CheckRequestText(absl::string_view what,
                                            absl::string_view text,
                                            size_t limit, bool (*allowed)(char),
                                            absl::string_view section);

// CheckRequestHost: the same of a host as it is written in a Host field: a DNS
// name, an IPv4 address, or an IPv6 address in brackets. No port, no user, and
// not empty.
[[nodiscard]] absl::Status CheckRequestHost(absl::string_view host);

// CheckUserAgent: the same of the value of a User-Agent field; it may be empty.
[[nodiscard]] absl::Status CheckUserAgent(absl::string_view user_agent);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_REQUEST_TEXT_H_
