// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/connection_recorder.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "conformance/recording/recording_text.h"

namespace ovoc::conformance {
namespace {

constexpr int kSwitchingProtocols = 101;

std::string BytesText(Side side, std::vector<uint8_t> bytes,
                      absl::Duration time) {
  RecordedEvent event;
  event.side = side;
  event.time = time;
  event.bytes = std::move(bytes);
  return FormatEvent(event);
}

}  // namespace

std::string ConnectionRecorder::OnBytes(Side side,
                                        absl::Span<const uint8_t> bytes,
                                        absl::Duration time) {
  Direction& direction = side == Side::kClient ? client_ : server_;
  if (direction.ended || reset_) {
    return "";
  }
  if (side == Side::kServer) {
    Watch(bytes);
  }
  return BytesText(side, direction.redactor.Redact(bytes), time);
}

std::string ConnectionRecorder::OnEnd(Side side, EventKind kind,
                                      absl::Duration time) {
  Direction& direction = side == Side::kClient ? client_ : server_;
  if (direction.ended || reset_) {
    return "";
  }
  direction.ended = true;
  reset_ = kind == EventKind::kReset;
  RecordedEvent event;
  event.side = side;
  event.time = time;
  event.kind = kind;
  return absl::StrCat(BytesText(side, direction.redactor.Finish(), time),
                      FormatEvent(event));
}

// After a 101 there is no head any more in which credentials could stand.
void ConnectionRecorder::Watch(absl::Span<const uint8_t> from_server) {
  if (judged_) {
    return;
  }
  size_t consumed = 0;
  const auth::ResponseHeadParser::Result result =
      head_.Add(from_server, &consumed);
  judged_ = result != auth::ResponseHeadParser::Result::kNeedMore;
  if (result == auth::ResponseHeadParser::Result::kDone &&
      head_.head().status_code == kSwitchingProtocols) {
    client_.redactor.ExpectFrames();
    server_.redactor.ExpectFrames();
  }
}

}  // namespace ovoc::conformance
