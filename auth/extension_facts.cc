// SPDX-License-Identifier: Apache-2.0
#include "auth/extension_facts.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/canonical_name.h"
#include "auth/extension_name.h"
#include "auth/policy_facts.h"

namespace ovoc::auth {
namespace {

using Reader = bool (*)(CBS value, ExtensionFacts* facts);

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kConstructed = CBS_ASN1_CONSTRUCTED;

absl::string_view View(const CBS& bytes) {
  return absl::string_view(reinterpret_cast<const char*>(CBS_data(&bytes)),
                           CBS_len(&bytes));
}

// The one SEQUENCE that `value` is.
bool OpenSequence(CBS* value, CBS* inside) {
  return CBS_get_asn1(value, inside, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_len(value) == 0;
}

bool ReadBasicConstraints(CBS value, ExtensionFacts* facts) {
  CBS inside;
  int is_ca = 0;
  if (!OpenSequence(&value, &inside) ||
      (CBS_peek_asn1_tag(&inside, CBS_ASN1_BOOLEAN) != 0 &&
       CBS_get_asn1_bool(&inside, &is_ca) != 1)) {
    return false;
  }
  facts->is_ca = is_ca != 0;
  if (CBS_len(&inside) == 0) {
    return true;
  }
  uint64_t length = 0;
  if (is_ca == 0 || CBS_get_asn1_uint64(&inside, &length) != 1) {
    return false;
  }
  facts->path_length = length;
  return CBS_len(&inside) == 0;
}

// The first byte of the BIT STRING that `value` is, 0 when it has none.
bool ReadBits(CBS value, uint8_t* bits) {
  CBS inside;
  if (CBS_get_asn1(&value, &inside, CBS_ASN1_BITSTRING) != 1 ||
      CBS_len(&value) != 0 || CBS_is_valid_asn1_bitstring(&inside) != 1) {
    return false;
  }
  *bits = CBS_len(&inside) < 2 ? uint8_t{0} : CBS_data(&inside)[1];
  return true;
}

bool ReadKeyUsage(CBS value, ExtensionFacts* facts) {
  uint8_t bits = 0;
  if (!ReadBits(value, &bits)) {
    return false;
  }
  facts->key_usage = bits;
  return true;
}

bool ReadNetscapeType(CBS value, ExtensionFacts* facts) {
  constexpr uint8_t kSslServer = 0x40;
  uint8_t bits = 0;
  if (!ReadBits(value, &bits)) {
    return false;
  }
  facts->is_netscape_server = (bits & kSslServer) != 0;
  return true;
}

bool ReadExtendedKeyUsage(CBS value, ExtensionFacts* facts) {
  constexpr absl::string_view kServerAuth = "\x2b\x06\x01\x05\x05\x07\x03\x01";
  CBS inside;
  if (!OpenSequence(&value, &inside)) {
    return false;
  }
  facts->allows_server = false;
  while (CBS_len(&inside) != 0) {
    CBS purpose;
    if (CBS_get_asn1(&inside, &purpose, CBS_ASN1_OBJECT) != 1) {
      return false;
    }
    facts->allows_server =
        *facts->allows_server || View(purpose) == kServerAuth;
  }
  return true;
}

bool ReadSubjectKey(CBS value, ExtensionFacts* facts) {
  CBS key;
  if (CBS_get_asn1(&value, &key, CBS_ASN1_OCTETSTRING) != 1 ||
      CBS_len(&value) != 0) {
    return false;
  }
  facts->subject_key = key;
  return true;
}

// The first directory name of GeneralNames.
bool ReadAuthorityIssuer(CBS names, ExtensionFacts* facts) {
  constexpr unsigned kDirectoryName = kContext | kConstructed | 4;
  while (CBS_len(&names) != 0) {
    CBS name;
    unsigned tag = 0;
    if (CBS_get_any_asn1(&names, &name, &tag) != 1) {
      return false;
    }
    if (tag == kDirectoryName && !facts->authority_issuer.has_value()) {
      facts->authority_issuer = CanonicalName(name);
      if (!facts->authority_issuer.has_value()) {
        return false;
      }
    }
  }
  return true;
}

bool ReadAuthorityKey(CBS value, ExtensionFacts* facts) {
  CBS inside;
  CBS key;
  CBS issuer;
  CBS serial;
  int has_key = 0;
  int has_issuer = 0;
  int has_serial = 0;
  if (!OpenSequence(&value, &inside) ||
      CBS_get_optional_asn1(&inside, &key, &has_key, kContext | 0) != 1 ||
      CBS_get_optional_asn1(&inside, &issuer, &has_issuer,
                            kContext | kConstructed | 1) != 1 ||
      CBS_get_optional_asn1(&inside, &serial, &has_serial, kContext | 2) != 1 ||
      CBS_len(&inside) != 0) {
    return false;
  }
  if (has_key != 0) {
    facts->authority_key = key;
  }
  if (has_serial != 0) {
    facts->authority_serial = serial;
  }
  return has_issuer == 0 || ReadAuthorityIssuer(issuer, facts);
}

// What is inside is for who looks for names.
bool KeepAlternativeNames(CBS value, ExtensionFacts* facts) {
  facts->alternative_names = value;
  CBS inside;
  return OpenSequence(&value, &inside);
}

bool KeepNameConstraints(CBS value, ExtensionFacts* facts) {
  facts->name_constraints = value;
  CBS inside;
  return OpenSequence(&value, &inside);
}

bool NoteProxy(CBS, ExtensionFacts* facts) {
  facts->is_proxy = true;
  return true;
}

// Nothing is fetched from a distribution point; it is only to be one.
bool CheckDistributionPoints(CBS value, ExtensionFacts*) {
  CBS points;
  if (!OpenSequence(&value, &points)) {
    return false;
  }
  while (CBS_len(&points) != 0) {
    CBS point;
    if (CBS_get_asn1(&points, &point, CBS_ASN1_SEQUENCE) != 1 ||
        CBS_get_optional_asn1(&point, nullptr, nullptr,
                              kContext | kConstructed | 0) != 1 ||
        CBS_get_optional_asn1(&point, nullptr, nullptr, kContext | 1) != 1 ||
        CBS_get_optional_asn1(&point, nullptr, nullptr,
                              kContext | kConstructed | 2) != 1 ||
        CBS_len(&point) != 0) {
      return false;
    }
  }
  return true;
}

template <bool (*kRead)(CBS value, PolicyFacts* facts)>
bool ReadPolicyPart(CBS value, ExtensionFacts* facts) {
  return kRead(value, &facts->policies);
}

struct Kind {
  absl::string_view identifier;
  bool is_known;  // may be critical
  Reader read;
};

constexpr Kind kKinds[] = {
    {"\x55\x1d\x0e", false, ReadSubjectKey},
    {"\x55\x1d\x0f", true, ReadKeyUsage},
    {"\x55\x1d\x11", true, KeepAlternativeNames},
    {"\x55\x1d\x13", true, ReadBasicConstraints},
    {"\x55\x1d\x1e", true, KeepNameConstraints},
    {"\x55\x1d\x1f", false, CheckDistributionPoints},
    {"\x55\x1d\x20", true, ReadPolicyPart<ReadCertificatePolicies>},
    {"\x55\x1d\x21", true, ReadPolicyPart<ReadPolicyMappings>},
    {"\x55\x1d\x23", false, ReadAuthorityKey},
    {"\x55\x1d\x24", true, ReadPolicyPart<ReadPolicyConstraints>},
    {"\x55\x1d\x25", true, ReadExtendedKeyUsage},
    {"\x55\x1d\x36", true, ReadPolicyPart<ReadInhibitAnyPolicy>},
    {"\x2b\x06\x01\x05\x05\x07\x01\x0e", true, NoteProxy},
    {"\x60\x86\x48\x01\x86\xf8\x42\x01\x01", true, ReadNetscapeType},
};

struct Extension {
  CBS identifier{};
  bool is_critical = false;
  CBS value{};
};

// One Extension from the front of `list`.
bool TakeExtension(CBS* list, Extension* extension) {
  CBS inside;
  int is_critical = 0;
  if (CBS_get_asn1(list, &inside, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_get_asn1(&inside, &extension->identifier, CBS_ASN1_OBJECT) != 1 ||
      (CBS_peek_asn1_tag(&inside, CBS_ASN1_BOOLEAN) != 0 &&
       CBS_get_asn1_bool(&inside, &is_critical) != 1) ||
      CBS_get_asn1(&inside, &extension->value, CBS_ASN1_OCTETSTRING) != 1) {
    return false;
  }
  extension->is_critical = is_critical != 0;
  return CBS_len(&inside) == 0;
}

// The first one stays.
void Note(const Extension& extension, std::optional<std::string>* name) {
  if (!name->has_value()) {
    *name = ExtensionName(extension.identifier);
  }
}

const Kind* FindKind(const Extension& extension) {
  for (const Kind& kind : kKinds) {
    if (kind.identifier == View(extension.identifier)) {
      return &kind;
    }
  }
  return nullptr;
}

void ReadExtension(const Extension& extension, ExtensionFacts* facts) {
  const Kind* const kind = FindKind(extension);
  if (kind != nullptr && !kind->read(extension.value, facts)) {
    Note(extension, &facts->broken);
  }
  // RFC 5280 4.2.1.4: where it is critical, its qualifiers are to be known.
  const bool has_unknown_part =
      kind != nullptr &&
      kind->read == ReadPolicyPart<ReadCertificatePolicies> &&
      facts->policies.has_unknown_qualifier;
  if (extension.is_critical &&
      (kind == nullptr || !kind->is_known || has_unknown_part)) {
    Note(extension, &facts->unknown_critical);
  }
}

// The name of an extension that `kinds` has twice.
std::optional<std::string> FindRepeated(std::vector<absl::string_view> kinds) {
  std::sort(kinds.begin(), kinds.end());
  const auto twice = std::adjacent_find(kinds.begin(), kinds.end());
  if (twice == kinds.end()) {
    return std::nullopt;
  }
  CBS identifier;
  CBS_init(&identifier, reinterpret_cast<const uint8_t*>(twice->data()),
           twice->size());
  return ExtensionName(identifier);
}

}  // namespace

std::optional<ExtensionFacts> ReadExtensions(CBS der) {
  ExtensionFacts facts;
  if (CBS_len(&der) == 0) {
    return facts;
  }
  CBS list;
  if (!OpenSequence(&der, &list)) {
    return std::nullopt;
  }
  std::vector<absl::string_view> kinds;
  while (CBS_len(&list) != 0) {
    Extension extension;
    if (!TakeExtension(&list, &extension)) {
      return std::nullopt;
    }
    ReadExtension(extension, &facts);
    kinds.push_back(View(extension.identifier));
  }
  facts.repeated = FindRepeated(std::move(kinds));
  return facts;
}

}  // namespace ovoc::auth
