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

// ReplacementFor is what a recording has instead of the value of a field with
// credentials: Authorization, Proxy-Authorization (RFC 9110 11.6.2, 11.7.2),
// Cookie and Set-Cookie (RFC 6265), in any case. It is empty for any other
// name. It depends on nothing in the value, not even on its length.
absl::string_view ReplacementFor(absl::string_view field_name);

// CredentialRedactor rewrites one direction of an HTTP connection so that the
// values of these fields are replaced, scheme and all. Every other byte stays.
// In favour of secrecy it accepts more than a parser may: it ignores white
// space before the name or the colon, a line may also end with CR or LF alone,
// and a value continues in a line that begins with white space (RFC 9112 5.2).
// The outcome does not depend on how the bytes are cut.
class CredentialRedactor {
 public:
  // Redact: what to record for `in`, the next bytes. It may be shorter or
  // longer than `in`. A line end after a replaced value is held until it is
  // clear that the value does not continue.
  std::vector<uint8_t> Redact(absl::Span<const uint8_t> in);

  // ExpectFrames: the connection was upgraded. What follows the current head,
  // or the last one, is frames and stays unchanged.
  void ExpectFrames();

  // Finish: the direction has ended. Returns what was held.
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
