// SPDX-License-Identifier: Apache-2.0
#include "auth/policy_facts.h"

#include <openssl/bytestring.h>

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kAnyPolicy("\x55\x1d\x20\x00", 4);  // 2.5.29.32.0
constexpr absl::string_view kCps = "\x2b\x06\x01\x05\x05\x07\x02\x01";
constexpr absl::string_view kUserNotice = "\x2b\x06\x01\x05\x05\x07\x02\x02";

// The SEQUENCE that `value` is, of one entry at least.
bool OpenList(CBS* value, CBS* list) {
  return CBS_get_asn1(value, list, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_len(value) == 0 && CBS_len(list) != 0;
}

bool TakeIdentifier(CBS* in, absl::string_view* identifier) {
  CBS value;
  if (CBS_get_asn1(in, &value, CBS_ASN1_OBJECT) != 1) {
    return false;
  }
  *identifier = absl::string_view(
      reinterpret_cast<const char*>(CBS_data(&value)), CBS_len(&value));
  return true;
}

// Only the kind of a qualifier is looked at.
bool ReadQualifiers(CBS qualifiers, PolicyFacts* facts) {
  if (CBS_len(&qualifiers) == 0) {
    return false;
  }
  while (CBS_len(&qualifiers) != 0) {
    CBS qualifier;
    CBS text;  // is for people
    unsigned tag = 0;
    absl::string_view kind;
    if (CBS_get_asn1(&qualifiers, &qualifier, CBS_ASN1_SEQUENCE) != 1 ||
        !TakeIdentifier(&qualifier, &kind) ||
        CBS_get_any_asn1(&qualifier, &text, &tag) != 1 ||
        CBS_len(&qualifier) != 0) {
      return false;
    }
    facts->has_unknown_qualifier |= kind != kCps && kind != kUserNotice;
  }
  return true;
}

bool ReadPolicy(CBS* list, PolicyFacts* facts) {
  CBS inside;
  CBS qualifiers;
  absl::string_view policy;
  if (CBS_get_asn1(list, &inside, CBS_ASN1_SEQUENCE) != 1 ||
      !TakeIdentifier(&inside, &policy)) {
    return false;
  }
  if (policy == kAnyPolicy) {
    facts->has_any_policy = true;
  } else {
    facts->policies.push_back(policy);
  }
  if (CBS_len(&inside) == 0) {
    return true;
  }
  return CBS_get_asn1(&inside, &qualifiers, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_len(&inside) == 0 && ReadQualifiers(qualifiers, facts);
}

// SkipCerts, INTEGER (0..MAX). More than a number holds is more than any chain
// has.
bool ReadSkipCerts(CBS number, uint64_t* count) {
  int is_negative = 0;
  if (CBS_is_valid_asn1_integer(&number, &is_negative) != 1 ||
      is_negative != 0) {
    return false;
  }
  *count = 0;
  uint8_t byte = 0;
  while (CBS_get_u8(&number, &byte) == 1) {
    *count = *count > (std::numeric_limits<uint64_t>::max() >> 8)
                 ? std::numeric_limits<uint64_t>::max()
                 : *count << 8 | byte;
  }
  return true;
}

// A number under the tag [`tag`], which may be left out.
bool TakeSkipCerts(CBS* in, unsigned tag, std::optional<uint64_t>* count) {
  CBS number;
  int is_there = 0;
  if (CBS_get_optional_asn1(in, &number, &is_there,
                            CBS_ASN1_CONTEXT_SPECIFIC | tag) != 1) {
    return false;
  }
  return is_there == 0 || ReadSkipCerts(number, &count->emplace());
}

}  // namespace

bool ReadCertificatePolicies(CBS value, PolicyFacts* facts) {
  facts->has_policies = true;
  CBS list;
  if (!OpenList(&value, &list)) {
    return false;
  }
  while (CBS_len(&list) != 0) {
    if (!ReadPolicy(&list, facts)) {
      return false;
    }
  }
  return true;
}

bool ReadPolicyMappings(CBS value, PolicyFacts* facts) {
  CBS list;
  if (!OpenList(&value, &list)) {
    return false;
  }
  while (CBS_len(&list) != 0) {
    CBS inside;
    PolicyFacts::Mapping mapping;
    if (CBS_get_asn1(&list, &inside, CBS_ASN1_SEQUENCE) != 1 ||
        !TakeIdentifier(&inside, &mapping.issuer_policy) ||
        !TakeIdentifier(&inside, &mapping.subject_policy) ||
        CBS_len(&inside) != 0 || mapping.issuer_policy == kAnyPolicy ||
        mapping.subject_policy == kAnyPolicy) {
      return false;
    }
    facts->mappings.push_back(mapping);
  }
  return true;
}

bool ReadPolicyConstraints(CBS value, PolicyFacts* facts) {
  CBS inside;
  return OpenList(&value, &inside) &&
         TakeSkipCerts(&inside, 0, &facts->require_explicit_policy) &&
         TakeSkipCerts(&inside, 1, &facts->inhibit_policy_mapping) &&
         CBS_len(&inside) == 0;
}

bool ReadInhibitAnyPolicy(CBS value, PolicyFacts* facts) {
  CBS number;
  return CBS_get_asn1(&value, &number, CBS_ASN1_INTEGER) == 1 &&
         CBS_len(&value) == 0 &&
         ReadSkipCerts(number, &facts->inhibit_any_policy.emplace());
}

}  // namespace ovoc::auth
