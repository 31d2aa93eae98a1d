// SPDX-License-Identifier: Apache-2.0
//
// The markers of certificates in a PEM file, as a person would see them.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_MARKERS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_MARKERS_H_

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

// MarkersAreExact is whether each line of `pem` that looks like the begin
// marker of a certificate, in capital or small letters, is exactly that (RFC
// 7468 3), with at most white space around it. Otherwise a reader would skip a
// whole block.
bool MarkersAreExact(absl::string_view pem);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_MARKERS_H_
