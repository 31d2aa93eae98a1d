// SPDX-License-Identifier: Apache-2.0
//
// A response head by splitting all of it into lines: the plain reader that the
// streaming one is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_HEAD_H_
#define OVOC_FUZZ_ORACLE_NAIVE_HEAD_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/response_head.h"

namespace ovoc::fuzz {

// NaiveHead is everything that a ResponseHeadParser should say about a server's
// bytes.
struct NaiveHead {
  enum class End { kOpen, kDone, kBroken };

  End end = End::kOpen;
  // Up to the head's end, or with the byte that broke a rule.
  size_t consumed = 0;
  int line = 1;  // The one that is open, or broken, or the empty one.

  // With kDone; what the status line and the field lines say.
  int minor_version = 0;
  int status_code = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> fields;  // name, value
};

// ReadNaiveHead reads a head as RFC 9112 2 to 5 have it, with none of the ways
// to be lenient, in at most 16384 bytes and 64 field lines.
NaiveHead ReadNaiveHead(absl::string_view bytes);

// IsSameHead is true when both hold the same once a head is done, and the
// parser's holds nothing once it is broken.
bool IsSameHead(const auth::ResponseHead& head, const NaiveHead& naive);

// SaysTheSame is true when the parser has come to the same: head, status, and
// an error that is one printable line and names the line of the head.
bool SaysTheSame(const auth::ResponseHeadParser& parser,
                 const NaiveHead& naive);

// IsNaiveToken is token of RFC 9110 5.6.2, by its list of characters.
bool IsNaiveToken(absl::string_view text);

// NaiveTrim takes the blanks, space and tab, off both ends.
absl::string_view NaiveTrim(absl::string_view text);

// NaiveSameName is equality but for the case of ASCII letters.
bool NaiveSameName(absl::string_view a, absl::string_view b);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_HEAD_H_
