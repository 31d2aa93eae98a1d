// SPDX-License-Identifier: Apache-2.0
//
// A recording that is read and written again is the same text.

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "conformance/recording.h"
#include "fuzz/expect.h"

namespace conformance = ovoc::conformance;

namespace {

std::string Write(const conformance::RecordedEvent& event) {
  using conformance::EventKind;
  const int64_t microseconds = absl::ToInt64Microseconds(event.time);
  const std::string bytes(event.bytes.begin(), event.bytes.end());
  return absl::StrFormat(
      "%c %d.%06d %s\n", event.side == conformance::Side::kClient ? 'C' : 'S',
      microseconds / 1000000, microseconds % 1000000,
      event.kind == EventKind::kEof     ? "eof"
      : event.kind == EventKind::kReset ? "rst"
                                        : absl::BytesToHexString(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto recording = conformance::ParseRecording(text);
  if (!recording.ok()) {
    FUZZ_EXPECT(recording.status().message().size() < 200);
    return 0;
  }
  std::string again =
      absl::StrCat("# ovoc-tunnel recording 1\n# peer: ", recording->peer,
                   "\n# client: ", recording->client,
                   "\n# transport: ", recording->transport,
                   "\n# scenario: ", recording->scenario,
                   "\n# date: ", recording->date, "\n");
  for (const std::string& note : recording->notes) {
    absl::StrAppend(&again, "# note: ", note, "\n");
  }
  for (const conformance::RecordedEvent& event : recording->events) {
    absl::StrAppend(&again, Write(event));
  }
  FUZZ_EXPECT(again == text);
  return 0;
}
