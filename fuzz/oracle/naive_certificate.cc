// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_certificate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {
namespace {

// Tags of DER, X.690 8.1.2 and 8.9.
constexpr int kBoolean = 0x01;
constexpr int kInteger = 0x02;
constexpr int kOctetString = 0x04;
constexpr int kObjectIdentifier = 0x06;
constexpr int kSequence = 0x30;
constexpr int kVersion = 0xA0;     // [0] of TBSCertificate
constexpr int kExtensions = 0xA3;  // [3] of TBSCertificate
constexpr int kDnsName = 0x82;     // [2] of GeneralName
constexpr int kIpAddress = 0x87;   // [7] of GeneralName
constexpr absl::string_view kSubjectAltName = "\x55\x1d\x11";  // 2.5.29.17

// Element is one tag, length and value; `all` is the three together.
struct Element {
  int tag = -1;  // -1: there is none
  absl::string_view value;
  absl::string_view all;
};

int Octet(absl::string_view in, size_t at) {
  return static_cast<unsigned char>(in[at]);
}

// Takes an element off the front of *in.
Element Take(absl::string_view* in) {
  if (in->size() < 2) {
    return {};
  }
  size_t header = 2;
  size_t length = static_cast<size_t>(Octet(*in, 1));
  if (length == 0x80) {
    return {};  // DER has no indefinite length, X.690 10.1
  }
  if (length > 0x80) {
    header += length - 0x80;
    if (header > 6 || header > in->size()) {
      return {};
    }
    length = 0;
    for (size_t i = 2; i < header; ++i) {
      length = length * 256 + static_cast<size_t>(Octet(*in, i));
    }
  }
  if (length > in->size() - header) {
    return {};
  }
  const Element element = {Octet(*in, 0), in->substr(header, length),
                           in->substr(0, header + length)};
  in->remove_prefix(header + length);
  return element;
}

// The value of the next element if it has this tag; else nothing.
absl::string_view TakeValue(absl::string_view* in, int tag) {
  const Element element = Take(in);
  return element.tag == tag ? element.value : absl::string_view();
}

void ReadAlternativeNames(absl::string_view names,
                          NaiveCertificate* certificate) {
  names = TakeValue(&names, kSequence);
  while (!names.empty()) {
    const Element name = Take(&names);
    if (name.tag == kDnsName) {
      certificate->dns_names.emplace_back(name.value);
    } else if (name.tag == kIpAddress) {
      certificate->addresses.emplace_back(name.value);
    } else if (name.tag == -1) {
      return;
    }
  }
}

void ReadExtensions(absl::string_view extensions,
                    NaiveCertificate* certificate) {
  extensions = TakeValue(&extensions, kSequence);
  while (!extensions.empty()) {
    absl::string_view extension = TakeValue(&extensions, kSequence);
    if (extension.empty()) {
      return;
    }
    const std::string kind(TakeValue(&extension, kObjectIdentifier));
    certificate->extensions.push_back(kind);
    Element value = Take(&extension);
    if (value.tag == kBoolean && value.value == "\xff") {
      certificate->critical_extensions.push_back(kind);
    }
    if (value.tag != kOctetString) {
      value = Take(&extension);  // behind "critical"
    }
    if (kind == kSubjectAltName) {
      ReadAlternativeNames(value.value, certificate);
    }
  }
}

bool MatchesName(absl::string_view pattern, absl::string_view name) {
  if (absl::EqualsIgnoreCase(pattern, name)) {
    return true;
  }
  const size_t dot = name.find('.');
  return absl::ConsumePrefix(&pattern, "*.") && dot != name.npos && dot > 0 &&
         absl::EqualsIgnoreCase(pattern, name.substr(dot + 1)) &&
         absl::StrContains(pattern, '.');
}

}  // namespace

NaiveCertificate ReadNaiveCertificate(absl::Span<const uint8_t> der) {
  NaiveCertificate certificate;
  absl::string_view in(reinterpret_cast<const char*>(der.data()), der.size());
  absl::string_view outer = TakeValue(&in, kSequence);
  absl::string_view body = TakeValue(&outer, kSequence);
  if (absl::StartsWith(body, "\xA0")) {
    TakeValue(&body, kVersion);
  }
  TakeValue(&body, kInteger);   // serial number
  TakeValue(&body, kSequence);  // signature algorithm
  certificate.issuer = std::string(Take(&body).all);
  TakeValue(&body, kSequence);  // validity
  certificate.subject = std::string(Take(&body).all);
  certificate.ok = in.empty() && Take(&body).tag == kSequence;  // the key
  while (!body.empty()) {
    const Element element = Take(&body);
    if (element.tag == -1) {
      break;
    }
    if (element.tag == kExtensions) {
      ReadExtensions(element.value, &certificate);
    }
  }
  return certificate;
}

bool Holds(const NaiveCertificate& certificate, absl::string_view name) {
  const std::string text(name);
  std::string address(16, '\0');
  if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) {
    address.resize(4);
  } else if (inet_pton(AF_INET6, text.c_str(), address.data()) != 1) {
    address.clear();
  }
  if (!address.empty()) {
    return std::count(certificate.addresses.begin(),
                      certificate.addresses.end(), address) > 0;
  }
  name = absl::StripSuffix(name, ".");
  return std::any_of(
      certificate.dns_names.begin(), certificate.dns_names.end(),
      [name](const std::string& held) { return MatchesName(held, name); });
}

bool KeepsExtensionRules(const NaiveCertificate& certificate) {
  const std::set<std::string> kinds(certificate.extensions.begin(),
                                    certificate.extensions.end());
  const std::set<std::string> processed = {
      "\x55\x1d\x0f", "\x55\x1d\x11",
      "\x55\x1d\x13", "\x55\x1d\x1e",
      "\x55\x1d\x20", "\x55\x1d\x21",
      "\x55\x1d\x24", "\x55\x1d\x25",
      "\x55\x1d\x36", "\x60\x86\x48\x01\x86\xf8\x42\x01\x01"};
  return kinds.size() == certificate.extensions.size() &&
         std::all_of(certificate.critical_extensions.begin(),
                     certificate.critical_extensions.end(),
                     [&processed](const std::string& kind) {
                       return processed.count(kind) > 0;
                     });
}

bool IsAnchored(absl::Span<const NaiveCertificate> chain,
                absl::Span<const NaiveCertificate> roots) {
  std::vector<const NaiveCertificate*> reached = {&chain[0]};
  for (size_t i = 0; i < reached.size(); ++i) {
    const std::string& issuer = reached[i]->issuer;
    for (const NaiveCertificate& root : roots) {
      if (root.subject == issuer) {
        return true;
      }
    }
    for (const NaiveCertificate& next : chain) {
      if (next.subject == issuer &&
          std::count(reached.begin(), reached.end(), &next) == 0) {
        reached.push_back(&next);
      }
    }
  }
  return false;
}

}  // namespace ovoc::fuzz
