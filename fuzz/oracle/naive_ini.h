// SPDX-License-Identifier: Apache-2.0
//
// An ini file read character by character: the plain reader that ParseIni is
// compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_INI_H_
#define OVOC_FUZZ_ORACLE_NAIVE_INI_H_

#include <array>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

struct NaiveIniLine {
  int line = 0;
  std::string name;
  std::string value;
  bool comment = false;  // stands behind a value without quotes
};

// NaiveIni is everything that ParseIni should say about a file under its size
// limit.
struct NaiveIni {
  std::vector<NaiveIniLine> lines;
  std::vector<int> bad;  // line numbers, in order
  // Of a device's file: parameters, tables, lines of tables, other lines.
  std::array<int, 4> passed_over = {};
};

NaiveIni ReadNaiveIni(absl::string_view text);

// The same of a device's file. Ours are the names that begin with "ours";
// others that begin with "our" are like them, and may have lines of any length.
NaiveIni ReadNaiveDeviceIni(absl::string_view text);

// HidePassword is the text in which everything after a WSTunPassword at the
// front of a line is replaced as Hidden does it. If an error text differs
// between the two, it has shown some of the text.
std::string HidePassword(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_INI_H_
