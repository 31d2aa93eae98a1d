// SPDX-License-Identifier: Apache-2.0
#include "auth/pem_certificates.h"

#include <openssl/base.h>
#include <openssl/base64.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "auth/binary_form.h"
#include "auth/der_certificate.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr absl::string_view kCopyAgain = "; copy the whole certificate again";

enum class LineKind {
  kText,     // anything else: base64 inside a block, ignored outside
  kBegin,    // a certificate begins
  kEnd,      // and ends
  kForeign,  // a certificate in a form that only OpenSSL has begins
  kPkcs7,    // a PKCS #7 message begins or ends, which may hold certificates
  kMangled,  // meant for a certificate's marker, but not exactly one
};

// Blocks of other kinds that have the word in their markers (RFC 7468 7, 9).
constexpr absl::string_view kOtherLabels[] = {
    "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "ATTRIBUTE CERTIFICATE"};

bool IsOtherMarker(absl::string_view line) {
  return std::any_of(std::begin(kOtherLabels), std::end(kOtherLabels),
                     [line](absl::string_view label) {
                       return line ==
                                  absl::StrCat("-----BEGIN ", label, "-----") ||
                              line == absl::StrCat("-----END ", label, "-----");
                     });
}

bool IsAtAnEdge(absl::string_view line, absl::string_view dash) {
  return absl::StartsWith(line, dash) || absl::EndsWith(line, dash);
}

// Hyphens as a marker has them: two in a row, or two of which one is at an
// edge. Word processors make en and em dashes of them.
bool HasDashes(absl::string_view line) {
  return absl::StrContains(line, "--") ||
         (IsAtAnEdge(line, "-") &&
          std::count(line.begin(), line.end(), '-') >= 2) ||
         IsAtAnEdge(line, "\xe2\x80\x93") || IsAtAnEdge(line, "\xe2\x80\x94");
}

// Whether `word` is in `line` and is no part of a longer one ("vendor").
bool HasWord(absl::string_view line, absl::string_view word) {
  for (size_t at = line.find(word); at != absl::string_view::npos;
       at = line.find(word, at + 1)) {
    const absl::string_view after = line.substr(at + word.size());
    const bool begins =
        at == 0 ||
        !absl::ascii_isalpha(static_cast<unsigned char>(line[at - 1]));
    if (begins &&
        (after.empty() || absl::StartsWith(after, "CERTIFICATE") ||
         !absl::ascii_isalpha(static_cast<unsigned char>(after[0])))) {
      return true;
    }
  }
  return false;
}

// What is no marker of a certificate: one that is passed over without a word
// would cut a chain short.
LineKind ClassifyOther(absl::string_view line) {
  if (!HasDashes(line) || IsOtherMarker(line)) {
    return LineKind::kText;
  }
  // Comments between the blocks of a chain are allowed to have their words.
  const std::string upper = absl::StrReplaceAll(
      absl::AsciiStrToUpper(line),
      {{"END-ENTITY", ""}, {"END ENTITY", ""}, {"END OF ", ""}});
  if (!HasWord(upper, "BEGIN") && !HasWord(upper, "END")) {
    return LineKind::kText;
  }
  if (absl::StrContains(upper, "CERTIFICATE")) {
    return LineKind::kMangled;
  }
  return HasWord(upper, "PKCS7") || absl::StrContains(upper, "PKCS #7") ||
                 HasWord(upper, "CMS")
             ? LineKind::kPkcs7
             : LineKind::kText;
}

LineKind Classify(absl::string_view line) {
  if (line == "-----BEGIN CERTIFICATE-----") {
    return LineKind::kBegin;
  }
  if (line == "-----END CERTIFICATE-----") {
    return LineKind::kEnd;
  }
  if (line == "-----BEGIN TRUSTED CERTIFICATE-----" ||
      line == "-----BEGIN X509 CERTIFICATE-----") {
    return LineKind::kForeign;
  }
  return ClassifyOther(line);
}

// BundleReader: takes a bundle line by line and collects the certificates.
class BundleReader {
 public:
  explicit BundleReader(const PemLimits& limits) : limits_(limits) {}

  absl::Status AddLine(absl::string_view line);
  // Finish: what was collected, or why the bundle as a whole is refused.
  absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> Finish();

 private:
  enum class State {
    kOutside,  // between certificates
    kInside,   // base64 lines of block `ordinal_` are collected
  };

  absl::Status Broken(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(limits_.what, ": certificate ", ordinal_, ": ", what));
  }
  absl::Status Unexpected(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(limits_.what, ": line ", line_, ": ", what));
  }
  absl::Status Begin();
  absl::Status End();
  absl::Status AddCertificate(const std::vector<uint8_t>& der);

  const PemLimits limits_;
  State state_ = State::kOutside;
  size_t line_ = 0;     // from 1
  size_t ordinal_ = 0;  // of the current or last block, from 1
  std::string base64_;
  std::set<std::vector<uint8_t>> seen_;
  std::vector<bssl::UniquePtr<X509>> certificates_;
};

