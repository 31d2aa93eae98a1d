// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_EXCHANGE_PRINTER_H_
#define OVOC_CONFORMANCE_RECORDING_EXCHANGE_PRINTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/stream_reader.h"

namespace ovoc::conformance {

// ExchangePrinter decodes a recorded connection, one event after the other,
// into lines for people:
//   0.003211 S  HTTP/1.1 101 Switching Protocols
//   0.004000 C  Authorization: (not shown)
//   1.000000 C  binary FIN masked, 84 bytes: 169.254.0.2 > 169.254.0.1 ICMP ...
//   2.000000 S  close FIN, 2 bytes: code 1000
//   2.000100 S  eof
// The time is that of the event in which the line or frame ended. Values of
// fields with credentials (ReplacementFor), close reasons, bodies and what
// packets carry are not shown. Each line is printable ASCII.
class ExchangePrinter {
 public:
  // The lines, without their ends, that `event` completes.
  std::vector<std::string> Add(const RecordedEvent& event);

 private:
  struct Direction {
    StreamReader reader;
    bool first_line = true;
    bool hidden = false;  // the last field's value is not shown
  };

  std::string HeadLine(Side side, absl::string_view line);
  std::string FrameLine(Side side, const StreamItem& item) const;
  std::string Line(Side side, const StreamItem& item);
  std::string EndLine(const RecordedEvent& event);
  Direction& Of(Side side) { return side == Side::kClient ? client_ : server_; }

  Direction client_;
  Direction server_;
  bool upgraded_ = false;  // the server's first line was a 101
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_EXCHANGE_PRINTER_H_
