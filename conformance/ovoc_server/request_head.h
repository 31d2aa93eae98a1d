// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_REQUEST_HEAD_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_REQUEST_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::conformance {

// The stand-in's own limits on a request; nginx's defaults are 4 lines of 8
// KiB.
inline constexpr size_t kMaxRequestHeadBytes = 16384;
inline constexpr size_t kMaxRequestLines = 100;

enum class Tolerance {
  kStrict,  // RFC 9112 to the letter
  kNginx,   // as nginx: empty lines before the request, a bare LF as line end,
            // header lines it cannot read are passed over, any HTTP/1.x
};

struct RequestField {
  std::string name;   // as sent
  std::string value;  // without the white space around it
};

// RequestHead is the head of one HTTP/1.x request.
struct RequestHead {
  std::string method;
  std::string target;
  int minor_version = 1;
  std::vector<RequestField> fields;  // in order

  // How many fields have this name (ASCII case-insensitive).
  size_t Count(absl::string_view name) const;
  // The value of the first one.
  std::optional<absl::string_view> First(absl::string_view name) const;
  // Whether any of them lists the token (comma-separated, case-insensitive).
  bool HasToken(absl::string_view name, absl::string_view token) const;
};

// RequestHeadParser reads the head of a client's request, wherever it is cut.
// It reads no body, because an upgrade request has none.
class RequestHeadParser {
 public:
  enum class Result {
    kNeedMore,  // all of the input consumed, the head goes on
    kDone,      // head() is whole; what follows the blank line is not consumed
    kError,     // status() says why; sticky
  };

  explicit RequestHeadParser(Tolerance tolerance) : tolerance_(tolerance) {}

  Result Add(absl::Span<const uint8_t> in, size_t* consumed);

  // Valid after kDone.
  const RequestHead& head() const { return head_; }
  const absl::Status& status() const { return status_; }

  // Whether any byte of a request has come.
  bool started() const { return head_bytes_ > 0; }

 private:
  enum class State {
    kRequestLine,  // nothing but empty lines yet
    kFields,       // the request line is read
    kDone,
    kError,
  };

  Result TakeLine();
  Result TakeRequestLine(absl::string_view line);
  Result TakeField(absl::string_view line);
  Result Fail(absl::string_view what);

  const Tolerance tolerance_;
  State state_ = State::kRequestLine;
  std::string line_;       // the line being read, without its LF
  size_t head_bytes_ = 0;  // of this head so far
  size_t lines_ = 0;
  RequestHead head_;
  absl::Status status_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_REQUEST_HEAD_H_
