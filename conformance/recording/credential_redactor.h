// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_CREDENTIAL_REDACTOR_H_
#define OVOC_CONFORMANCE_RECORDING_CREDENTIAL_REDACTOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::conformance {

// ReplacementFor is what stands in a recording for the value of a field that
// holds credentials: Authorization, Proxy-Authorization (RFC 9110 11.6.2,
// 11.7.2), Cookie and Set-Cookie (RFC 6265), in any case. Empty for any other
// name. It has nothing of the value, not its length either.
absl::string_view ReplacementFor(absl::string_view field_name);

// CredentialRedactor rewrites one direction of an HTTP connection so that the
// values of these fields are replaced, scheme and all; every other byte stays.
// It reads more into a line than a parser may, in favour of secrecy: white
// space before the name or the colon is passed over, a line ends with CR or
// LF alone too, and a value goes on in a line that begins with white space
// (RFC 9112 5.2). The outcome does not depend on how the bytes are cut.
class CredentialRedactor {
 public:
  // Redact: what to record for `in`, the next bytes. May be shorter or longer
  // than `in`; a line end behind a replaced value is held until it is known
  // that the value does not go on.
  std::vector<uint8_t> Redact(absl::Span<const uint8_t> in);

  // ExpectFrames: the connection was upgraded. What follows the head that is
  // being read, or the last one, is frames and left alone.
  void ExpectFrames();

  // Finish: what was held. The direction has ended.
  std::vector<uint8_t> Finish();

 private:
  enum class State {
    kName,        // in what may be a name, or before it
    kOtherLine,   // in a line of no interest, until it ends
    kValue,       // in a value that is left out
    kValueEnded,  // after its line's end, which is held
    kFrames,      // for good
  };

  void AddByte(uint8_t byte, std::vector<uint8_t>* out);
  void AddToName(uint8_t byte, std::vector<uint8_t>* out);
  void AddAfterValue(uint8_t byte, std::vector<uint8_t>* out);

  State state_ = State::kName;
  std::string name_;           // of this line, at most kMaxNameBytes
  std::vector<uint8_t> held_;  // CR, LF or CR LF
  uint32_t last_bytes_ = 0;    // the last four, the newest lowest
  bool expect_frames_ = false;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_CREDENTIAL_REDACTOR_H_
