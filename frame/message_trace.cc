// SPDX-License-Identifier: Apache-2.0
#include "frame/message_trace.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void Feed(MessageReader* reader, absl::Span<const uint8_t> piece,
          std::string* messages) {
  const Bytes exact(piece.begin(), piece.end());  // For AddressSanitizer.
  absl::Span<const uint8_t> input = exact;
  while (true) {
    Message message;
    switch (reader->Next(&input, &message)) {
      case ReadResult::kMessage:
        absl::StrAppend(messages, absl::Hex(static_cast<int>(message.opcode)),
                        ":", Hex(message.payload), ";");
        continue;
      case ReadResult::kNeedMore:
        EXPECT_TRUE(input.empty());
        EXPECT_EQ(reader->error(), FrameError::kNone);
        return;
      case ReadResult::kError:
        EXPECT_NE(reader->error(), FrameError::kNone);
        return;
    }
  }
}

void ExpectSame(const MessageTrace& a, const MessageTrace& b) {
  EXPECT_EQ(a.messages, b.messages);
  EXPECT_EQ(a.error, b.error) << Describe(a.error) << Describe(b.error);
  EXPECT_TRUE(a.counters == b.counters);
  EXPECT_EQ(a.between_frames, b.between_frames);
}

}  // namespace

MessageTrace TraceMessages(
    const MessageReaderOptions& options,
    const std::vector<absl::Span<const uint8_t>>& pieces) {
  MessageReader reader(options);
  MessageTrace trace;
  for (const absl::Span<const uint8_t> piece : pieces) {
    Feed(&reader, piece, &trace.messages);
  }
  trace.error = reader.error();
  trace.counters = reader.counters();
  trace.between_frames = reader.between_frames();
  if (trace.error != FrameError::kNone) {
    // RFC 6455 7.1.7 MUST NOT: process data after the connection has failed.
    std::string messages;
    Feed(&reader, Bytes{0x82, 0x01, 0x00, 0x89, 0x00}, &messages);
    EXPECT_EQ(messages, "");
    EXPECT_EQ(reader.error(), trace.error);
    EXPECT_TRUE(reader.counters() == trace.counters);
  }
  return trace;
}

MessageTrace TraceMessagesAtEveryCut(const MessageReaderOptions& options,
                                     absl::Span<const uint8_t> bytes) {
  const MessageTrace whole = TraceMessages(options, {bytes});
  std::vector<absl::Span<const uint8_t>> octets;
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut at ", cut));
    ExpectSame(TraceMessages(options, {bytes.first(cut), bytes.subspan(cut)}),
               whole);
    octets.push_back(bytes.subspan(cut, 1));
  }
  SCOPED_TRACE("octet by octet");
  ExpectSame(TraceMessages(options, octets), whole);
  return whole;
}

}  // namespace ovoc::frame
