// SPDX-License-Identifier: Apache-2.0
//
// A line to the settings agent: nlohmann/json reads it as a flat object exactly
// when our own JSON reader does and it is within the limits, and both read the
// same values. No message of a refusal steers a terminal.

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/flat_json.h"
#include "tunnel/manage/protocol/agent_request.h"
#include "tunnel/manage/protocol/flat_object.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string line(data, data + size);
  const auto flat = ovoc::tunnel::ReadFlatObject(line);
  const auto expected = ovoc::fuzz::FlatByReadJson(line);
  FUZZ_EXPECT(flat.ok() == expected.has_value());
  FUZZ_EXPECT(!flat.ok() || *flat == *expected);
  uint64_t id = 0;
  const auto request = ovoc::tunnel::ReadAgentRequest(line, &id);
  FUZZ_EXPECT(!request.ok() || (flat.ok() && request->id == id && id != 0));
  const absl::string_view why = request.status().message();
  FUZZ_EXPECT(std::all_of(why.begin(), why.end(), absl::ascii_isprint));
  return 0;
}
