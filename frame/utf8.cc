// SPDX-License-Identifier: Apache-2.0
#include "frame/utf8.h"

#include <cstddef>
#include <cstring>

namespace ovoc::frame {
namespace {

constexpr uint8_t kLowestTail = 0x80;  // RFC 3629 4, UTF8-tail.
constexpr uint8_t kHighestTail = 0xBF;
constexpr uint64_t kHighBits = 0x8080808080808080;

// The number of ASCII octets `text` begins with, or a few less than that.
// Words at a time: most text is ASCII, and the peer chooses how much there is.
size_t AsciiWords(absl::Span<const uint8_t> text) {
  size_t done = 0;
  while (text.size() - done >= sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + done, sizeof(word));
    if ((word & kHighBits) != 0) {
      break;
    }
    done += sizeof(word);
  }
  return done;
}

}  // namespace

bool Utf8Validator::Add(absl::Span<const uint8_t> piece) {
  while (!piece.empty()) {
    bool valid = false;
    switch (state_) {
      case State::kBoundary:
        piece.remove_prefix(AsciiWords(piece));
        valid = piece.empty() || AddFirst(piece.front());
        break;
      case State::kCharacter:
        valid = AddNext(piece.front());
        break;
      case State::kInvalid:
        break;
    }
    if (!valid) {
      return false;
    }
    piece.remove_prefix(piece.empty() ? 0 : 1);
  }
  return state_ != State::kInvalid;
}

bool Utf8Validator::Complete() const { return state_ == State::kBoundary; }

void Utf8Validator::Reset() { state_ = State::kBoundary; }

// The rows of RFC 3629 4 (the same as Unicode's table 3-7): the first octet
// alone decides how many follow and which second octet would be an overlong
// form, a surrogate or too large.
bool Utf8Validator::AddFirst(uint8_t octet) {
  if (octet < 0x80) {
    return true;
  }
  if (octet < 0xC2) {  // A tail without a first octet, or an overlong form.
    return Fail();
  }
  if (octet < 0xE0) {
    return Expect(1, kLowestTail, kHighestTail);
  }
  if (octet < 0xF0) {
    return Expect(2, octet == 0xE0 ? 0xA0 : kLowestTail,  // Overlong below.
                  octet == 0xED ? 0x9F : kHighestTail);   // Surrogates above.
  }
  if (octet < 0xF5) {
    return Expect(3, octet == 0xF0 ? 0x90 : kLowestTail,  // Overlong below.
                  octet == 0xF4 ? 0x8F : kHighestTail);   // > U+10FFFF above.
  }
  return Fail();
}

bool Utf8Validator::AddNext(uint8_t octet) {
  if (octet < low_ || octet > high_) {
    return Fail();
  }
  if (remaining_ == 1) {
    state_ = State::kBoundary;
    return true;
  }
  return Expect(static_cast<uint8_t>(remaining_ - 1), kLowestTail,
                kHighestTail);
}

bool Utf8Validator::Expect(uint8_t remaining, uint8_t low, uint8_t high) {
  state_ = State::kCharacter;
  remaining_ = remaining;
  low_ = low;
  high_ = high;
  return true;
}

bool Utf8Validator::Fail() {
  state_ = State::kInvalid;
  return false;
}

}  // namespace ovoc::frame
