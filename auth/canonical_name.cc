// SPDX-License-Identifier: Apache-2.0
#include "auth/canonical_name.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

constexpr unsigned kUtf8String = 0x0c;  // the universal tags, X.680 8.4
constexpr unsigned kPrintableString = 0x13;
constexpr unsigned kT61String = 0x14;
constexpr unsigned kIa5String = 0x16;
constexpr unsigned kVisibleString = 0x1a;
constexpr unsigned kUniversalString = 0x1c;
constexpr unsigned kBmpString = 0x1e;

absl::string_view View(const CBS& bytes) {
  return absl::string_view(reinterpret_cast<const char*>(CBS_data(&bytes)),
                           CBS_len(&bytes));
}

// A length in four bytes in front: no frame is the beginning of another.
void AppendFrame(absl::string_view content, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(content.size() >> shift & 0xff));
  }
  out->append(content.data(), content.size());
}

// Whether it stands for a character (Unicode 3.4: no surrogate, and none of the
// noncharacters).
bool IsCharacter(uint32_t c) {
  return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) &&
         (c < 0xfdd0 || c > 0xfdef) && (c & 0xfffe) != 0xfffe;
}

// One character in UTF-8 from the front of `text` (RFC 3629 3).
bool TakeUtf8(CBS* text, uint32_t* c) {
  uint8_t first = 0;
  if (CBS_get_u8(text, &first) != 1) {
    return false;
  }
  if (first < 0x80) {
    *c = first;
    return true;
  }
  const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (first < 0xc2 || first > 0xf4) {
    return false;
  }
  *c = first & (0x3fU >> more);
  for (int i = 0; i < more; ++i) {
    uint8_t next = 0;
    if (CBS_get_u8(text, &next) != 1 || (next & 0xc0) != 0x80) {
      return false;
    }
    *c = *c << 6 | (next & 0x3f);
  }
  return *c >= kLeast[more];
}

// One character of a string of type `tag`.
bool TakeCharacter(unsigned tag, CBS* text, uint32_t* c) {
  uint8_t byte = 0;
  uint16_t pair = 0;
  switch (tag) {  // not an enum: a tag of DER
    case kUtf8String:
      return TakeUtf8(text, c) && IsCharacter(*c);
    case kBmpString:
      if (CBS_get_u16(text, &pair) != 1) {
        return false;
      }
      *c = pair;
      return IsCharacter(*c);
    case kUniversalString:
      return CBS_get_u32(text, c) == 1 && IsCharacter(*c);
    default:  // one byte each, as Latin-1
      if (CBS_get_u8(text, &byte) != 1) {
        return false;
      }
      *c = byte;
      return true;
  }
}

bool IsText(unsigned tag) {
  return tag == kUtf8String || tag == kPrintableString || tag == kT61String ||
         tag == kIa5String || tag == kVisibleString ||
         tag == kUniversalString || tag == kBmpString;
}

bool IsSpace(uint32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// In UTF-8 (RFC 3629 3), ASCII in lower case.
void AppendCharacter(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr uint32_t kFirst[] = {0, 0xc0, 0xe0, 0xf0};
  out->push_back(static_cast<char>(kFirst[more] | c >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | (c >> (6 * i) & 0x3f)));
  }
}

std::optional<std::string> CanonicalText(unsigned tag, CBS text) {
  std::string out;
  bool is_space_due = false;
  while (CBS_len(&text) != 0) {
    uint32_t c = 0;
    if (!TakeCharacter(tag, &text, &c)) {
      return std::nullopt;
    }
    if (IsSpace(c)) {
      is_space_due = !out.empty();
      continue;
    }
    if (is_space_due) {
      out.push_back(' ');
      is_space_due = false;
    }
    AppendCharacter(c, &out);
  }
  return out;
}

// One AttributeTypeAndValue from the front of `set`.
std::optional<std::string> TakeAttribute(CBS* set) {
  CBS attribute;
  CBS type;
  CBS value;
  unsigned tag = 0;
  if (CBS_get_asn1(set, &attribute, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_get_asn1(&attribute, &type, CBS_ASN1_OBJECT) != 1 ||
      CBS_get_any_asn1(&attribute, &value, &tag) != 1 ||
      CBS_len(&attribute) != 0) {
    return std::nullopt;
  }
  std::string out;
  AppendFrame(View(type), &out);
  if (!IsText(tag)) {
    out.push_back('b');
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.push_back(static_cast<char>(tag >> shift & 0xff));
    }
    out.append(View(value).data(), View(value).size());
    return out;
  }
  const std::optional<std::string> text = CanonicalText(tag, value);
  if (!text.has_value()) {
    return std::nullopt;
  }
  out.push_back('t');
  out += *text;
  return out;
}

}  // namespace

std::optional<std::string> CanonicalName(CBS der) {
  CBS relative_names;
  if (CBS_get_asn1(&der, &relative_names, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_len(&der) != 0) {
    return std::nullopt;
  }
  std::string name;
  std::vector<std::string> attributes;  // of one relative name
  while (CBS_len(&relative_names) != 0) {
    CBS set;
    if (CBS_get_asn1(&relative_names, &set, CBS_ASN1_SET) != 1 ||
        CBS_len(&set) == 0) {
      return std::nullopt;
    }
    attributes.clear();
    while (CBS_len(&set) != 0) {
      std::optional<std::string> attribute = TakeAttribute(&set);
      if (!attribute.has_value()) {
        return std::nullopt;
      }
      attributes.push_back(*std::move(attribute));
    }
    std::sort(attributes.begin(), attributes.end());
    std::string all;
    for (const std::string& attribute : attributes) {
      AppendFrame(attribute, &all);
    }
    AppendFrame(all, &name);
  }
  return name;
}

}  // namespace ovoc::auth
