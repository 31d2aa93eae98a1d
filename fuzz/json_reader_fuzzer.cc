// SPDX-License-Identifier: Apache-2.0
//
// A JSON text: our reader takes it exactly when nlohmann/json does and it is
// within our limits, and both read the same value. What the client shows of it
// is the same value, and nothing in it steers a terminal.

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/other_json.h"
#include "tunnel/status_view/json_reader.h"
#include "tunnel/status_view/shown_text.h"
#include "tunnel/status_view/status_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  const auto ours = ovoc::tunnel::ReadJson(text);
  const ovoc::fuzz::OtherJson other = ovoc::fuzz::ReadOther(text);
  FUZZ_EXPECT(ours.ok() == (other.is_json && !other.repeats_a_name &&
                            other.depth <= ovoc::tunnel::kMaxJsonDepth &&
                            other.values <= ovoc::tunnel::kMaxJsonValues &&
                            size <= ovoc::tunnel::kMaxJsonBytes));
  const std::string line = ovoc::tunnel::ShownText(text);
  FUZZ_EXPECT(std::all_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  }));
  const auto record = ovoc::tunnel::ReadStatusRecord(text);
  FUZZ_EXPECT(ours.ok() || !record.ok());
  if (ours.ok()) {
    FUZZ_EXPECT(ovoc::fuzz::TraceOf(*ours) == other.trace);
    const auto shown = ovoc::tunnel::ReadJson(ovoc::tunnel::ShownJson(text));
    FUZZ_EXPECT(shown.ok() && ovoc::fuzz::TraceOf(*shown) == other.trace);
  }
  return 0;
}
