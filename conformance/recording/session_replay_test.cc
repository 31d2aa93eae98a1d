// SPDX-License-Identifier: Apache-2.0
//
// Every recording of the real server is replayed into the session. The outcome
// must be that of testdata/handshakes/README.md, however the bytes of either
// side are cut.
#include "conformance/recording/session_replay.h"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "conformance/recording/recording.h"
#include "gtest/gtest.h"
#include "tunnel/session/session.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kWhole = 1 << 20;

struct Expectation {
  absl::string_view file;
  // What became of it: overlay address, packets and pongs, end.
  absl::string_view outcome;
};

const Expectation kExpectations[] = {
    {"01-legacy-direct",
     "open 169.254.0.2/32 dropped_out_ipv6=5 packets_in=4 packets_out=4 "
     "pongs_received=2 end peer_closed"},
    {"02-legacy-nginx-tls",
     "open 169.254.0.2/32 dropped_out_ipv6=5 packets_in=4 packets_out=4 "
     "pongs_received=2 end peer_closed"},
    {"03-strict-direct",
     "open 169.254.0.2/32 packets_in=18 packets_out=21 pongs_received=2 end "
     "closed"},
    {"04-strict-nginx-tls",
     "open 169.254.0.2/32 packets_in=18 packets_out=21 pongs_received=2 end "
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
    {"16-direct-idle", "open 169.254.0.2/32 end peer_closed"},
    {"17-nginx-idle", "open 169.254.0.2/32 end peer_closed"},
    {"18-nginx-one-way", "open 169.254.0.2/32 end closed"},
    {"19-nginx-ping-17s", "open 169.254.0.2/32 pongs_received=5 end closed"},
    {"20-device-to-device-a",
     "open 169.254.0.2/32 dropped_in_wrong_source=1 "
     "dropped_out_wrong_destination=5 packets_in=2 packets_out=2 end closed"},
    {"21-device-to-device-b",
     "open 169.254.0.3/32 dropped_in_wrong_source=2 "
     "dropped_out_wrong_destination=1 end closed"},
    {"22-direct-fragment-text-spoof",
     "open 169.254.0.2/32 dropped_out_ipv6=1 dropped_out_malformed_header=2 "
     "dropped_out_not_ipv4=1 dropped_out_wrong_source=1 packets_in=3 "
     "packets_out=2 end closed"},
    {"23-direct-reserved-opcode", "open 169.254.0.2/32 end peer_closed"},
    {"24-forward-odd-frames-a",
     "open 169.254.0.2/32 dropped_out_malformed_header=1 "
     "dropped_out_wrong_destination=5 end closed"},
    {"25-forward-odd-frames-b",
     "open 169.254.0.3/32 dropped_in_wrong_source=4 "
     "frames_dropped_unfinished_message=1 frames_read_non_minimal_length=2 "
     "frames_skipped_reserved_bits=1 frames_skipped_text=1 end closed"},
    {"26-strict-haproxy-nginx-tls",
     "open 169.254.0.2/32 packets_in=1 packets_out=1 pongs_received=1 end "
     "closed"},
    {"27-legacy-haproxy-nginx-tls", "end http_status"},
    {"28-strict-haproxy-wrong-password", "end unauthorized"},
    {"29-direct-hung-then-killed",
     "open 169.254.0.2/32 packets_in=1 packets_out=3 end connection"},
};

Recording Load(absl::string_view file) {
  std::ifstream in(absl::StrCat("testdata/handshakes/", file, ".rec"));
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  absl::StatusOr<Recording> recording = ParseRecording(text);
  EXPECT_TRUE(recording.ok()) << file << ": " << recording.status();
  return recording.ok() ? *std::move(recording) : Recording();
}

// The outcome of replaying `recording`, the server's bytes cut into pieces.
std::string Replayed(const Recording& recording, size_t piece_bytes) {
  SessionReplay::Options options;
  options.piece_bytes = piece_bytes;
  options.on_packet = [](absl::Span<const uint8_t> packet) {
    // What the policy lets through is a whole IPv4 packet.
    ASSERT_GE(packet.size(), 20u);
    EXPECT_EQ(packet[0] >> 4, 4);
  };
  const absl::StatusOr<std::unique_ptr<SessionReplay>> replay =
      SessionReplay::Create(recording, std::move(options));
  if (!replay.ok()) {
    return replay.status().ToString();
  }
  for (const RecordedEvent& event : recording.events) {
    (*replay)->Play(event);
  }
  return (*replay)->Outcome();
}

TEST(SessionReplayTest, EveryRecordingHasItsOutcomeWhole) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    EXPECT_EQ(Replayed(recording, kWhole), e.outcome) << e.file;
  }
}

TEST(SessionReplayTest, EveryRecordingHasTheSameOutcomeByteByByte) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    EXPECT_EQ(Replayed(recording, 1), e.outcome) << e.file;
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
      ASSERT_EQ(Replayed(halves, kWhole), e.outcome)
          << e.file << " cut at " << cut;
    }
  }
}

// The recording with each byte of the client in an event of its own.
Recording WithClientByteByByte(const Recording& recording) {
  Recording copy = recording;
  copy.events.clear();
  for (const RecordedEvent& event : recording.events) {
    if (event.side == Side::kServer || event.kind != EventKind::kBytes) {
      copy.events.push_back(event);
      continue;
    }
    for (const uint8_t byte : event.bytes) {
      RecordedEvent single = event;
      single.bytes = {byte};
      copy.events.push_back(single);
    }
  }
  return copy;
}

TEST(SessionReplayTest, TheClientsBytesMayBeCutAnywhere) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = WithClientByteByByte(Load(e.file));
    EXPECT_EQ(Replayed(recording, kWhole), e.outcome) << e.file;
  }
}

