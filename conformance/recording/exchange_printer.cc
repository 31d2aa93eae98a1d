// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/exchange_printer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/recording/credential_redactor.h"
#include "conformance/recording/packet_summary.h"
#include "frame/frame_header.h"

namespace ovoc::conformance {
namespace {

using frame::Opcode;

constexpr absl::string_view kNotShown = "(not shown)";
constexpr size_t kMaxLineChars = 200;  // of a head's line; more is cut
constexpr size_t kCloseCodeBytes = 2;  // RFC 6455 5.5.1

std::string Printable(absl::string_view text) {
  std::string shown(text.substr(0, kMaxLineChars));
  for (char& c : shown) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      c = '?';
    }
  }
  return text.size() > kMaxLineChars ? absl::StrCat(shown, "...") : shown;
}

std::string OpcodeName(Opcode opcode) {
  switch (opcode) {
    case Opcode::kContinuation:
      return "continuation";
    case Opcode::kText:
      return "text";
    case Opcode::kBinary:
      return "binary";
    case Opcode::kClose:
      return "close";
    case Opcode::kPing:
      return "ping";
    case Opcode::kPong:
      return "pong";
  }
  return absl::StrCat("reserved opcode ", static_cast<int>(opcode));
}

std::string Flags(const frame::FrameHeader& header) {
  std::string text = header.fin ? " FIN" : " no FIN";
  for (int bit = 1; bit <= 3; ++bit) {
    if ((header.rsv >> (3 - bit) & 1) != 0) {
      absl::StrAppend(&text, " RSV", bit);
    }
  }
  absl::StrAppend(&text, header.masked ? " masked" : "");
  switch (header.length_form) {
    case frame::LengthForm::kMinimal:
      break;
    case frame::LengthForm::kLonger16Bit:
      absl::StrAppend(&text, " length in 16 bits");
      break;
    case frame::LengthForm::kLonger64Bit:
      absl::StrAppend(&text, " length in 64 bits");
      break;
  }
  return text;
}

std::string CloseText(absl::Span<const uint8_t> payload) {
  if (payload.size() < kCloseCodeBytes) {
    return payload.empty() ? "" : ": half a code";
  }
  std::string text = absl::StrCat(": code ", payload[0] << 8 | payload[1]);
  if (payload.size() > kCloseCodeBytes) {
    absl::StrAppend(&text, " and a reason");
  }
  return text;
}

}  // namespace

std::vector<std::string> ExchangePrinter::Add(const RecordedEvent& event) {
  const std::string prefix =
      absl::StrFormat("%13.6f %c  ", absl::ToDoubleSeconds(event.time),
                      event.side == Side::kClient ? 'C' : 'S');
  std::vector<std::string> lines;
  if (event.kind != EventKind::kBytes) {
    lines.push_back(absl::StrCat(prefix, EndLine(event)));
    return lines;
  }
  absl::Span<const uint8_t> bytes = event.bytes;
  while (std::optional<StreamItem> item = Of(event.side).reader.Next(&bytes)) {
    std::string line = Line(event.side, *item);
    if (!line.empty()) {
      lines.push_back(absl::StrCat(prefix, line));
    }
  }
  return lines;
}

std::string ExchangePrinter::Line(Side side, const StreamItem& item) {
  switch (item.kind) {
    case StreamItem::Kind::kHeadLine:
      return HeadLine(side, item.line);
    case StreamItem::Kind::kHeadEnd:
      if (side == Side::kServer && upgraded_) {
        client_.reader.ExpectFrames();
        server_.reader.ExpectFrames();
      }
      return "";
    case StreamItem::Kind::kBody:
      return absl::StrCat("(", item.size, " bytes that are not frames)");
    case StreamItem::Kind::kFrame:
      return FrameLine(side, item);
  }
  return "";
}

std::string ExchangePrinter::HeadLine(Side side, absl::string_view line) {
  Direction& direction = Of(side);
  if (std::exchange(direction.first_line, false)) {
    upgraded_ = upgraded_ || (side == Side::kServer &&
                              absl::StartsWith(line, "HTTP/1.1 101"));
    return Printable(line);
  }
  const absl::string_view name =
      absl::StripAsciiWhitespace(line.substr(0, line.find(':')));
  const bool folded = line[0] == ' ' || line[0] == '\t';
  if (folded && direction.hidden) {
    return std::string(kNotShown);  // of the field before (RFC 9112 5.2)
  }
  direction.hidden = !ReplacementFor(name).empty();
  return direction.hidden ? absl::StrCat(name, ": ", kNotShown)
                          : Printable(line);
}

std::string ExchangePrinter::FrameLine(Side side,
                                       const StreamItem& item) const {
  const frame::FrameHeader& header = item.header;
  std::string text = absl::StrCat(OpcodeName(header.opcode), Flags(header),
                                  ", ", item.size, " bytes");
  if (header.masked != (side == Side::kClient)) {
    absl::StrAppend(&text, header.masked ? " (a server must not mask)"
                                         : " (a client must mask)");
  }
  if (header.opcode == Opcode::kClose) {
    absl::StrAppend(&text, CloseText(item.payload));
  } else if (!frame::IsControl(header.opcode) && item.size > 0) {
    absl::StrAppend(&text, ": ", PacketSummary(item.payload));
  }
  return text;
}

std::string ExchangePrinter::EndLine(const RecordedEvent& event) {
  std::string text = event.kind == EventKind::kEof ? "eof" : "rst";
  const uint64_t rest = Of(event.side).reader.unfinished_bytes();
  if (rest > 0) {
    absl::StrAppend(&text, " after ", rest, " bytes of an unfinished ",
                    upgraded_ ? "frame" : "line");
  }
  return text;
}

}  // namespace ovoc::conformance
