// SPDX-License-Identifier: Apache-2.0
#include "auth/der_certificate.h"

#include <openssl/base.h>
#include <openssl/mem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace ovoc::auth {
namespace {

// Whether the certificate, written again, is `der`.
bool IsWrittenAs(X509& certificate, absl::Span<const uint8_t> der) {
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  const bool is_same =
      size >= 0 && absl::MakeConstSpan(bytes, static_cast<size_t>(size)) == der;
  OPENSSL_free(bytes);
  return is_same;
}

}  // namespace

bssl::UniquePtr<X509> ParseCertificate(absl::Span<const uint8_t> der,
                                       std::string* error) {
  const uint8_t* position = der.data();
  bssl::UniquePtr<X509> certificate(
      der.empty()
          ? nullptr
          : d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  if (certificate == nullptr) {
    *error = "is no X.509 certificate in DER (RFC 5280 4.1)";
    return nullptr;
  }
  const size_t used = static_cast<size_t>(position - der.data());
  if (used != der.size()) {
    *error = absl::StrCat("has ", der.size() - used, " bytes after its end");
    return nullptr;
  }
  if (!IsWrittenAs(*certificate, der)) {
    *error = "is an X.509 certificate, but not in DER (RFC 5280 4.1)";
    return nullptr;
  }
  return certificate;
}

}  // namespace ovoc::auth