TEST(SessionReplayTest, PiecesOfAnySizeHaveTheSameOutcome) {
  for (const Expectation& e : kExpectations) {
    const Recording recording = Load(e.file);
    for (const size_t piece_bytes : {0u, 2u, 3u, 7u, 64u, 1460u}) {
      ASSERT_EQ(Replayed(recording, piece_bytes), e.outcome)
          << e.file << " by " << piece_bytes;
    }
  }
}

// The recording with one byte of the server's answer changed.
Recording WithAnswerDamaged(const Recording& recording, size_t at) {
  Recording copy = recording;
  for (RecordedEvent& event : copy.events) {
    if (event.side == Side::kServer && event.kind == EventKind::kBytes) {
      event.bytes[at] ^= 0x11;
      break;
    }
  }
  return copy;
}

// Whatever a damaged answer comes to, it does not depend on how it arrives.
TEST(SessionReplayTest, ADamagedAnswerHasOneOutcomeHoweverItIsCut) {
  for (const char* file : {"03-strict-direct", "05-nginx-wrong-password",
                           "10-nginx-tun-ws-down", "16-direct-idle"}) {
    const Recording recording = Load(file);
    size_t changed = 0;
    const std::string good = Replayed(recording, kWhole);
    for (size_t at = 0; at < AnswerBytes(recording); ++at) {
      const Recording damaged = WithAnswerDamaged(recording, at);
      const std::string outcome = Replayed(damaged, kWhole);
      ASSERT_EQ(Replayed(damaged, 1), outcome) << file << " byte " << at;
      changed += outcome != good ? 1 : 0;
    }
    EXPECT_GT(changed, 0u) << file;
  }
}

// What a 101 must have before the session opens: RFC 6455 4.1, and OVOC's
// address.
TEST(SessionReplayTest, WithoutOneOfItsFieldsAnAnswerOpensNothing) {
  const Recording recording = Load("16-direct-idle");
  for (const absl::string_view name :
       {"upgrade:", "connection:", "sec-websocket-accept:",
        "x-audc-overlayip:"}) {
    Recording damaged = recording;
    for (RecordedEvent& event : damaged.events) {
      std::string text(event.bytes.begin(), event.bytes.end());
      const size_t at =
          absl::AsciiStrToLower(text).find(absl::StrCat("\n", name));
      if (event.side == Side::kServer && at != std::string::npos) {
        text[at + 1] = 'z';  // another field
        event.bytes.assign(text.begin(), text.end());
      }
    }
    EXPECT_EQ(Replayed(damaged, kWhole), "end handshake") << name;
  }
}

TEST(SessionReplayTest, AResetAndAnEndInOrderAreTwoOutcomes) {
  Recording recording = Load("16-direct-idle");
  recording.events.resize(2);
  RecordedEvent end = recording.events[1];
  end.bytes.clear();
  end.kind = EventKind::kEof;
  recording.events.push_back(end);
  EXPECT_EQ(Replayed(recording, kWhole), "open 169.254.0.2/32 end peer_closed");
  recording.events[2].kind = EventKind::kReset;
  EXPECT_EQ(Replayed(recording, kWhole), "open 169.254.0.2/32 end connection");
}

// As many of the events as are there, from none to all.
TEST(SessionReplayTest, ARecordingThatIsCutShortIsOpenUntilItsEnd) {
  for (const Expectation& e : kExpectations) {
    const Recording whole = Load(e.file);
    for (size_t count = 0; count <= whole.events.size(); ++count) {
      const auto replay = SessionReplay::Create(whole, {});
      ASSERT_TRUE(replay.ok()) << replay.status();
      for (size_t i = 0; i < count; ++i) {
        (*replay)->Play(whole.events[i]);
      }
      const bool closed =
          (*replay)->session().state() == tunnel::Session::State::kClosed;
      EXPECT_TRUE((*replay)->session().end().has_value() || !closed) << e.file;
      EXPECT_EQ(absl::EndsWith((*replay)->Outcome(), "still open"), !closed)
          << e.file << " " << (*replay)->Outcome();
      if (count == 0) {
        EXPECT_EQ((*replay)->Outcome(), "still open");
      }
      if (count == whole.events.size()) {
        EXPECT_EQ((*replay)->Outcome(), e.outcome);
      }
    }
  }
}

TEST(SessionReplayTest, AKeyThatIsNoneIsAnError) {
  Recording recording = Load("16-direct-idle");
  const std::string head =
      "GET / HTTP/1.1\r\nSEC-WEBSOCKET-KEY:  not base64! \r\n\r\n";
  recording.events[0].bytes.assign(head.begin(), head.end());
  EXPECT_TRUE(
      absl::IsInvalidArgument(SessionReplay::Create(recording, {}).status()));
}

TEST(SessionReplayTest, WhatGoesOnWhenTheRecordingEndsIsStillOpen) {
  Recording recording = Load("16-direct-idle");
  recording.events.resize(2);
  EXPECT_EQ(Replayed(recording, kWhole), "open 169.254.0.2/32 still open");
}

// A length that the bytes do not have, and one that no memory has.
TEST(SessionReplayTest, AFrameThatNeverEndsIsNoPacket) {
  for (const char* begin : {"\x82\xfe\x05\xdc", "\x82\xff\x7f\xff"}) {
    Recording recording = Load("16-direct-idle");
    RecordedEvent event = recording.events[1];
    event.side = Side::kClient;
    event.bytes.assign(begin, begin + 4);
    event.bytes.resize(200, 0xff);
    recording.events.insert(recording.events.begin() + 2, event);
    EXPECT_EQ(Replayed(recording, kWhole),
              "open 169.254.0.2/32 end peer_closed");
  }
}

}  // namespace
}  // namespace ovoc::conformance
