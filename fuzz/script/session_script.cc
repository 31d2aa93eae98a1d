// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/session_script.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/basic_credentials.h"
#include "auth/secret.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/judged_session.h"
#include "fuzz/script/packet_script.h"
#include "netif/packet_policy.h"
#include "tunnel/session/session_options.h"

namespace ovoc::fuzz {
namespace {

// Behind the first letter; of the key of judged_session.cc, RFC 6455 1.3.
constexpr absl::string_view kAcceptRest = "3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// The tunnel that the packets of a script are for.
constexpr NaiveTunnel kTunnel = {
    .ours = 0xA9FE0002, .ovoc = 0xA9FE0001, .prefix_length = 18};

// What a 101 may give the device; the later ones it must not take.
struct Assignment {
  absl::string_view address;
  absl::string_view prefix_length;
};
constexpr Assignment kAssignments[] = {
    {"169.254.0.2", "18"}, {"169.254.0.2", "30"},    {"169.254.7.9", "24"},
    {"169.254.0.1", "18"}, {"169.254.63.255", "18"}, {"10.0.0.2", "18"},
    {"169.254.0.2", "31"}, {"169.254.0.2", ""}};

// As long as the longest packet of a script; a buffer of 64 KiB for each of two
// sessions would be most of the work.
constexpr size_t kMaxMessageBytes = kMaxScriptPacketBytes;

constexpr absl::string_view kRefusals[] = {
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
    "HTTP/1.0 409 Too Many Peers\r\n\r\n",
    "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/2 101\r\n\r\n",
    "HTTP/1.1 502 Bad Gateway\r\n\r\n"};

const auth::Secret& Authorization() {
  static const auto& value = *new auth::Secret(
      auth::BasicCredentials::Create("VPN", auth::Secret::FromString("123456"))
          ->AuthorizationValue());
  return value;
}

tunnel::SessionOptions ReadOptions(ByteSource* source) {
  tunnel::SessionOptions options;
  const uint8_t flags = source->Byte();
  options.host = (flags & 2) != 0 ? "no host" : "ovoc.example";
  options.authorization = &Authorization();
  options.user_agent = "fuzz/1";
  options.overlay.reach = (flags & 1) != 0 ? netif::OverlayReach::kHosts
                                           : netif::OverlayReach::kOvocOnly;
  options.mtu_bytes = netif::kMinMtuBytes + source->Byte() * size_t{8};
  options.max_message_bytes = kMaxMessageBytes;
  options.output_bytes = (source->Byte() + size_t{1}) * 16 + flags / 16u;
  return options;
}

}  // namespace

SessionScript::SessionScript(ByteSource* source)
    : options_(ReadOptions(source)),
      cut_(source->Byte()),
      whole_(options_, now_),
      pieces_(options_, now_) {}

template <typename Action>
void SessionScript::Both(Action action) {
  Flush();
  action(&whole_);
  action(&pieces_);
  whole_.ExpectSameAs(pieces_);
}

void SessionScript::Flush() {
  if (pending_.empty()) {
    return;
  }
  whole_.OnBytes(pending_, now_);
  absl::Span<const uint8_t> rest = pending_;
  while (!rest.empty()) {
    cut_ = static_cast<uint8_t>(cut_ * 13 + 7);
    const size_t size = std::min<size_t>(rest.size(), 1u + cut_ % 37);
    pieces_.OnBytes(rest.first(size), now_);
    rest.remove_prefix(size);
  }
  pending_.clear();
  whole_.ExpectSameAs(pieces_);
}

void SessionScript::Append(absl::Span<const uint8_t> bytes) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

void SessionScript::Append(absl::string_view text) {
  pending_.insert(pending_.end(), text.begin(), text.end());
}

// A server's frame with the shortest length.
void SessionScript::AppendFrame(uint8_t first,
                                absl::Span<const uint8_t> payload) {
  pending_.push_back(first);
  if (payload.size() < 126) {
    pending_.push_back(static_cast<uint8_t>(payload.size()));
  } else {
    pending_.push_back(126);
    pending_.push_back(static_cast<uint8_t>(payload.size() >> 8));
    pending_.push_back(static_cast<uint8_t>(payload.size() & 0xFF));
  }
  Append(payload);
}

// Both octets, longer lengths and a mask as given.
void SessionScript::AppendOddFrame(ByteSource* source) {
  pending_.push_back(source->Byte());
  const uint8_t second = source->Byte();
  pending_.push_back(second);
  const size_t extra = second % 128 == 127 ? 8 : second % 128 == 126 ? 2 : 0;
  Append(source->Bytes(extra + (second >= 128 ? 4 : 0)));
  Append(source->Block());
}

// `choice`: bits 0 to 2 an assignment, 6 a wrong Accept, 7 a second Upgrade.
void SessionScript::AppendAnswer(uint8_t choice) {
  const Assignment& given = kAssignments[choice % std::size(kAssignments)];
  Append(absl::StrCat(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Accept: ",
      (choice & 0x40) != 0 ? "t" : "s", kAcceptRest, "\r\nX-Audc-OverlayIP: ",
      given.address, "\r\nX-Audc-OverlayPrefix: ", given.prefix_length, "\r\n",
      (choice & 0x80) != 0 ? "Upgrade: x\r\n" : "", "\r\n"));
}

void SessionScript::AppendFragments(absl::Span<const uint8_t> packet) {
  const size_t half = packet.size() / 2;
  AppendFrame(0x02, packet.first(half));
  AppendFrame(0x89, {});
  AppendFrame(0x80, packet.subspan(half));
}

// True when the step was one of the stream's bytes.
bool SessionScript::Receive(SessionStep step, ByteSource* source) {
  switch (step) {
    case SessionStep::kBytes:
      Append(source->Block());
      return true;
    case SessionStep::kAccept:
      AppendAnswer(source->Byte());
      return true;
    case SessionStep::kRefuse:
      Append(kRefusals[source->Below(std::size(kRefusals))]);
      return true;
    case SessionStep::kFrame:
      AppendOddFrame(source);
      return true;
    case SessionStep::kPacket:
      AppendFrame(0x82, ReadPacket(kTunnel, source));
      return true;
    case SessionStep::kFragments:
      AppendFragments(ReadPacket(kTunnel, source));
      return true;
    case SessionStep::kPing:
      AppendFrame(0x89, source->Block());
      return true;
    case SessionStep::kCloseFrame:
      AppendFrame(0x88, source->Block());
      return true;
    default:
      return false;
  }
}

void SessionScript::Pass(absl::Duration time) {
  Flush();
  now_ += std::max(time, absl::ZeroDuration());
  Both([this](JudgedSession* run) { run->OnTime(now_); });
}

void SessionScript::Step(ByteSource* source) {
  const auto step = static_cast<SessionStep>(source->Byte() & 0x0F);
  if (Receive(step, source)) {
    return;
  }
  Flush();
  const absl::Time next = whole_.session().NextTime();
  switch (step) {
    case SessionStep::kNextTime:
      return Pass(next == absl::InfiniteFuture() ? absl::ZeroDuration()
                                                 : next - now_);
    case SessionStep::kLater:
      return Pass(absl::Milliseconds(100) * source->Byte());
    case SessionStep::kSend: {
      const std::vector<uint8_t> packet = ReadPacket(kTunnel, source);
      return Both([&](JudgedSession* run) { run->SendPacket(packet, now_); });
    }
    case SessionStep::kConsume: {
      const size_t bytes = source->Byte() * size_t{8};
      return Both([&](JudgedSession* run) { run->Consume(bytes, now_); });
    }
    case SessionStep::kConsumeAll:
      return Both([this](JudgedSession* run) { run->Consume(SIZE_MAX, now_); });
    case SessionStep::kClose:
      return Both([this](JudgedSession* run) { run->Close(now_); });
    case SessionStep::kStreamError:
      return Both([](JudgedSession* run) {
        run->OnStreamEnd(absl::UnavailableError("reset"));
      });
    default:
      return Both(
          [](JudgedSession* run) { run->OnStreamEnd(absl::OkStatus()); });
  }
}

void SessionScript::Finish() {
  Both([this](JudgedSession* run) { run->Consume(SIZE_MAX, now_); });
  Both([](JudgedSession* run) { run->OnStreamEnd(absl::OkStatus()); });
  Both([this](JudgedSession* run) {
    run->Consume(SIZE_MAX, now_);
    run->ExpectAllWritten();
    const std::vector<uint8_t> ping = {0x89, 0};
    run->OnBytes(ping, now_);
    run->SendPacket(ping, now_);
    run->OnTime(now_ + absl::Hours(1));
  });
}

}  // namespace ovoc::fuzz
