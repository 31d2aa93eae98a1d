// SPDX-License-Identifier: Apache-2.0
//
// What a recording may have of one direction of an HTTP connection, said a
// second time for an oracle: over whole lines of the whole stream.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_REDACTION_H_
#define OVOC_FUZZ_ORACLE_NAIVE_REDACTION_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

struct NaiveRedaction {
  std::string recorded;  // the stream, its credentials replaced
  // The stream with one letter for each of these values: whoever records that
  // to the same text has told nothing of them.
  std::string other;
  size_t values = 0;  // of Authorization and the three other fields
};

// ReadNaiveRedaction is what a conformance::CredentialRedactor should make of
// a stream. Behind the first head that ends at offset `upgraded_at` or later
// there are frames; npos: there never are.
NaiveRedaction ReadNaiveRedaction(absl::string_view stream, size_t upgraded_at);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_REDACTION_H_
