// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_summary.h"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/bio.h>
#include <openssl/digest.h>
#include <openssl/stack.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace ovoc::auth {
namespace {

constexpr size_t kUtcTimeBytes = 13;          // YYMMDDHHMMSSZ
constexpr size_t kGeneralizedTimeBytes = 15;  // YYYYMMDDHHMMSSZ

absl::string_view View(const ASN1_STRING* text) {
  return absl::string_view(
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
      static_cast<size_t>(ASN1_STRING_length(text)));
}

// `text` with every byte outside printable ASCII as '?', cut.
std::string Harmless(absl::string_view text) {
  std::string clean(text.substr(0, kMaxPrintedNameBytes));
  for (char& c : clean) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      c = '?';
    }
  }
  if (text.size() > kMaxPrintedNameBytes) {
    clean.resize(kMaxPrintedNameBytes - 3);
    clean += "...";
  }
  return clean;
}

// The digits of `text` from `offset`, as many as `count`.
int Digits(absl::string_view text, size_t offset, size_t count) {
  int value = 0;
  for (char c : text.substr(offset, count)) {
    value = value * 10 + (c - '0');
  }
  return value;
}

// The four-digit year form of `time`, or nothing when it has another form.
std::optional<std::string> NormalizeTime(const ASN1_TIME* time) {
  absl::string_view text = View(time);
  const int type = ASN1_STRING_type(time);
  const bool is_utc = type == V_ASN1_UTCTIME && text.size() == kUtcTimeBytes;
  const bool is_generalized =
      type == V_ASN1_GENERALIZEDTIME && text.size() == kGeneralizedTimeBytes;
  if ((!is_utc && !is_generalized) || text.back() != 'Z') {
    return std::nullopt;
  }
  text.remove_suffix(1);
  for (char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return std::nullopt;
    }
  }
  if (is_generalized) {
    return std::string(text);
  }
  // RFC 5280 4.1.2.5.1: two digits from 50 are of the 20th century.
  return absl::StrCat(Digits(text, 0, 2) >= 50 ? "19" : "20", text);
}

std::optional<absl::Time> ReadTime(const ASN1_TIME* time) {
  const std::optional<std::string> text = NormalizeTime(time);
  if (!text.has_value()) {
    return std::nullopt;
  }
  const int year = Digits(*text, 0, 4);
  const int month = Digits(*text, 4, 2);
  const int day = Digits(*text, 6, 2);
  const int hour = Digits(*text, 8, 2);
  const int minute = Digits(*text, 10, 2);
  const int second = Digits(*text, 12, 2);
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // A civil time normalizes what does not exist, as the 31st of February.
  if (civil.month() != month || civil.day() != day || civil.hour() != hour ||
      civil.minute() != minute || civil.second() != second) {
    return std::nullopt;
  }
  return absl::FromCivil(civil, absl::UTCTimeZone());
}

// Empty for what is no address.
std::string AddressText(absl::string_view bytes) {
  char text[INET6_ADDRSTRLEN];
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if ((bytes.size() != 4 && bytes.size() != 16) ||
      inet_ntop(family, bytes.data(), text, sizeof(text)) == nullptr) {
    return "";
  }
  return text;
}

std::string DescribeAddress(absl::string_view bytes) {
  const std::string text = AddressText(bytes);
  return text.empty() ? absl::StrCat("IP:(", bytes.size(), " bytes)")
                      : absl::StrCat("IP:", text);
}

bssl::UniquePtr<GENERAL_NAMES> AlternativeNames(const X509& certificate) {
  return bssl::UniquePtr<GENERAL_NAMES>(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
}

// The names of a summary, within its limits.
void ListNames(const X509& certificate, CertificateSummary* summary) {
  const bssl::UniquePtr<GENERAL_NAMES> names = AlternativeNames(certificate);
  const size_t count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
  size_t bytes = 0;
  bool full = false;
  for (size_t i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) {
      continue;
    }
    const std::string text = name->type == GEN_DNS
                                 ? Harmless(View(name->d.dNSName))
                                 : AddressText(View(name->d.iPAddress));
    full = full || summary->names.size() == kMaxSummaryNames ||
           bytes + text.size() > kMaxSummaryNamesBytes;
    if (full || text.empty()) {
      ++summary->names_left_out;
      continue;
    }
    bytes += text.size();
    summary->names.push_back(text);
  }
}

}  // namespace

Validity ReadValidity(const X509& certificate) {
  const std::optional<absl::Time> not_before =
      ReadTime(X509_get0_notBefore(&certificate));
  const std::optional<absl::Time> not_after =
      ReadTime(X509_get0_notAfter(&certificate));
  if (!not_before.has_value() || !not_after.has_value()) {
    return {absl::InfiniteFuture(), absl::InfinitePast()};
  }
  return {*not_before, *not_after};
}

std::string PrintableName(const X509_NAME& name) {
  bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  const uint8_t* data = nullptr;
  size_t size = 0;
  if (bio == nullptr ||
      X509_NAME_print_ex(bio.get(), &name, 0, XN_FLAG_RFC2253) < 0 ||
      BIO_mem_contents(bio.get(), &data, &size) != 1) {
    return "(unreadable)";
  }
  if (size == 0) {
    return "(empty)";
  }
  return Harmless(absl::string_view(reinterpret_cast<const char*>(data), size));
}

CertificateSummary Summarize(const X509& certificate) {
  const Validity validity = ReadValidity(certificate);
  CertificateSummary summary;
  summary.subject = PrintableName(*X509_get_subject_name(&certificate));
  summary.issuer = PrintableName(*X509_get_issuer_name(&certificate));
  summary.not_before = validity.not_before;
  summary.not_after = validity.not_after;
  ListNames(certificate, &summary);
  unsigned size = 0;
  X509_digest(&certificate, EVP_sha256(), summary.sha256.data(), &size);
  return summary;
}

std::string DescribeAlternativeNames(const X509& certificate) {
  const bssl::UniquePtr<GENERAL_NAMES> names = AlternativeNames(certificate);
  std::vector<std::string> texts;
  size_t bytes = 0;
  const size_t count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
  for (size_t i = 0; i < count && bytes <= kMaxPrintedNameBytes; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) {
      texts.push_back(absl::StrCat("DNS:", View(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      texts.push_back(DescribeAddress(View(name->d.iPAddress)));
    } else {
      continue;
    }
    bytes += texts.back().size();
  }
  if (texts.empty()) {
    return "no DNS name or IP address";
  }
  return Harmless(absl::StrJoin(texts, ", "));
}

}  // namespace ovoc::auth
