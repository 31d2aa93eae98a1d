// SPDX-License-Identifier: Apache-2.0
//
// A target for tests of what runs targets: refuses inputs of three octets.

#include <cstddef>
#include <cstdint>

#include "fuzz/oracle/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* /*data*/, size_t size) {
  FUZZ_EXPECT(size != 3, "three octets");
  return 0;
}
