// SPDX-License-Identifier: Apache-2.0
//
// A whole connection, in one piece and in many, held to judged_session.h.

#include <cstddef>
#include <cstdint>

#include "fuzz/script/byte_source.h"
#include "fuzz/script/session_script.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int kMaxSteps = 100;
  ovoc::fuzz::ByteSource source({data, size});
  ovoc::fuzz::SessionScript script(&source);
  if (!script.created()) {
    return 0;
  }
  for (int i = 0; i < kMaxSteps && !source.empty(); ++i) {
    script.Step(&source);
  }
  script.Finish();
  return 0;
}
