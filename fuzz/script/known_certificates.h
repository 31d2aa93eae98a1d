// SPDX-License-Identifier: Apache-2.0
//
// The certificates of testdata/certificates, in the program itself: a fuzzer
// runs anywhere.

#ifndef OVOC_FUZZ_SCRIPT_KNOWN_CERTIFICATES_H_
#define OVOC_FUZZ_SCRIPT_KNOWN_CERTIFICATES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {

// The PEM files, in the order of their names; made by the build.
struct PemFile {
  const char* name;  // without ".pem"
  const char* text;
};
absl::Span<const PemFile> PemFiles();

struct KnownCertificate {
  absl::string_view name;
  absl::string_view pem;
  std::vector<uint8_t> der;
};

// KnownCertificates are all of them, in a fixed order: the corpus picks by
// index, so new ones are appended, at the end of the list in the .cc.
const std::vector<KnownCertificate>& KnownCertificates();

// IsKnown is true for the exact bytes of one of them.
bool IsKnown(absl::Span<const uint8_t> der);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_KNOWN_CERTIFICATES_H_
