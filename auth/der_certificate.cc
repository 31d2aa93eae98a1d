// SPDX-License-Identifier: Apache-2.0
#include "auth/der_certificate.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace ovoc::auth {
namespace {

// How deep elements may lie in each other. Certificates need 10 or so.
constexpr size_t kMaxDepth = 32;

enum class Form {
  kDer,
  kBer,   // another form of BER: longer than it needs, or left open
  kNone,  // no elements at all
};

bool IsObjectIdentifier(CBS value) {
  bool begins = true;  // an arc, whose first byte is not only padding
  uint8_t byte = 0x80;
  while (CBS_get_u8(&value, &byte) == 1) {
    if (begins && byte == 0x80) {
      return false;
    }
    begins = (byte & 0x80) == 0;
  }
  return (byte & 0x80) == 0;  // not cut in an arc, nor empty
}

// Whether the value of a primitive element is one that DER allows (X.690 8, 10
// and 11), as far as its tag tells.
bool IsDerValue(unsigned tag, const CBS& value) {
  switch (tag) {  // not an enum: a tag of DER
    case CBS_ASN1_BOOLEAN:
      return CBS_len(&value) == 1 &&
             (CBS_data(&value)[0] == 0 || CBS_data(&value)[0] == 0xff);
    case CBS_ASN1_INTEGER:
    case CBS_ASN1_ENUMERATED:
      return CBS_is_valid_asn1_integer(&value, nullptr) == 1;
    case CBS_ASN1_BITSTRING:
      return CBS_is_valid_asn1_bitstring(&value) == 1;
    case CBS_ASN1_NULL:
      return CBS_len(&value) == 0;
    case CBS_ASN1_OBJECT:
      return IsObjectIdentifier(value);
    default:
      return true;
  }
}

// Whether a universal type is written with the constructed bit in DER: only
// structures are (X.690 10.2).
bool IsStructure(unsigned tag) {
  const unsigned type = tag & ~CBS_ASN1_CONSTRUCTED;
  return type == (CBS_ASN1_SEQUENCE & ~CBS_ASN1_CONSTRUCTED) ||
         type == (CBS_ASN1_SET & ~CBS_ASN1_CONSTRUCTED);
}

// Takes one element from the front of `in`; `inside` is what it contains if it
// is constructed, else empty.
Form TakeElement(CBS* in, CBS* inside) {
  CBS element;
  unsigned tag = 0;
  size_t header = 0;
  int is_ber = 0;
  int is_open = 0;
  CBS_init(inside, nullptr, 0);
  if (CBS_get_any_ber_asn1_element(in, &element, &tag, &header, &is_ber,
                                   &is_open) != 1) {
    return Form::kNone;
  }
  if (is_ber != 0 || is_open != 0) {
    return Form::kBer;
  }
  CBS_skip(&element, header);
  const bool is_constructed = (tag & CBS_ASN1_CONSTRUCTED) != 0;
  if ((tag & CBS_ASN1_CLASS_MASK) == CBS_ASN1_UNIVERSAL &&
      (is_constructed != IsStructure(tag) || !IsDerValue(tag, element))) {
    return Form::kBer;
  }
  if (is_constructed) {
    *inside = element;
  }
  return Form::kDer;
}

// The form of all elements in `in`, one in the other.
Form FindForm(CBS in) {
  std::vector<CBS> open = {in};
  while (!open.empty()) {
    if (CBS_len(&open.back()) == 0) {
      open.pop_back();
      continue;
    }
    CBS inside;
    if (const Form form = TakeElement(&open.back(), &inside);
        form != Form::kDer) {
      return form;
    }
    if (CBS_len(&inside) != 0) {
      if (open.size() == kMaxDepth) {
        return Form::kNone;
      }
      open.push_back(inside);
    }
  }
  return Form::kDer;
}

constexpr char kIsNone[] = "is not an X.509 certificate in DER (RFC 5280 4.1)";

}  // namespace

bssl::UniquePtr<X509> ParseCertificate(absl::Span<const uint8_t> der,
                                       std::string* error) {
  CBS rest;
  CBS inside;
  CBS_init(&rest, der.data(), der.size());
  Form form = TakeElement(&rest, &inside);
  if (form == Form::kDer && CBS_len(&rest) != 0) {
    *error = absl::StrCat("has ", CBS_len(&rest), " bytes after its end");
    return nullptr;
  }
  if (form == Form::kDer) {
    form = FindForm(inside);
  }
  if (form == Form::kBer) {
    *error = "is BER in a form that is not DER (RFC 5280 4.1)";
    return nullptr;
  }
  const uint8_t* position = der.data();
  bssl::UniquePtr<X509> certificate(
      form == Form::kNone
          ? nullptr
          : d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  if (certificate == nullptr) {
    *error = kIsNone;
  }
  return certificate;
}

}  // namespace ovoc::auth
