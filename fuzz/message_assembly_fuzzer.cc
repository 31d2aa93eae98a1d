// SPDX-License-Identifier: Apache-2.0
//
// Messages of a stream, however it is cut, in both profiles and roles: those
// of an assembler that has the whole stream. For the input see FrameChoices.

#include "frame/message_reader.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_messages.h"
#include "fuzz/script/frame_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

using frame::ReadResult;

void Check(const FrameChoices& in, const NaiveMessages& naive, uint8_t cut) {
  frame::MessageReader reader(in.options);
  frame::Message message;
  size_t messages = 0;
  Pieces pieces(in.stream, cut);
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    ReadResult result;
    while ((result = reader.Next(&piece, &message)) == ReadResult::kMessage) {
      FUZZ_EXPECT(messages < naive.messages.size());
      const NaiveMessage& expected = naive.messages[messages];
      FUZZ_EXPECT(message.opcode == expected.opcode);
      FUZZ_EXPECT(message.payload == absl::MakeConstSpan(expected.payload));
      ++messages;
    }
    FUZZ_EXPECT(reader.error() == frame::FrameError::kNone
                    ? result == ReadResult::kNeedMore && piece.empty()
                    : result == ReadResult::kError);
  }
  FUZZ_EXPECT(messages == naive.messages.size());
  FUZZ_EXPECT(SaysTheSame(reader, naive));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const FrameChoices in = ReadFrameChoices({data, size});
  const NaiveMessages naive = ReadNaiveMessages(in.stream, in.options);
  for (const uint8_t cut : in.cuts) {
    Check(in, naive, cut);
  }
  return 0;
}

}  // namespace ovoc::fuzz
