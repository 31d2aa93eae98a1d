// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_PROTOCOL_REQUEST_LINES_H_
#define OVOC_TUNNEL_MANAGE_PROTOCOL_REQUEST_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// A program that asks more is slowed down: kMaxRequestBurst at once, and one
// more every kRequestPeriod. A page that edits every setting sends some 30.
inline constexpr int kMaxRequestBurst = 64;
inline constexpr absl::Duration kRequestPeriod = absl::Milliseconds(50);

// RequestLines cuts what a session receives into lines, of at most
// kMaxRequestBytes (agent_request.h) and at a bounded rate. It holds no more
// than that many bytes and what one read has brought.
class RequestLines {
 public:
  enum class Result : uint8_t {
    kLine,      // `line` is set, without its end
    kNeedMore,  // no whole line is there
    kWait,      // there is one, but not before NextTime
    kTooLong,   // a line is too long; it stays so, and the session has to end
  };

  explicit RequestLines(absl::Time now) : filled_(now) {}
  // Wipes what it holds, which may have a password.
  ~RequestLines();
  RequestLines(const RequestLines&) = delete;
  RequestLines& operator=(const RequestLines&) = delete;

  // Whether Add may be called: not before the lines in it are taken.
  bool WantsMore() const;
  void Add(absl::string_view bytes);

  Result Next(absl::Time now, std::string* line);
  // When Next is to be called after kWait.
  absl::Time NextTime() const;

 private:
  std::string bytes_;
  int left_ = kMaxRequestBurst;  // lines that may be taken at once
  absl::Time filled_;            // when left_ was last increased
  bool too_long_ = false;
};

// Wipes a text that may have a password in it, and empties it.
void WipeText(std::string* text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_PROTOCOL_REQUEST_LINES_H_
