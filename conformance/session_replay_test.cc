// SPDX-License-Identifier: Apache-2.0
//
// Every recording of the real server is replayed into the session: what the
// server sent comes in at the recorded time, what the client's kernel sent goes
// in as a device's packets, and the recorded key takes the place of a random
// one. The outcome must be that of testdata/handshakes/README.md, however the
// server's bytes are cut.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "auth/basic_credentials.h"
#include "auth/websocket_key.h"
#include "conformance/recording.h"
#include "frame/frame_header.h"
#include "frame/mask.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/session.h"
#include "tunnel/session_counters.h"
#include "tunnel/session_end.h"

namespace ovoc::conformance {
namespace {

using tunnel::Session;

constexpr size_t kWhole = 1 << 20;

struct Expectation {
  absl::string_view file;
  // What became of it: overlay address, packets and pongs, end.
  absl::string_view outcome;
};

const Expectation kExpectations[] = {
    {"01-legacy-direct",
     "open 169.254.0.2/18 dropped_out_ipv6=5 packets_in=4 packets_out=4 "
     "pongs_received=2 end peer_closed"},
    {"02-legacy-nginx-tls",
     "open 169.254.0.2/18 dropped_out_ipv6=5 packets_in=4 packets_out=4 "
     "pongs_received=2 end peer_closed"},
    {"03-strict-direct",
     "open 169.254.0.2/18 packets_in=18 packets_out=21 pongs_received=2 end "
     "closed"},
    {"04-strict-nginx-tls",
     "open 169.254.0.2/18 packets_in=18 packets_out=21 pongs_received=2 end "
     "closed"},
    {"05-nginx-wrong-password", "end unauthorized"},
    {"06-nginx-no-credentials", "end unauthorized"},
    {"07-nginx-wrong-path", "end http_status"},
    {"08-nginx-plain-get", "end http_status"},
    {"09-legacy-nginx-wrong-password", "end unauthorized"},
    {"10-nginx-tun-ws-down", "end http_status"},
    {"11-nginx-tun-ws-socket-missing", "end http_status"},
    {"12-direct-pool-exhausted", "end no_free_address"},
    {"13-legacy-direct-pool-exhausted", "end no_free_address"},
    {"14-nginx-pool-exhausted", "end no_free_address"},
    {"15-direct-plain-get", "end handshake"},
    {"16-direct-idle", "open 169.254.0.2/18 end peer_closed"},
    {"17-nginx-idle", "open 169.254.0.2/18 end peer_closed"},
    {"18-nginx-one-way", "open 169.254.0.2/18 end closed"},
    {"19-nginx-ping-17s", "open 169.254.0.2/18 pongs_received=5 end closed"},
    {"20-device-to-device-a",
     "open 169.254.0.2/18 dropped_in_wrong_source=1 "
     "dropped_out_multicast_or_broadcast=1 packets_in=2 packets_out=6 end "
     "closed"},
    {"21-device-to-device-b",
     "open 169.254.0.3/18 dropped_in_wrong_source=2 packets_out=1 end closed"},
    {"22-direct-fragment-text-spoof",
     "open 169.254.0.2/18 dropped_out_ipv6=1 dropped_out_malformed_header=2 "
     "dropped_out_not_ipv4=1 dropped_out_wrong_source=1 packets_in=3 "
     "packets_out=2 end closed"},
    {"23-direct-reserved-opcode", "open 169.254.0.2/18 end peer_closed"},
    {"24-forward-odd-frames-a",
     "open 169.254.0.2/18 dropped_out_malformed_header=1 packets_out=5 end "
     "closed"},
    {"25-forward-odd-frames-b",
     "open 169.254.0.3/18 dropped_in_wrong_source=4 "
     "frames_dropped_unfinished_message=1 frames_read_non_minimal_length=2 "
     "frames_skipped_reserved_bits=1 frames_skipped_text=1 end closed"},
    {"26-strict-haproxy-nginx-tls",
     "open 169.254.0.2/18 packets_in=1 packets_out=1 pongs_received=1 end "
     "closed"},
    {"27-legacy-haproxy-nginx-tls", "end http_status"},
    {"28-strict-haproxy-wrong-password", "end unauthorized"},
    {"29-direct-hung-then-killed",
     "open 169.254.0.2/18 packets_in=1 packets_out=3 end connection"},
};

Recording Load(absl::string_view file) {
  std::ifstream in(absl::StrCat("testdata/handshakes/", file, ".rec"));
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  absl::StatusOr<Recording> recording = ParseRecording(text);
  EXPECT_TRUE(recording.ok()) << file << ": " << recording.status();
  return recording.ok() ? *std::move(recording) : Recording();
}

std::string ClientText(const Recording& recording) {
  const std::vector<uint8_t> bytes = recording.BytesOf(Side::kClient);
  return std::string(bytes.begin(), bytes.end());
}

auth::WebSocketKey RecordedKey(const Recording& recording) {
  for (absl::string_view line : absl::StrSplit(ClientText(recording), "\r\n")) {
    if (absl::ConsumePrefix(&line, "Sec-WebSocket-Key: ")) {
      return auth::WebSocketKey::FromText(line).value();
    }
  }
  // A plain GET (08, 15) has none, and gets no 101.
  return auth::WebSocketKey::FromText("bm9uZQ==").value();
}

// Replay drives one session with one recording.
class Replay : private Session::Sink {
 public:
  Replay(const Recording& recording, size_t piece_bytes)
      : recording_(recording),
        piece_bytes_(piece_bytes),
        credentials_(auth::BasicCredentials::Create(
                         "VPN", auth::Secret::FromString("123456"))
                         .value()) {
    Session::Options options;
    options.host = "ovoc.example.net";
    options.credentials = &credentials_;
    options.user_agent = "replay";
    // The recorded clients were idle by intent: the recorded end decides.
    options.keep_alive.dead_after = absl::Minutes(10);
    session_ = Session::Create(
                   options, RecordedKey(recording),
                   [](absl::Span<uint8_t> out) {
                     std::fill(out.begin(), out.end(), uint8_t{0x5a});
                   },
                   this, Now(absl::ZeroDuration()))
                   .value();
    Drain();
  }

