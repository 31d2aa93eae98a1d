// SPDX-License-Identifier: Apache-2.0
//
// JSON read by nlohmann/json: what ReadJson is compared with.

#ifndef OVOC_FUZZ_ORACLE_OTHER_JSON_H_
#define OVOC_FUZZ_ORACLE_OTHER_JSON_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/status_view/json_reader.h"

namespace ovoc::fuzz {

// OtherJson is what nlohmann/json makes of a text.
struct OtherJson {
  // Whether it is one value of RFC 8259, with a finite double near each number.
  // Members of the same name are allowed, as are all depths and sizes.
  bool is_json = false;
  // Whether two members of one object have the same name.
  bool repeats_a_name = false;
  size_t depth = 0;   // of arrays and objects in each other
  size_t values = 0;  // all of them, the outermost included
  // All values in their order, each with its kind and its end. Two texts with
  // the same trace have the same value, numbers as doubles.
  std::string trace;
};

// ReadOther reads a text. The library skips a byte-order mark and stops at a
// NUL; such texts are no JSON here (RFC 8259 2 and 8.1).
OtherJson ReadOther(absl::string_view text);

// TraceOf is the trace of a value that ReadJson has read.
std::string TraceOf(const tunnel::JsonValue& value);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_OTHER_JSON_H_
