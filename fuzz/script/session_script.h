// SPDX-License-Identifier: Apache-2.0
//
// A whole connection out of a fuzzer's input.

#ifndef OVOC_FUZZ_SCRIPT_SESSION_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_SESSION_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/judged_session.h"
#include "tunnel/session/session_options.h"

namespace ovoc::fuzz {

// What a step of a script is; its low four bits.
enum class SessionStep : uint8_t {
  kBytes,        // a block of the stream
  kAccept,       // a 101 with the right Accept: which address, which defect
  kRefuse,       // another answer: which
  kFrame,        // first octet, form of length, payload
  kPacket,       // a packet (packet_script.h) in a binary frame
  kFragments,    // the same in two fragments, a ping between
  kSend,         // a packet of the device
  kNextTime,     // the clock goes to NextTime()
  kLater,        // the clock goes on by tenths of a second
  kConsume,      // so many times 8 bytes of output are written
  kConsumeAll,   // the output is written
  kClose,        // the device closes
  kStreamEnd,    // the stream ends in order
  kStreamError,  // the stream breaks
  kPing,         // a ping with a payload
  kCloseFrame,   // a Close with a code and a reason
};

// SessionScript plays a script to two sessions at the same instants: one gets
// all bytes between two other steps at once, one in pieces. Both are held to
// judged_session.h and to be the same.
class SessionScript {
 public:
  // Reads four bytes: flags (bit 0 peer-to-peer, bit 1 a host that is none,
  // bits 4 to 7 the rest of the output's size), MTU / 8, output / 16, a seed of
  // the cuts.
  explicit SessionScript(ByteSource* source);

  bool created() const { return whole_.created() && pieces_.created(); }
  const JudgedSession& run() const { return whole_; }

  void Step(ByteSource* source);
  // Gives what is left of the bytes, writes all output, ends the stream.
  void Finish();

 private:
  bool Receive(SessionStep step, ByteSource* source);
  void Append(absl::Span<const uint8_t> bytes);
  void Append(absl::string_view text);
  void AppendFrame(uint8_t first, absl::Span<const uint8_t> payload);
  void AppendOddFrame(ByteSource* source);
  void AppendAnswer(uint8_t choice);
  void AppendFragments(absl::Span<const uint8_t> packet);
  void Flush();
  void Pass(absl::Duration time);
  // Calls one thing on both runs, after the bytes that came before it.
  template <typename Action>
  void Both(Action action);

  const tunnel::SessionOptions options_;
  uint8_t cut_;
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(1);
  JudgedSession whole_;
  JudgedSession pieces_;
  std::vector<uint8_t> pending_;  // bytes of the stream, not given yet
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_SESSION_SCRIPT_H_
