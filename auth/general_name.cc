// SPDX-License-Identifier: Apache-2.0
#include "auth/general_name.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/nid.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"

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

void AddMailOfSubject(const X509_NAME* subject,
                      std::vector<GeneralName>* names) {
  int index = -1;
  while ((index = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress,
                                             index)) >= 0) {
    const ASN1_STRING* mail =
        X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
    GeneralName name{GeneralName::Kind::kMail, {}};
    CBS_init(&name.value, ASN1_STRING_get0_data(mail),
             static_cast<size_t>(ASN1_STRING_length(mail)));
    names->push_back(name);
  }
}

bool AddSubject(const X509& certificate, std::vector<GeneralName>* names) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  if (X509_NAME_entry_count(subject) == 0) {
    return true;
  }
  const uint8_t* der = nullptr;
  size_t size = 0;
  if (X509_NAME_get0_der(subject, &der, &size) != 1) {
    return false;
  }
  GeneralName name{GeneralName::Kind::kDirectory, {}};
  CBS_init(&name.value, der, size);
  names->push_back(name);
  AddMailOfSubject(subject, names);
  return true;
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

std::optional<absl::Span<const uint8_t>> FindExtension(const X509& certificate,
                                                       int nid) {
  const int index = X509_get_ext_by_NID(&certificate, nid, -1);
  if (index < 0) {
    return absl::Span<const uint8_t>();
  }
  if (X509_get_ext_by_NID(&certificate, nid, index) >= 0) {
    return std::nullopt;
  }
  const ASN1_OCTET_STRING* value =
      X509_EXTENSION_get_data(X509_get_ext(&certificate, index));
  return absl::MakeConstSpan(ASN1_STRING_get0_data(value),
                             static_cast<size_t>(ASN1_STRING_length(value)));
}

std::optional<std::vector<GeneralName>> ReadNames(const X509& certificate) {
  std::vector<GeneralName> names;
  if (!AddSubject(certificate, &names)) {
    return std::nullopt;
  }
  const std::optional<absl::Span<const uint8_t>> extension =
      FindExtension(certificate, NID_subject_alt_name);
  if (!extension.has_value()) {
    return std::nullopt;
  }
  if (X509_get_ext_by_NID(&certificate, NID_subject_alt_name, -1) < 0) {
    return names;
  }
  CBS der;
  CBS_init(&der, extension->data(), extension->size());
  CBS entries;
  if (CBS_get_asn1(&der, &entries, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_len(&der) != 0 || CBS_len(&entries) == 0) {
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

}  // namespace ovoc::auth
