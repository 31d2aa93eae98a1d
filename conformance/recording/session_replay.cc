// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/session_replay.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "auth/basic_credentials.h"
#include "auth/secret.h"
#include "netif/flow_hash.h"
#include "netif/ip_address.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"

namespace ovoc::conformance {
namespace {

using tunnel::Session;

// Of a request without a key, such as a plain GET (recordings 08, 15).
constexpr absl::string_view kNoKey = "bm9uZQ==";
constexpr absl::string_view kKeyName = "sec-websocket-key:";

absl::Time At(absl::Duration since_start) {
  return absl::UnixEpoch() + absl::Hours(1) + since_start;
}

absl::StatusOr<auth::WebSocketKey> RecordedKey(const Recording& recording) {
  const std::vector<uint8_t> bytes = recording.BytesOf(Side::kClient);
  absl::Span<const uint8_t> rest = bytes;
  StreamReader reader;
  while (std::optional<StreamItem> item = reader.Next(&rest)) {
    if (item->kind != StreamItem::Kind::kHeadLine) {
      break;
    }
    if (absl::StartsWithIgnoreCase(item->line, kKeyName)) {
      return auth::WebSocketKey::FromText(absl::StripAsciiWhitespace(
          absl::string_view(item->line).substr(kKeyName.size())));
    }
  }
  return auth::WebSocketKey::FromText(kNoKey);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SessionReplay>> SessionReplay::Create(
    const Recording& recording, Options options) {
  const absl::StatusOr<auth::WebSocketKey> key = RecordedKey(recording);
  if (!key.ok()) {
    return key.status();
  }
  absl::StatusOr<auth::BasicCredentials> credentials =
      auth::BasicCredentials::Create("VPN", auth::Secret::FromString("replay"));
  if (!credentials.ok()) {
    return credentials.status();
  }
  options.piece_bytes = std::max<size_t>(options.piece_bytes, 1);
  auto replay = std::unique_ptr<SessionReplay>(
      new SessionReplay(std::move(options), credentials->AuthorizationValue()));
  if (absl::Status status = replay->Begin(*key); !status.ok()) {
    return status;
  }
  return replay;
}

absl::Status SessionReplay::Begin(const auth::WebSocketKey& key) {
  Session::Options options;
  options.host = "ovoc.example.net";
  options.authorization = &authorization_;
  options.user_agent = "replay";
  // The recorded clients were idle by intent: the recorded end decides.
  options.keep_alive.dead_after = absl::Hours(24 * 365);
  now_ = At(absl::ZeroDuration());
  absl::StatusOr<std::unique_ptr<Session>> session = Session::Create(
      options, key,
      [](absl::Span<uint8_t> out) {
        std::fill(out.begin(), out.end(), uint8_t{0x5a});
      },
      this, now_);
  if (!session.ok()) {
    return session.status();
  }
  session_ = *std::move(session);
  Drain();
  return absl::OkStatus();
}

void SessionReplay::Play(const RecordedEvent& event) {
  now_ = At(event.time);
  session_->OnTime(now_);
  if (event.side == Side::kServer) {
    FromServer(event);
  } else if (event.kind == EventKind::kBytes) {
    FromDevice(event.bytes);
  }
  Drain();
}

void SessionReplay::OnOpen(const netif::Ipv4Prefix& overlay) {
  client_.ExpectFrames();
  opened_ = absl::StrCat("open ", overlay.ToString());
}

void SessionReplay::OnPacket(absl::Span<const uint8_t> packet) {
  if (options_.on_packet) {
    options_.on_packet(packet);
  }
}

void SessionReplay::FromServer(const RecordedEvent& event) {
  if (event.kind == EventKind::kEof) {
    session_->OnStreamEnd(absl::OkStatus());
  } else if (event.kind == EventKind::kReset) {
    session_->OnStreamEnd(absl::UnavailableError("reset"));
  }
  absl::Span<const uint8_t> bytes = event.bytes;
  while (!bytes.empty()) {
    const size_t size = std::min(options_.piece_bytes, bytes.size());
    session_->OnBytes(bytes.first(size), now_);
    bytes.remove_prefix(size);
    Drain();
  }
}

// The recorded client's frames are what its kernel sent, and its Close.
void SessionReplay::FromDevice(absl::Span<const uint8_t> bytes) {
  while (std::optional<StreamItem> item = client_.Next(&bytes)) {
    if (item->kind != StreamItem::Kind::kFrame) {
      continue;  // the request; ours went out already
    }
    if (item->header.opcode == frame::Opcode::kClose) {
      session_->Close(now_);
    } else if (item->header.opcode == frame::Opcode::kBinary) {
      const auto write = [&item](absl::Span<uint8_t> place) {
        std::copy(item->payload.begin(), item->payload.end(), place.begin());
      };
      session_->SendPacket(
          {item->payload.size(), netif::FlowHash(item->payload), write}, now_);
    }
    Drain();
  }
}

void SessionReplay::Drain() {
  while (!session_->output().empty()) {
    session_->ConsumeOutput(session_->output().size(), now_);
  }
}

std::string SessionReplay::Outcome() const {
  const std::map<std::string, uint64_t> counters =
      tunnel::Named(tunnel::Totals(session_->counters()));
  std::string text = opened_;
  for (const auto& [name, count] : counters) {
    if (count > 0 && !absl::StartsWith(name, "bytes_") &&
        name != "pings_sent") {
      absl::StrAppend(&text, " ", name, "=", count);
    }
  }
  if (session_->state() != Session::State::kClosed) {
    return absl::StrCat(text, text.empty() ? "" : " ", "still open");
  }
  return absl::StrCat(text, text.empty() ? "" : " ", "end ",
                      Word(session_->end()->reason));
}

}  // namespace ovoc::conformance
