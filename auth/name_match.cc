// SPDX-License-Identifier: Apache-2.0
#include "auth/name_match.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/mem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
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

// Whether `name` is `base` or below it.
bool IsWithin(absl::string_view name, absl::string_view base) {
  if (base.empty() || absl::EqualsIgnoreCase(name, base)) {
    return true;
  }
  return absl::EndsWithIgnoreCase(name, base) &&
         name[name.size() - base.size() - 1] == '.';
}

bool DnsMatches(absl::string_view name, absl::string_view base, Reach reach) {
  if (!absl::ConsumePrefix(&name, "*.")) {
    return IsWithin(name, base);
  }
  // A wildcard stands for one label: all names below `name`, if `base` is not
  // deeper; one of them is `base`, if that has one label more.
  if (IsWithin(name, base)) {
    return true;
  }
  const size_t dot = base.find('.');
  return reach == Reach::kAny && dot != absl::string_view::npos &&
         absl::EqualsIgnoreCase(base.substr(dot + 1), name);
}

bool IpMatches(absl::Span<const uint8_t> address,
               absl::Span<const uint8_t> base) {
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

bssl::UniquePtr<X509_NAME> ParseName(const uint8_t* der, size_t size) {
  const uint8_t* position = der;
  return bssl::UniquePtr<X509_NAME>(
      d2i_X509_NAME(nullptr, &position, static_cast<long>(size)));
}

// The first `count` relative names of the Name `name`; null if it has fewer.
bssl::UniquePtr<X509_NAME> FirstOfName(CBS name, size_t count) {
  CBS relative_names;
  if (CBS_get_asn1(&name, &relative_names, CBS_ASN1_SEQUENCE) != 1) {
    return nullptr;
  }
  const uint8_t* first = CBS_data(&relative_names);
  const size_t whole = CBS_len(&relative_names);
  for (size_t i = 0; i < count; ++i) {
    CBS relative_name;
    if (CBS_get_asn1(&relative_names, &relative_name, CBS_ASN1_SET) != 1) {
      return nullptr;
    }
  }
  bssl::ScopedCBB writer;
  CBB sequence;
  uint8_t* der = nullptr;
  size_t size = 0;
  if (CBB_init(writer.get(), whole) != 1 ||
      CBB_add_asn1(writer.get(), &sequence, CBS_ASN1_SEQUENCE) != 1 ||
      CBB_add_bytes(&sequence, first, whole - CBS_len(&relative_names)) != 1 ||
      CBB_finish(writer.get(), &der, &size) != 1) {
    return nullptr;
  }
  const bssl::UniquePtr<uint8_t> owner(der);
  return ParseName(der, size);
}

// Nothing when one of the two is no name.
std::optional<bool> DirectoryMatches(const CBS& name, const CBS& base) {
  CBS copy = base;
  CBS relative_names;
  if (CBS_get_asn1(&copy, &relative_names, CBS_ASN1_SEQUENCE) != 1) {
    return std::nullopt;
  }
  size_t count = 0;
  for (; CBS_len(&relative_names) != 0; ++count) {
    CBS relative_name;
    if (CBS_get_asn1(&relative_names, &relative_name, CBS_ASN1_SET) != 1) {
      return std::nullopt;
    }
  }
  const bssl::UniquePtr<X509_NAME> whole =
      ParseName(CBS_data(&name), CBS_len(&name));
  const bssl::UniquePtr<X509_NAME> expected =
      ParseName(CBS_data(&base), CBS_len(&base));
  if (whole == nullptr || expected == nullptr) {
    return std::nullopt;
  }
  const bssl::UniquePtr<X509_NAME> first = FirstOfName(name, count);
  return first != nullptr && X509_NAME_cmp(first.get(), expected.get()) == 0;
}

}  // namespace

bool IsNameConstraint(const GeneralName& base) {
  switch (base.kind) {
    case Kind::kDns:
      return CBS_len(&base.value) == 0 || IsHostName(Text(base.value));
    case Kind::kIp:
      return IsAddressAndMask(Bytes(base.value));
    case Kind::kDirectory:
    case Kind::kOther:
    case Kind::kMail:
    case Kind::kX400:
    case Kind::kEdiParty:
    case Kind::kUri:
    case Kind::kRegistered:
      return true;
  }
  return false;
}

std::optional<bool> MatchName(const GeneralName& name, const GeneralName& base,
                              Reach reach) {
  switch (name.kind) {
    case Kind::kDns:
      if (!IsHostName(absl::StripPrefix(Text(name.value), "*."))) {
        return std::nullopt;
      }
      return DnsMatches(Text(name.value), Text(base.value), reach);
    case Kind::kIp:
      if (CBS_len(&name.value) != 4 && CBS_len(&name.value) != 16) {
        return std::nullopt;
      }
      return IpMatches(Bytes(name.value), Bytes(base.value));
    case Kind::kDirectory:
      return DirectoryMatches(name.value, base.value);
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
