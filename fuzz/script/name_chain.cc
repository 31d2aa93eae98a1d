// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_chain.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {
namespace {

using std::string;

constexpr size_t kMaxNames = 34;
constexpr size_t kMaxSubject = 4;
constexpr absl::string_view kNull("\x05\0", 2);
constexpr absl::string_view kAlgorithm("\x30\x03\x06\x01\x2A", 5);  // 1.2
constexpr absl::string_view kTwoTimes(
    "\x17\x0D"
    "200101000000Z"
    "\x17\x0D"
    "300101000000Z");

// One element of DER.
string Element(int tag, absl::string_view value) {
  string out(1, static_cast<char>(tag));
  const size_t size = value.size();
  if (size > 0xFF) {
    out += {'\x82', static_cast<char>(size >> 8)};
  } else if (size > 0x7F) {
    out += '\x81';
  }
  out += static_cast<char>(size & 0xFF);
  return absl::StrCat(out, value);
}

// RFC 4519 2.3, 2.19, 2.20; PKCS #9 for mail.
string Attribute(char attribute) {
  switch (attribute) {
    case 'e':
      return string("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01");
    case 'o':
      return "\x06\x03\x55\x04\x0A";
    case 'u':
      return "\x06\x03\x55\x04\x0B";
    default:
      return "\x06\x03\x55\x04\x03";
  }
}

string Subject(const std::vector<string>& subject) {
  string all;
  for (const string& one : subject) {
    // IA5String, and UTF8String or PrintableString by the text's length.
    const int tag = one[0] == 'e' ? 0x16 : one.size() % 2 == 0 ? 0x0C : 0x13;
    absl::StrAppend(
        &all, Element(0x31, Element(0x30, absl::StrCat(
                                              Attribute(one[0]),
                                              Element(tag, one.substr(1))))));
  }
  return Element(0x30, all);
}

string Name(const ScriptName& name) {
  if (name.kind == ScriptName::kDirectory) {
    return Element(0xA4, Subject(name.subject));
  }
  const bool is_constructed =
      name.kind == 0 || name.kind == 3 || name.kind == 5;
  return Element(0x80 | (is_constructed ? 0x20 : 0) | name.kind, name.text);
}

string Subtrees(int tag, const std::vector<ScriptName>& bases) {
  string all;
  for (const ScriptName& base : bases) {
    absl::StrAppend(&all, Element(0x30, Name(base)));
  }
  return bases.empty() ? "" : Element(tag, all);
}

string Extension(char number, absl::string_view value) {
  return Element(0x30, absl::StrCat("\x06\x03\x55\x1D", string(1, number),
                                    Element(0x04, value)));
}

string Extensions(const NameCertificate& certificate) {
  string all;
  if (certificate.has_names) {
    string names;
    for (const ScriptName& name : certificate.names) {
      absl::StrAppend(&names, Name(name));
    }
    all = Extension(
        17, certificate.is_raw ? certificate.raw_names : Element(0x30, names));
  }
  if (certificate.has_constraints) {
    const string constraints =
        Element(0x30, absl::StrCat(Subtrees(0xA0, certificate.permitted),
                                   Subtrees(0xA1, certificate.excluded)));
    absl::StrAppend(
        &all, Extension(30, certificate.is_raw ? certificate.raw_constraints
                                               : constraints));
  }
  return all.empty() ? "" : Element(0xA3, Element(0x30, all));
}

// RFC 5280 4.1, with a key and a signature of nothing.
string Certificate(const NameCertificate& certificate, const string& issuer) {
  const string body = absl::StrCat(
      Element(0xA0, "\x02\x01\x02"), "\x02\x01\x01", kAlgorithm, issuer,
      Element(0x30, kTwoTimes), Subject(certificate.subject),
      Element(0x30, absl::StrCat(kAlgorithm, Element(0x03, kNull))),
      Extensions(certificate));
  return Element(0x30, absl::StrCat(Element(0x30, body), kAlgorithm,
                                    Element(0x03, kNull)));
}

string ReadText(ByteSource* source) {
  const absl::Span<const uint8_t> bytes = source->Block();
  return string(bytes.begin(), bytes.end());
}

std::vector<string> ReadSubject(ByteSource* source) {
  std::vector<string> subject(source->Below(kMaxSubject));
  for (string& one : subject) {
    one = string(1, "ceou"[source->Below(4)]);
    for (const char c : ReadText(source)) {
      one += static_cast<char>(c & 0x7F);  // ASCII is valid in all three types
    }
  }
  return subject;
}

std::vector<ScriptName> ReadNames(ByteSource* source) {
  std::vector<ScriptName> names(source->Below(kMaxNames));
  for (ScriptName& name : names) {
    name.kind = static_cast<int>(source->Below(9));
    if (name.kind == ScriptName::kDirectory) {
      name.subject = ReadSubject(source);
    } else {
      name.text = ReadText(source);
    }
  }
  return names;
}

}  // namespace

std::vector<NameCertificate> ReadNameChain(ByteSource* source) {
  std::vector<NameCertificate> chain(2 + source->Below(2));
  for (NameCertificate& certificate : chain) {
    const uint8_t flags = source->Byte();
    certificate.has_names = (flags & 1) != 0;
    certificate.has_constraints = (flags & 2) != 0;
    certificate.is_self_issued = (flags & 4) != 0;
    certificate.is_raw = (flags & 8) != 0;
    certificate.subject = ReadSubject(source);
    if (certificate.is_raw) {
      certificate.raw_names = ReadText(source);
      certificate.raw_constraints = ReadText(source);
      continue;
    }
    if (certificate.has_names) {
      certificate.names = ReadNames(source);
    }
    if (certificate.has_constraints) {
      certificate.permitted = ReadNames(source);
      certificate.excluded = ReadNames(source);
    }
  }
  return chain;
}

std::vector<bssl::UniquePtr<X509>> MakeCertificates(
    const std::vector<NameCertificate>& chain) {
  std::vector<bssl::UniquePtr<X509>> made;
  made.reserve(chain.size());
  for (size_t i = 0; i < chain.size(); ++i) {
    const bool is_own = chain[i].is_self_issued || i + 1 == chain.size();
    const string der =
        Certificate(chain[i], Subject(chain[is_own ? i : i + 1].subject));
    const auto* position = reinterpret_cast<const uint8_t*>(der.data());
    bssl::UniquePtr<X509> certificate(
        d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    if (certificate == nullptr) {
      ERR_clear_error();
      return {};
    }
    made.push_back(std::move(certificate));
  }
  return made;
}

}  // namespace ovoc::fuzz
