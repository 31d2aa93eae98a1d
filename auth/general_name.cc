// SPDX-License-Identifier: Apache-2.0
#include "auth/general_name.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"

namespace ovoc::auth {
namespace {

constexpr unsigned kLastKind =
    static_cast<unsigned>(GeneralName::Kind::kRegistered);

// Whether the form is a structure, which has the constructed bit in its tag.
bool IsConstructed(GeneralName::Kind kind) {
  switch (kind) {
    case GeneralName::Kind::kOther:
    case GeneralName::Kind::kX400:
    case GeneralName::Kind::kDirectory:
    case GeneralName::Kind::kEdiParty:
      return true;
    case GeneralName::Kind::kMail:
    case GeneralName::Kind::kDns:
    case GeneralName::Kind::kUri:
    case GeneralName::Kind::kIp:
    case GeneralName::Kind::kRegistered:
      return false;
  }
  return false;
}

constexpr absl::string_view kMailAddress =  // PKCS #9 emailAddress
    "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";

// The mail addresses in `subject`, a Name that was found well-formed.
void AddMailOfSubject(CBS subject, std::vector<GeneralName>* names) {
  CBS relative_names;
  CBS set;
  CBS attribute;
  CBS type;
  if (CBS_get_asn1(&subject, &relative_names, CBS_ASN1_SEQUENCE) != 1) {
    return;
  }
  while (CBS_get_asn1(&relative_names, &set, CBS_ASN1_SET) == 1) {
    while (CBS_get_asn1(&set, &attribute, CBS_ASN1_SEQUENCE) == 1) {
      GeneralName name{GeneralName::Kind::kMail, {}};
      if (CBS_get_asn1(&attribute, &type, CBS_ASN1_OBJECT) == 1 &&
          CBS_mem_equal(&type,
                        reinterpret_cast<const uint8_t*>(kMailAddress.data()),
                        kMailAddress.size()) == 1 &&
          CBS_get_any_asn1(&attribute, &name.value, nullptr) == 1) {
        names->push_back(name);
      }
    }
  }
}

void AddSubject(const CertificateFacts& certificate,
                std::vector<GeneralName>* names) {
  if (!certificate.canonical_subject.empty()) {
    names->push_back({GeneralName::Kind::kDirectory, certificate.subject});
    AddMailOfSubject(certificate.subject, names);
  }
}

}  // namespace

std::optional<GeneralName> ReadGeneralName(CBS* der) {
  GeneralName name;
  unsigned tag = 0;
  if (CBS_get_any_asn1(der, &name.value, &tag) != 1) {
    return std::nullopt;
  }
  const unsigned number = tag & CBS_ASN1_TAG_NUMBER_MASK;
  if ((tag & CBS_ASN1_CLASS_MASK) != CBS_ASN1_CONTEXT_SPECIFIC ||
      number > kLastKind) {
    return std::nullopt;
  }
  name.kind = static_cast<GeneralName::Kind>(number);
  if (((tag & CBS_ASN1_CONSTRUCTED) != 0) != IsConstructed(name.kind)) {
    return std::nullopt;
  }
  if (name.kind == GeneralName::Kind::kDirectory) {
    // The tag is explicit as Name is a choice: one Name is inside.
    CBS inside = name.value;
    if (CBS_get_asn1_element(&inside, &name.value, CBS_ASN1_SEQUENCE) != 1 ||
        CBS_len(&inside) != 0) {
      return std::nullopt;
    }
  }
  return name;
}

std::optional<std::vector<GeneralName>> ReadAlternativeNames(CBS extension) {
  std::vector<GeneralName> names;
  CBS entries;
  if (CBS_get_asn1(&extension, &entries, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_len(&extension) != 0 || CBS_len(&entries) == 0) {
    return std::nullopt;
  }
  while (CBS_len(&entries) != 0) {
    const std::optional<GeneralName> name = ReadGeneralName(&entries);
    if (!name.has_value()) {
      return std::nullopt;
    }
    names.push_back(*name);
  }
  return names;
}

std::optional<std::vector<GeneralName>> ReadNames(
    const CertificateFacts& certificate) {
  if (!certificate.is_readable || certificate.extensions.repeated.has_value()) {
    return std::nullopt;
  }
  std::vector<GeneralName> names;
  AddSubject(certificate, &names);
  const std::optional<CBS>& extension =
      certificate.extensions.alternative_names;
  if (!extension.has_value()) {
    return names;
  }
  const std::optional<std::vector<GeneralName>> alternative =
      ReadAlternativeNames(*extension);
  if (!alternative.has_value()) {
    return std::nullopt;
  }
  names.insert(names.end(), alternative->begin(), alternative->end());
  return names;
}

}  // namespace ovoc::auth
