// SPDX-License-Identifier: Apache-2.0
//
// Certificates with names and name constraints out of a fuzzer's input.

#ifndef OVOC_FUZZ_SCRIPT_NAME_CHAIN_H_
#define OVOC_FUZZ_SCRIPT_NAME_CHAIN_H_

#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {

// ScriptName is one GeneralName (RFC 5280 4.2.1.6). Its kind is the tag.
struct ScriptName {
  static constexpr int kMail = 1;
  static constexpr int kDns = 2;
  static constexpr int kDirectory = 4;
  static constexpr int kIp = 7;

  int kind = 0;
  std::string text;                  // of all kinds but directories
  std::vector<std::string> subject;  // of a directory: attribute, text
};

// NameCertificate is what name constraints are about, and no more.
struct NameCertificate {
  std::vector<std::string> subject;  // one letter of attribute, its text
  bool is_self_issued = false;
  bool has_names = false;  // a subjectAltName, which may be empty
  std::vector<ScriptName> names;
  bool has_constraints = false;
  std::vector<ScriptName> permitted;
  std::vector<ScriptName> excluded;
  bool is_raw = false;  // extensions are of these bytes instead
  std::string raw_names;
  std::string raw_constraints;
};

// ReadNameChain reads two or three certificates, leaf first. Per certificate: a
// byte of flags (bit 0 names, 1 constraints, 2 self-issued, 3 raw), then
// subject, names, permitted, excluded, each a count and so many; or two blocks.
std::vector<NameCertificate> ReadNameChain(ByteSource* source);

// MakeCertificates writes them in DER, unsigned and without a usable key, and
// has BoringSSL read them. Empty when it does not.
std::vector<bssl::UniquePtr<X509>> MakeCertificates(
    const std::vector<NameCertificate>& chain);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_NAME_CHAIN_H_
