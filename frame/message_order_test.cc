// SPDX-License-Identifier: Apache-2.0
//
// Every order of five frames against a model of the two profiles.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_parser.h"
#include "frame/message_reader.h"
#include "frame/message_trace.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr MessageReaderOptions kRfc = {.profile = FramingProfile::kRfc6455,
                                       .max_message_bytes = 64};
constexpr MessageReaderOptions kOvoc = {.max_message_bytes = 64};

void Append(Bytes* to, const Bytes& bytes) {
  to->insert(to->end(), bytes.begin(), bytes.end());
}

std::string Hex(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// The frames of the interleaving test, each with a letter for its octet.
struct Piece {
  Bytes bytes;
  enum { kWhole, kFirst, kMiddle, kLast, kPing, kText, kRsv, kRsvRest } kind;
};

std::vector<Piece> Pieces() {
  return {{{0x82, 0x01, 'W'}, Piece::kWhole},
          {{0x02, 0x01, 'F'}, Piece::kFirst},
          {{0x00, 0x01, 'M'}, Piece::kMiddle},
          {{0x80, 0x01, 'L'}, Piece::kLast},
          {{0x89, 0x00}, Piece::kPing},
          {{0x81, 0x01, 'T'}, Piece::kText},
          {{0xC2, 0x01, 'R'}, Piece::kRsv},
          {{0xC0, 0x01, 'r'}, Piece::kRsvRest}};
}

// The two profiles in a few lines, as protocol.md states them.
class Model {
 public:
  explicit Model(FramingProfile profile)
      : rfc_(profile == FramingProfile::kRfc6455) {}

  void Add(const Piece& piece) {
    if (outcome.error != FrameError::kNone) {
      return;
    }
    const std::string octet = Hex(absl::MakeConstSpan(piece.bytes).subspan(2));
    switch (piece.kind) {
      case Piece::kPing:
        outcome.messages += "9:;";
        return;
      case Piece::kWhole:
        if (Begin("2:" + octet, /*text=*/false)) {
          End();
        }
        return;
      case Piece::kFirst:
        Begin("2:" + octet, /*text=*/false);
        return;
      case Piece::kText:
        if (Begin("1:" + octet, /*text=*/true)) {
          End();
        }
        return;
      case Piece::kMiddle:
        Continue(octet);
        return;
      case Piece::kLast:
        if (Continue(octet)) {
          End();
        }
        return;
      case Piece::kRsv:
      case Piece::kRsvRest:
        return rfc_ ? Fail(FrameError::kReservedBits)
                    : Skip(&FrameCounters::skipped_reserved_bits);
    }
  }

  MessageTrace outcome;

 private:
  bool Begin(const std::string& message, bool text) {
    if (rfc_ && open_.has_value()) {
      Fail(FrameError::kExpectedContinuation);
      return false;
    }
    if (text && !rfc_) {
      Skip(&FrameCounters::skipped_text);
      return false;
    }
    outcome.counters.dropped_unfinished_message += open_.has_value() ? 1 : 0;
    open_ = message;
    return true;
  }
  bool Continue(const std::string& octet) {
    if (open_.has_value()) {
      *open_ += octet;
      return true;
    }
    if (rfc_) {
      Fail(FrameError::kUnexpectedContinuation);
    } else {
      ++outcome.counters.dropped_orphan_continuation;
    }
    return false;
  }
  void Skip(uint64_t FrameCounters::* reason) {
    ++(outcome.counters.*reason);
    outcome.counters.dropped_unfinished_message += open_.has_value() ? 1 : 0;
    open_.reset();
  }
  void End() {
    outcome.messages += *open_ + ";";
    open_.reset();
  }
  void Fail(FrameError error) { outcome.error = error; }

  const bool rfc_;
  std::optional<std::string> open_;
};

// RFC 6455 6.2 MUST: what follows the last fragment begins a new message.
TEST(MessageOrderTest, EqualsTheModelForEveryOrderOfFiveFrames) {
  const std::vector<Piece> pieces = Pieces();
  for (const MessageReaderOptions& options : {kRfc, kOvoc}) {
    for (uint32_t order = 0; order < 8 * 8 * 8 * 8 * 8; ++order) {
      Model model(options.profile);
      Bytes stream;
      for (uint32_t rest = order, i = 0; i < 5; ++i, rest /= 8) {
        Append(&stream, pieces[rest % 8].bytes);
        model.Add(pieces[rest % 8]);
      }
      const MessageTrace outcome = TraceMessages(options, {stream});
      ASSERT_EQ(outcome.messages, model.outcome.messages) << Hex(stream);
      ASSERT_EQ(outcome.error, model.outcome.error) << Hex(stream);
      ASSERT_TRUE(outcome.counters == model.outcome.counters) << Hex(stream);
    }
  }
}

}  // namespace
}  // namespace ovoc::frame
