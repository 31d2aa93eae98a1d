// SPDX-License-Identifier: Apache-2.0
//
// A recording that is read and written again is the same text.

#include "absl/strings/str_cat.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/recording_text.h"
#include "fuzz/oracle/expect.h"

namespace conformance = ovoc::conformance;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto recording = conformance::ParseRecording(text);
  if (!recording.ok()) {
    FUZZ_EXPECT(recording.status().message().size() < 200);
    return 0;
  }
  // The heading by hand: the writer refuses what is not printable.
  std::string again =
      absl::StrCat("# ovoc-tunnel recording 1\n# peer: ", recording->peer,
                   "\n# client: ", recording->client,
                   "\n# transport: ", recording->transport,
                   "\n# scenario: ", recording->scenario,
                   "\n# date: ", recording->date, "\n");
  for (const std::string& note : recording->notes) {
    absl::StrAppend(&again, "# note: ", note, "\n");
  }
  size_t bytes = recording->BytesOf(conformance::Side::kClient).size() +
                 recording->BytesOf(conformance::Side::kServer).size();
  const auto heading = conformance::FormatHeading(*recording);
  FUZZ_EXPECT(!heading.ok() || *heading == again);
  for (const conformance::RecordedEvent& event : recording->events) {
    absl::StrAppend(&again, conformance::FormatEvent(event));
    bytes -= event.bytes.size();
  }
  FUZZ_EXPECT(again == text && bytes == 0);
  return 0;
}
