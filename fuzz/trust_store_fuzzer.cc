// SPDX-License-Identifier: Apache-2.0
//
// A PEM bundle: what is read from it, written again, is read the same.

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/trust_store.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_markers.h"
#include "fuzz/oracle/printable_line.h"
#include "openssl/err.h"
#include "openssl/mem.h"

static std::string Base64(X509* certificate) {
  uint8_t* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  const bssl::UniquePtr<char> text(reinterpret_cast<char*>(der));
  return absl::Base64Escape({text.get(), static_cast<size_t>(size)});
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view pem(reinterpret_cast<const char*>(data), size);
  const auto store = ovoc::auth::TrustStore::FromPem(pem);
  FUZZ_EXPECT(ERR_peek_error() == 0);
  if (!store.ok()) {
    FUZZ_EXPECT(ovoc::fuzz::IsPrintableLine(store.status().message()));
    return 0;
  }
  FUZZ_EXPECT(store->size() == store->anchors().size() && store->size() > 0);
  FUZZ_EXPECT(ovoc::fuzz::MarkersAreExact(pem));
  std::string text(pem);
  std::erase_if(text, absl::ascii_isspace);
  std::string again;
  for (const bssl::UniquePtr<X509>& anchor : store->anchors()) {
    const std::string block = Base64(anchor.get());
    // RFC 4648 3.5: the last group may have bits that mean nothing.
    FUZZ_EXPECT(absl::StrContains(text, block.substr(0, block.size() - 4)));
    absl::StrAppend(&again, "-----BEGIN CERTIFICATE-----\n", block,
                    "\n-----END CERTIFICATE-----\n");
  }
  const auto second = ovoc::auth::TrustStore::FromPem(again);
  FUZZ_EXPECT(second.ok() && second->size() == store->size());
  for (size_t i = 0; i < store->size(); ++i) {
    X509* const same = second->anchors()[i].get();
    FUZZ_EXPECT(X509_cmp(store->anchors()[i].get(), same) == 0);
  }
  return 0;
}
