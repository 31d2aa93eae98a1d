// SPDX-License-Identifier: Apache-2.0
//
// A resolution among scripted servers, held to resolver_script.h.

#include <cstddef>
#include <cstdint>

#include "fuzz/script/byte_source.h"
#include "fuzz/script/resolver_script.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int kMaxSteps = 200;
  ovoc::fuzz::ByteSource source({data, size});
  ovoc::fuzz::ResolverScript script(&source);
  if (!script.created()) {
    return 0;
  }
  for (int i = 0; i < kMaxSteps && !source.empty(); ++i) {
    script.Step(&source);
  }
  script.Finish();
  return 0;
}
