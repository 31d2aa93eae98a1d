// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_RESPONSE_HEAD_H_
#define OVOC_AUTH_RESPONSE_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// kMaxHeadBytes: status line, field lines and blank line with all line ends.
// Stops a server from filling our memory with a head that never ends; the
// longest recorded head has 290 bytes.
inline constexpr size_t kMaxHeadBytes = 16384;
// kMaxHeaderLines: field lines. Stops a head with thousands of tiny fields,
// each of which costs more memory than it has bytes.
inline constexpr size_t kMaxHeaderLines = 64;
// kUpgradeTimeout: from the request's last byte to the head's last. Stops a
// server that sends one byte now and then. The caller keeps the clock.
inline constexpr absl::Duration kUpgradeTimeout = absl::Seconds(10);
// kMaxShownBytes: the most bytes of a server's value in a message or log.
inline constexpr size_t kMaxShownBytes = 64;

// Printable: `text` in a form that is fit for a message. Each byte that is not
// printable ASCII becomes '?'. Longer texts are cut to kMaxShownBytes, and then
// end with three dots.
std::string Printable(absl::string_view text);

// Quoted: Printable in double quotes.
std::string Quoted(absl::string_view text);

struct HeaderField {
  std::string name;   // a token, in the case it was sent
  std::string value;  // no control byte but HTAB, no white space around it
};

struct ResponseHead {
  int minor_version = 0;            // 0 or 1: HTTP/1.0, HTTP/1.1
  int status_code = 0;              // 100 to 599
  std::string reason;               // may be empty; no control byte but HTAB
  std::vector<HeaderField> fields;  // in the order sent, repeated ones too

  // Values: of every field called `name` in any case, in order. The views live
  // as long as this head is left alone.
  std::vector<absl::string_view> Values(absl::string_view name) const;
};

// ResponseHeadParser: parses the head of one HTTP/1.x response strictly (RFC
// 9112): exactly `HTTP/1.` [01] SP 3DIGIT SP reason CRLF, then field lines that
// end with CRLF, then an empty line. Where the RFC lets a client be lenient
// (bare LF, folded lines, a missing space after the status code, an empty line
// in front) it refuses, so that a proxy and we can never read one head in two
// ways. It does not read a body, does not know any field by name, and has no
// clock. The outcome does not depend on how the bytes are cut.
class ResponseHeadParser {
 public:
  enum class Result {
    kNeedMore,  // everything was consumed, the head has not ended
    kDone,      // head() is complete; bytes after it were left alone
    kError,     // status() says why; nothing will be consumed any more
  };

  ResponseHeadParser();

  // Add: reads on. *consumed is the number of bytes of `in` that belong to
  // the head, on kError up to and with the byte that broke the rule. kDone
  // and kError are final: later calls return the same and consume nothing.
  Result Add(absl::Span<const uint8_t> in, size_t* consumed);

  // EndOfInput: call it when the server has closed the connection. OK if the
  // head is complete; otherwise an error, which is final.
  [[nodiscard]] absl::Status EndOfInput();

  // head: complete once Add has returned kDone; do not use it before. It is
  // empty after an error.
  const ResponseHead& head() const;

  // status: OK, or the first rule that was broken, with its RFC section, the
  // line, and what was found (shown by Printable).
  const absl::Status& status() const { return status_; }

 private:
  enum class State {
    kStatusLine,  // the first line has not ended
    kFieldLines,  // the empty line has not come
    kDone,        // it has; final
    kFailed,      // a rule was broken; final
  };

  void AddByte(uint8_t byte);
  void EndLine();
  void ParseStatusLine();
  void ParseFieldLine();
  void Fail(absl::string_view rule, absl::string_view found);

  State state_ = State::kStatusLine;
  bool after_cr_ = false;   // the last byte was a CR; only LF may follow
  size_t head_bytes_ = 0;   // consumed so far, at most kMaxHeadBytes
  size_t line_number_ = 1;  // of the line being read; 1 is the status line
  std::string line_;        // that line so far, without its end
  ResponseHead head_;
  absl::Status status_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_RESPONSE_HEAD_H_
