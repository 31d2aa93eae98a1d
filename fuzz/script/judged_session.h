// SPDX-License-Identifier: Apache-2.0
//
// One session, and what must be true of it whatever comes in.

#ifndef OVOC_FUZZ_SCRIPT_JUDGED_SESSION_H_
#define OVOC_FUZZ_SCRIPT_JUDGED_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "frame/message_reader.h"
#include "fuzz/oracle/naive_packets.h"
#include "tunnel/session/session.h"

namespace ovoc::fuzz {

// JudgedSession drives a session and ends the program (FUZZ_EXPECT) unless
//   - output stays within its limit, and nothing is allocated once it is open;
//   - what it writes are whole client frames, masked with a key used once, that
//     our own reader reads in a server's role; the packets in them are those
//     that were sent, those of a flow in order, and pass protocol.md 3;
//   - an overlay address is given once, and is one that may be;
//   - packets come only when open, and pass protocol.md 3;
//   - end() is set exactly when closed; after that nothing comes out.
class JudgedSession : private tunnel::Session::Sink {
 public:
  // Options with a host that makes no request: created() is false. The sink and
  // the key are the run's own.
  JudgedSession(const tunnel::SessionOptions& options, absl::Time now);

  bool created() const { return session_ != nullptr; }
  const tunnel::Session& session() const { return *session_; }
  // The tunnel: zeros until it is open.
  const NaiveTunnel& tunnel() const { return tunnel_; }

  void OnBytes(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnStreamEnd(const absl::Status& why);
  void SendPacket(absl::Span<const uint8_t> packet, absl::Time now);
  void Consume(size_t bytes, absl::Time now);
  void Close(absl::Time now);
  void OnTime(absl::Time now);

  // Ends the program unless the output is empty, ended with a whole frame, and
  // had every packet in it that was queued.
  void ExpectAllWritten() const;

  // Ends the program unless both runs are in the same state and gave the same.
  void ExpectSameAs(const JudgedSession& other) const;

 private:
  void OnOpen(const netif::Ipv4Prefix& overlay) override;
  void OnPacket(absl::Span<const uint8_t> packet) override;

  void Check();
  void ReadOutput(absl::Span<const uint8_t> bytes);
  bool ReadFrame();
  void CheckFrame(frame::Opcode opcode, absl::Span<const uint8_t> payload);
  void TakeSent(absl::Span<const uint8_t> packet);

  const size_t capacity_;  // of the queue for packets
  const size_t output_limit_;
  NaiveTunnel tunnel_;
  std::unique_ptr<tunnel::Session> session_;
  uint32_t masks_drawn_ = 0;
  std::set<uint32_t> masks_used_;  // by their numbers
  bool is_open_ = false;           // was opened
  bool may_deliver_ = true;
  size_t output_at_end_ = 0;
  size_t request_left_ = 0;      // of the upgrade request, in the output
  std::vector<uint8_t> unread_;  // output behind the last whole frame
  frame::MessageReader server_;  // reads the same
  std::deque<std::vector<uint8_t>> sent_;  // packets not seen in the output yet
  bool close_seen_ = false;
  uint64_t packets_ = 0;
  uint64_t digest_ = 14695981039346656037u;  // FNV-1a of the packets
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_JUDGED_SESSION_H_
