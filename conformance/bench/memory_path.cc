// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/memory_path.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/websocket_key.h"
#include "netif/flow_hash.h"

namespace ovoc::conformance {
namespace {

using tunnel::SendResult;
using tunnel::Session;

constexpr size_t kRecordBytes = 16384;  // RFC 8446 5.1; one read of the client
constexpr absl::Time kNow = absl::FromUnixSeconds(1000);

constexpr absl::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3
constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

// What a mask is does not matter to what it costs.
void FillMasks(absl::Span<uint8_t> out) {
  std::fill(out.begin(), out.end(), uint8_t{0xA5});
}

Session::Options OptionsFor(size_t packet_bytes) {
  Session::Options options;
  options.host = "ovoc.example.net";
  options.user_agent = "bench/1";
  options.mtu_bytes = std::max(options.mtu_bytes, packet_bytes);
  return options;
}

}  // namespace

MemoryPath::Sink::Sink()
    : coalescer(netif::Coalescer::Options(), [this](const netif::Burst& burst) {
        device_bytes += burst.packet.size();
        ++device_bursts;
      }) {}

void MemoryPath::Sink::OnPacket(absl::Span<const uint8_t> packet) {
  ++packets;
  coalescer.Add(packet);
}

absl::StatusOr<std::unique_ptr<MemoryPath>> MemoryPath::Create(
    const Traffic* traffic) {
  const absl::StatusOr<auth::WebSocketKey> key =
      auth::WebSocketKey::FromText(kKey);
  if (!key.ok()) {
    return key.status();
  }
  auto path = std::unique_ptr<MemoryPath>(new MemoryPath(traffic));
  absl::StatusOr<std::unique_ptr<Session>> session = Session::Create(
      OptionsFor(traffic->packet_bytes), *key, FillMasks, &path->sink_, kNow);
  if (!session.ok()) {
    return session.status();
  }
  path->session_ = *std::move(session);
  path->GiveOutput();
  path->session_->OnBytes(
      {reinterpret_cast<const uint8_t*>(kAnswer.data()), kAnswer.size()}, kNow);
  if (path->session_->state() != Session::State::kOpen) {
    return absl::FailedPreconditionError("the session did not open");
  }
  path->stream_bytes_ = 0;
  return path;
}

size_t MemoryPath::Up() {
  size_t sent = 0;
  if (segmenter_.Begin(traffic_.burst.view()) !=
      netif::SegmentationError::kNone) {
    return sent;
  }
  flow_ = netif::FlowHash(traffic_.burst.view().packet);
  while (!segmenter_.done()) {
    SendResult result = SendNext();
    if (result == SendResult::kNoRoom) {
      GiveOutput();
      result = SendNext();
    }
    if (result != SendResult::kQueued) {
      break;
    }
    ++sent;
  }
  GiveOutput();
  return sent;
}

tunnel::SendResult MemoryPath::SendNext() {
  const auto write = [this](absl::Span<uint8_t> place) {
    segmenter_.Next(place);
  };
  return session_->SendPacket({segmenter_.next_bytes(), flow_, write}, kNow);
}

size_t MemoryPath::Down() {
  const size_t before = sink_.packets;
  absl::Span<const uint8_t> rest = traffic_.stream;
  while (!rest.empty()) {
    const absl::Span<const uint8_t> record =
        rest.first(std::min(rest.size(), kRecordBytes));
    session_->OnBytes(record, kNow);
    rest.remove_prefix(record.size());
  }
  sink_.coalescer.Flush();
  return sink_.packets - before;
}

void MemoryPath::GiveOutput() {
  while (!session_->output().empty()) {
    stream_bytes_ += session_->output().size();
    session_->ConsumeOutput(session_->output().size(), kNow);
  }
}

}  // namespace ovoc::conformance
