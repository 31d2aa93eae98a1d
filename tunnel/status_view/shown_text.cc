// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/shown_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ovoc::tunnel {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

constexpr Range kSteering[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
};

bool Steers(uint32_t character) {
  for (const Range& range : kSteering) {
    if (character >= range.first && character <= range.last) {
      return true;
    }
  }
  return false;
}

uint32_t Byte(absl::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool IsContinuation(absl::string_view text, size_t at) {
  return at < text.size() && (Byte(text, at) & 0xc0) == 0x80;
}

// One character, or one byte that begins none.
struct Piece {
  uint32_t character;
  size_t bytes;
  bool whole;
};

// Characters above U+FFFF are taken as four bytes whose number does not matter:
// none of them steers.
Piece First(absl::string_view text) {
  const uint32_t lead = Byte(text, 0);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  const bool two = lead >= 0xc2 && lead <= 0xdf && IsContinuation(text, 1);
  const bool more = IsContinuation(text, 1) && IsContinuation(text, 2);
  if (two) {
    return {(lead & 0x1f) << 6 | (Byte(text, 1) & 0x3f), 2, true};
  }
  if (lead >= 0xe0 && lead <= 0xef && more) {
    const uint32_t character = (lead & 0x0f) << 12 |
                               (Byte(text, 1) & 0x3f) << 6 |
                               (Byte(text, 2) & 0x3f);
    return {character, 3, character >= 0x800};
  }
  const bool four =
      lead >= 0xf0 && lead <= 0xf4 && more && IsContinuation(text, 3);
  return {lead, four ? size_t{4} : size_t{1}, four};
}

void AppendEscape(uint32_t character, std::string* out) {
  absl::StrAppendFormat(out, "\\u%04x", character);
}

}  // namespace

std::string ShownText(absl::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Piece piece = First(text);
    if (!piece.whole) {
      AppendEscape(Byte(text, 0), &shown);
      text.remove_prefix(1);
      continue;
    }
    if (piece.bytes < 4 && Steers(piece.character)) {
      AppendEscape(piece.character, &shown);
    } else {
      absl::StrAppend(&shown, text[0] == '\\' ? "\\" : "",
                      text.substr(0, piece.bytes));
    }
    text.remove_prefix(piece.bytes);
  }
  return shown;
}

std::string ShownJson(absl::string_view json) {
  std::string shown;
  shown.reserve(json.size());
  while (!json.empty()) {
    const Piece piece = First(json);
    // Below U+0020 only blanks between values are left in what was accepted.
    if (piece.whole && piece.bytes < 4 && piece.character >= 0x20 &&
        Steers(piece.character)) {
      AppendEscape(piece.character, &shown);
    } else {
      shown.append(json.data(), piece.bytes);
    }
    json.remove_prefix(piece.bytes);
  }
  return shown;
}

}  // namespace ovoc::tunnel
