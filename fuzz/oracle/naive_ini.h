// SPDX-License-Identifier: Apache-2.0
//
// An ini file read character by character: the plain reader that ParseIni is
// held against.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_INI_H_
#define OVOC_FUZZ_ORACLE_NAIVE_INI_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

struct NaiveIniLine {
  int line = 0;
  std::string name;
  std::string value;
};

// NaiveIni is all ParseIni should say of a file under its size limit.
struct NaiveIni {
  bool good = true;
  int line = 1;  // The bad one; the last one when all are good.
  std::vector<NaiveIniLine> lines;  // In front of the bad one.
};

NaiveIni ReadNaiveIni(absl::string_view text);

// HidePassword is the text with what stands behind each WSTunPassword at the
// front of a line replaced as Hidden does. An error text that is not the same
// for both has shown some of it.
std::string HidePassword(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_INI_H_
