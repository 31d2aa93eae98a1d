// SPDX-License-Identifier: Apache-2.0
#include "auth/peer_match.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "auth/certificate_facts.h"
#include "auth/general_name.h"
#include "auth/peer_name.h"

namespace ovoc::auth {
namespace {

absl::string_view Text(const CBS& value) {
  return absl::string_view(reinterpret_cast<const char*>(CBS_data(&value)),
                           CBS_len(&value));
}

// What a wildcard may stand for.
bool IsPlainLabel(absl::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
}

// What a wildcard may stand above: two labels or more.
bool IsHostSuffix(absl::string_view suffix) {
  size_t labels = 0;
  for (absl::string_view label : absl::StrSplit(suffix, '.')) {
    // RFC 1123 2.1: no hyphen at the ends.
    if (!IsPlainLabel(label) || label.front() == '-' || label.back() == '-') {
      return false;
    }
    ++labels;
  }
  return labels >= 2;
}

bool Matches(const GeneralName& entry, const PeerName& name) {
  switch (name.kind()) {
    case PeerName::Kind::kDns:
      // RFC 9525 6.2 MUST: a domain name is matched by section 6.3.
      return entry.kind == GeneralName::Kind::kDns &&
             MatchesDnsName(Text(entry.value), name.text());
    case PeerName::Kind::kIpAddress:
      // RFC 9525 6.2 MUST: an IP-ID matches an iPAddress entry exactly.
      return entry.kind == GeneralName::Kind::kIp &&
             CBS_mem_equal(&entry.value, name.address().data(),
                           name.address().size()) == 1;
  }
  return false;
}

}  // namespace

// RFC 9525 6.3 MUST: compared label by label, case-insensitive ASCII.
// RFC 9525 6.3 MUST: an invalid wildcard is ignored
bool MatchesDnsName(absl::string_view presented, absl::string_view name) {
  if (absl::EqualsIgnoreCase(presented, name)) {
    return true;
  }
  // RFC 9525 6.3 MUST: a wildcard as the whole left-most label is matched (a
  // deviation: not directly below a top-level name, "*.net" names no one).
  const size_t dot = name.find('.');
  return absl::ConsumePrefix(&presented, "*.") &&
         dot != absl::string_view::npos &&
         absl::EqualsIgnoreCase(presented, name.substr(dot + 1)) &&
         IsPlainLabel(name.substr(0, dot)) && IsHostSuffix(presented);
}

// RFC 9525 2 MUST NOT: the Common Name identifies the service
// RFC 9525 7.2 MUST: a URI-ID without scheme and host is ignored (any is)
bool HoldsName(const CertificateFacts& certificate, const PeerName& name) {
  const std::optional<CBS>& extension =
      certificate.extensions.alternative_names;
  if (!certificate.is_readable || certificate.extensions.repeated.has_value() ||
      !extension.has_value()) {
    return false;
  }
  const std::optional<std::vector<GeneralName>> entries =
      ReadAlternativeNames(*extension);
  return entries.has_value() && std::any_of(entries->begin(), entries->end(),
                                            [&](const GeneralName& entry) {
                                              return Matches(entry, name);
                                            });
}

}  // namespace ovoc::auth