absl::Status BundleReader::AddLine(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line);
  ++line_;
  switch (Classify(line)) {
    case LineKind::kBegin:
      return Begin();
    case LineKind::kEnd:
      return End();
    case LineKind::kForeign:
      ++ordinal_;
      return Broken(
          absl::StrCat(absl::StrContains(line, "TRUSTED")
                           ? "is in OpenSSL's TRUSTED form"
                           : "is in OpenSSL's old X509 CERTIFICATE form",
                       "; convert it to a BEGIN CERTIFICATE block with "
                       "'openssl x509 -in FILE -out NEW'"));
    case LineKind::kPkcs7:
      return Unexpected(
          "a PKCS #7 block begins or ends here; convert it to BEGIN "
          "CERTIFICATE blocks with 'openssl pkcs7 -print_certs -in FILE -out "
          "NEW' (if its markers say CMS, write PKCS7 there first)");
    case LineKind::kMangled:
      return Unexpected(
          "this is not exactly a BEGIN or END CERTIFICATE marker; write five "
          "hyphens on both sides, capital letters and nothing else on the "
          "line");
    case LineKind::kText:
      break;
  }
  if (state_ == State::kInside) {
    absl::StrAppend(&base64_, line);
  }
  return absl::OkStatus();
}

absl::Status BundleReader::Begin() {
  if (state_ == State::kInside) {
    return Broken(absl::StrCat("has no END CERTIFICATE line", kCopyAgain));
  }
  ++ordinal_;
  state_ = State::kInside;
  base64_.clear();
  return absl::OkStatus();
}

absl::Status BundleReader::End() {
  if (state_ == State::kOutside) {
    ++ordinal_;
    return Broken(absl::StrCat("has no BEGIN CERTIFICATE line", kCopyAgain));
  }
  state_ = State::kOutside;
  size_t size = 0;
  if (base64_.empty() || EVP_DecodedLength(&size, base64_.size()) != 1) {
    return Broken(absl::StrCat("is not valid base64", kCopyAgain));
  }
  std::vector<uint8_t> der(size);
  if (EVP_DecodeBase64(der.data(), &size, der.size(),
                       reinterpret_cast<const uint8_t*>(base64_.data()),
                       base64_.size()) != 1) {
    return Broken(absl::StrCat("is not valid base64", kCopyAgain));
  }
  der.resize(size);
  return AddCertificate(der);
}

absl::Status BundleReader::AddCertificate(const std::vector<uint8_t>& der) {
  std::string error;
  bssl::UniquePtr<X509> certificate = ParseCertificate(der, &error);
  if (certificate == nullptr) {
    return Broken(
        absl::StrCat(error, "; export the certificate again, as PEM"));
  }
  if (!seen_.insert(der).second) {
    return absl::OkStatus();
  }
  if (certificates_.size() == limits_.max_certificates) {
    return Broken(absl::StrCat("is one too many; keep at most ",
                               limits_.max_certificates, " in the file"));
  }
  certificates_.push_back(std::move(certificate));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> BundleReader::Finish() {
  if (state_ == State::kInside) {
    return Broken(absl::StrCat("has no END CERTIFICATE line", kCopyAgain));
  }
  if (certificates_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(limits_.what,
                     ": no certificate was found; give PEM with at least one "
                     "BEGIN CERTIFICATE block (RFC 7468)"));
  }
  return std::move(certificates_);
}

}  // namespace

absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadPemCertificates(
    absl::string_view pem, const PemLimits& limits) {
  if (pem.size() > limits.max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(limits.what, ": there are ", pem.size(),
                     " bytes, but at most ", limits.max_bytes,
                     " are allowed; keep only the certificates in the file"));
  }
  absl::ConsumePrefix(&pem, kByteOrderMark);
  BundleReader reader(limits);
  absl::Status status;
  for (absl::string_view line : absl::StrSplit(pem, '\n')) {
    status = reader.AddLine(line);
    if (!status.ok()) {
      break;
    }
  }
  // What BoringSSL noted of a broken block is in the message; left in the
  // thread's error queue, it would be taken for an error of the TLS connection.
  ERR_clear_error();
  if (!status.ok()) {
    return status;
  }
  auto certificates = reader.Finish();
  const absl::string_view convert = HowToConvert(BinaryFormOf(pem));
  if (!certificates.ok() && !convert.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(limits.what, ": no PEM certificate was found; ", convert));
  }
  return certificates;
}

}  // namespace ovoc::auth