  std::string Run() {
    for (const RecordedEvent& event : recording_.events) {
      now_ = Now(event.time);
      session_->OnTime(now_);
      if (event.side == Side::kServer) {
        FromServer(event);
      } else if (event.kind == EventKind::kBytes) {
        FromDevice(event.bytes);
      }
      Drain();
    }
    return Outcome();
  }

 private:
  static absl::Time Now(absl::Duration since_start) {
    return absl::UnixEpoch() + absl::Hours(1) + since_start;
  }

  void OnOpen(const auth::OverlayAssignment& overlay) override {
    outcome_ = absl::StrCat(
        "open ", netif::Ipv4Address::FromHostOrder(overlay.address).ToString(),
        "/", overlay.prefix_length);
  }

  void OnPacket(absl::Span<const uint8_t> packet) override {
    // What the policy lets through is a whole IPv4 packet.
    ASSERT_GE(packet.size(), 20u);
    EXPECT_EQ(packet[0] >> 4, 4);
  }

  void FromServer(const RecordedEvent& event) {
    if (event.kind == EventKind::kEof) {
      session_->OnStreamEnd(absl::OkStatus());
    } else if (event.kind == EventKind::kReset) {
      session_->OnStreamEnd(absl::UnavailableError("reset"));
    }
    absl::Span<const uint8_t> bytes = event.bytes;
    while (!bytes.empty()) {
      session_->OnBytes(bytes.first(std::min(piece_bytes_, bytes.size())),
                        now_);
      bytes.remove_prefix(std::min(piece_bytes_, bytes.size()));
      Drain();
    }
  }

  // The recorded client's frames are what its kernel sent, and its Close.
  void FromDevice(absl::Span<const uint8_t> bytes) {
    frame::FrameHeader header;
    size_t used = 0;
    if (bytes.front() == 'G') {
      return;  // the request; ours went out already
    }
    while (frame::DecodeFrameHeader(bytes, &header, &used) ==
           frame::HeaderResult::kOk) {
      bytes.remove_prefix(used);
      const size_t size = static_cast<size_t>(header.payload_length);
      std::vector<uint8_t> payload(bytes.begin(), bytes.begin() + size);
      if (header.masked) {
        frame::ApplyMask(absl::MakeSpan(payload), header.mask_key);
      }
      bytes.remove_prefix(size);
      if (header.opcode == frame::Opcode::kClose) {
        session_->Close(now_);
      } else if (header.opcode == frame::Opcode::kBinary) {
        session_->SendPacket(payload, now_);
      }
      Drain();
    }
  }

  void Drain() { session_->ConsumeOutput(session_->output().size(), now_); }

  std::string Outcome() {
    std::map<std::string, uint64_t> counters;
    AddTo(session_->counters(), &counters);
    std::string text = outcome_;
    for (const auto& [name, count] : counters) {
      if (count > 0 && !absl::StartsWith(name, "bytes_") &&
          name != "pings_sent") {
        absl::StrAppend(&text, " ", name, "=", count);
      }
    }
    if (session_->state() != Session::State::kClosed) {
      return absl::StrCat(text, " still open");
    }
    return absl::StrCat(text, text.empty() ? "" : " ", "end ",
                        Word(session_->end()->reason));
  }

  const Recording& recording_;
  const size_t piece_bytes_;
  auth::BasicCredentials credentials_;
  std::unique_ptr<Session> session_;
  absl::Time now_ = Now(absl::ZeroDuration());
  std::string outcome_;
};

TEST(SessionReplayTest, EveryRecordingHasItsOutcomeWhole) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    EXPECT_EQ(Replay(recording, kWhole).Run(), e.outcome) << e.file;
  }
}

TEST(SessionReplayTest, EveryRecordingHasTheSameOutcomeByteByByte) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    EXPECT_EQ(Replay(recording, 1).Run(), e.outcome) << e.file;
  }
}

// The recording with the server's first bytes, its answer, cut in two at `cut`.
Recording WithAnswerCut(const Recording& recording, size_t cut) {
  Recording copy = recording;
  for (auto it = copy.events.begin(); it != copy.events.end(); ++it) {
    if (it->side == Side::kServer && it->kind == EventKind::kBytes) {
      RecordedEvent rest = *it;
      rest.bytes.erase(rest.bytes.begin(),
                       rest.bytes.begin() + static_cast<ptrdiff_t>(cut));
      it->bytes.resize(cut);
      copy.events.insert(it + 1, rest);
      break;
    }
  }
  return copy;
}

size_t AnswerBytes(const Recording& recording) {
  for (const RecordedEvent& event : recording.events) {
    if (event.side == Side::kServer && event.kind == EventKind::kBytes) {
      return event.bytes.size();
    }
  }
  return 0;
}

TEST(SessionReplayTest, EveryHandshakeHasTheSameOutcomeCutAtEveryOffset) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    const size_t size = AnswerBytes(recording);
    for (size_t cut = 1; cut < size; ++cut) {
      const Recording halves = WithAnswerCut(recording, cut);
      ASSERT_EQ(Replay(halves, kWhole).Run(), e.outcome)
          << e.file << " cut at " << cut;
    }
  }
}

}  // namespace
}  // namespace ovoc::conformance
