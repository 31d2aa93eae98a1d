// SPDX-License-Identifier: Apache-2.0
#include "auth/name_match.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "auth/canonical_name.h"
#include "auth/general_name.h"

namespace ovoc::auth {
namespace {

using Kind = GeneralName::Kind;

constexpr size_t kMaxLabelBytes = 63;  // RFC 1035 2.3.4

absl::string_view Text(const CBS& value) {
  return absl::string_view(reinterpret_cast<const char*>(CBS_data(&value)),
                           CBS_len(&value));
}

absl::Span<const uint8_t> Bytes(const CBS& value) {
  return absl::MakeConstSpan(CBS_data(&value), CBS_len(&value));
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelBytes &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '-' || c == '_';
         });
}

bool IsHostName(absl::string_view name) {
  for (absl::string_view label : absl::StrSplit(name, '.')) {
    if (!IsLabel(label)) {
      return false;
    }
  }
  return true;
}

// An address followed by a mask of as many bytes, its ones before its zeros.
bool IsAddressAndMask(absl::Span<const uint8_t> bytes) {
  if (bytes.size() != 8 && bytes.size() != 32) {
    return false;
  }
  bool ended = false;
  for (uint8_t byte : bytes.subspan(bytes.size() / 2)) {
    const unsigned zeros = static_cast<uint8_t>(~byte);
    if ((ended && byte != 0) || (zeros & (zeros + 1)) != 0) {
      return false;
    }
    ended = byte != 0xff;
  }
  return true;
}

// Whether `name` is `base` or below it, both in lower case.
bool IsWithin(absl::string_view name, absl::string_view base) {
  if (base.empty() || name == base) {
    return true;
  }
  return absl::EndsWith(name, base) &&
         name[name.size() - base.size() - 1] == '.';
}

bool DnsMatches(const ComparableName& name, absl::string_view base,
                Reach reach) {
  // A wildcard stands for one label: all names below `name`, if `base` is not
  // deeper; one of them is `base`, if that has one label more.
  if (IsWithin(*name.text, base)) {
    return true;
  }
  const size_t dot = base.find('.');
  return name.is_wildcard && reach == Reach::kAny &&
         dot != absl::string_view::npos && base.substr(dot + 1) == *name.text;
}

bool IpMatches(absl::string_view address, absl::string_view base) {
  const size_t size = address.size();
  if (base.size() != 2 * size) {
    return false;
  }
  for (size_t i = 0; i < size; ++i) {
    if (((address[i] ^ base[i]) & base[size + i]) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

ComparableName PrepareName(const GeneralName& name) {
  ComparableName prepared{name.kind, std::nullopt, false};
  absl::string_view text = Text(name.value);
  switch (name.kind) {
    case Kind::kDns:
      prepared.is_wildcard = absl::ConsumePrefix(&text, "*.");
      if (IsHostName(text)) {
        prepared.text = absl::AsciiStrToLower(text);
      }
      return prepared;
    case Kind::kIp:
      if (text.size() == 4 || text.size() == 16) {
        prepared.text = std::string(text);
      }
      return prepared;
    case Kind::kDirectory:
      prepared.text = CanonicalName(name.value);
      return prepared;
    case Kind::kOther:
    case Kind::kMail:
    case Kind::kX400:
    case Kind::kEdiParty:
    case Kind::kUri:
    case Kind::kRegistered:
      return prepared;
  }
  return prepared;
}

std::optional<ComparableName> PrepareConstraint(const GeneralName& base) {
  const absl::string_view text = Text(base.value);
  switch (base.kind) {
    case Kind::kDns:
      if (!text.empty() && !IsHostName(text)) {
        return std::nullopt;
      }
      return ComparableName{base.kind, absl::AsciiStrToLower(text), false};
    case Kind::kIp:
      if (!IsAddressAndMask(Bytes(base.value))) {
        return std::nullopt;
      }
      return ComparableName{base.kind, std::string(text), false};
    case Kind::kDirectory:
    case Kind::kOther:
    case Kind::kMail:
    case Kind::kX400:
    case Kind::kEdiParty:
    case Kind::kUri:
    case Kind::kRegistered:
      return PrepareName(base);
  }
  return std::nullopt;
}

std::optional<bool> MatchName(const ComparableName& name,
                              const ComparableName& base, Reach reach) {
  if (!name.text.has_value() || !base.text.has_value()) {
    return std::nullopt;
  }
  switch (name.kind) {
    case Kind::kDns:
      return DnsMatches(name, *base.text, reach);
    case Kind::kIp:
      return IpMatches(*name.text, *base.text);
    case Kind::kDirectory:
      return absl::StartsWith(*name.text, *base.text);
    case Kind::kOther:
    case Kind::kMail:
    case Kind::kX400:
    case Kind::kEdiParty:
    case Kind::kUri:
    case Kind::kRegistered:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace ovoc::auth
