// SPDX-License-Identifier: Apache-2.0
#include "auth/extension_name.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/mem.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

struct Known {
  absl::string_view identifier;
  absl::string_view name;
};

// RFC 5280 4.2.1 and 4.2.2, RFC 3820 and Netscape's.
constexpr Known kKnown[] = {
    {"\x55\x1d\x09", "subjectDirectoryAttributes"},
    {"\x55\x1d\x0e", "subjectKeyIdentifier"},
    {"\x55\x1d\x0f", "keyUsage"},
    {"\x55\x1d\x11", "subjectAltName"},
    {"\x55\x1d\x12", "issuerAltName"},
    {"\x55\x1d\x13", "basicConstraints"},
    {"\x55\x1d\x1e", "nameConstraints"},
    {"\x55\x1d\x1f", "cRLDistributionPoints"},
    {"\x55\x1d\x20", "certificatePolicies"},
    {"\x55\x1d\x21", "policyMappings"},
    {"\x55\x1d\x23", "authorityKeyIdentifier"},
    {"\x55\x1d\x24", "policyConstraints"},
    {"\x55\x1d\x25", "extKeyUsage"},
    {"\x55\x1d\x2e", "freshestCRL"},
    {"\x55\x1d\x36", "inhibitAnyPolicy"},
    {"\x2b\x06\x01\x05\x05\x07\x01\x01", "authorityInfoAccess"},
    {"\x2b\x06\x01\x05\x05\x07\x01\x0b", "subjectInfoAccess"},
    {"\x2b\x06\x01\x05\x05\x07\x01\x0e", "proxyCertInfo"},
    {"\x60\x86\x48\x01\x86\xf8\x42\x01\x01", "nsCertType"},
};

}  // namespace

std::string ExtensionName(CBS identifier) {
  for (const Known& known : kKnown) {
    const absl::string_view bytes = known.identifier;
    if (CBS_mem_equal(&identifier,
                      reinterpret_cast<const uint8_t*>(bytes.data()),
                      bytes.size()) == 1) {
      return std::string(known.name);
    }
  }
  const bssl::UniquePtr<char> text(CBS_asn1_oid_to_text(&identifier));
  if (text == nullptr) {
    return "(unreadable)";
  }
  const absl::string_view numbers(text.get());
  return numbers.size() <= kMaxExtensionName
             ? std::string(numbers)
             : absl::StrCat(numbers.substr(0, kMaxExtensionName), "...");
}

}  // namespace ovoc::auth
