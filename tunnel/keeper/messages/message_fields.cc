// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_fields.h"

#include <algorithm>

namespace ovoc::tunnel {

void FieldWriter::Number(uint64_t value, size_t bytes) {
  if (bytes > out_.size() - size_) {
    complete_ = false;
    return;
  }
  for (size_t i = 0; i < bytes; ++i) {
    out_[size_ + i] = static_cast<uint8_t>(value >> (8 * (bytes - 1 - i)));
  }
  size_ += bytes;
}

void FieldWriter::Text(absl::string_view text, size_t max_bytes) {
  text = text.substr(0, max_bytes);
  Number(text.size(), 2);
  Bytes(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                            text.size()));
}

void FieldWriter::Bytes(absl::Span<const uint8_t> bytes) {
  if (bytes.size() > out_.size() - size_) {
    complete_ = false;
    return;
  }
  std::copy(bytes.begin(), bytes.end(),
            out_.begin() + static_cast<ptrdiff_t>(size_));
  size_ += bytes.size();
}

uint64_t FieldReader::Number(size_t bytes) {
  uint64_t value = 0;
  for (const uint8_t byte : Bytes(bytes)) {
    value = value << 8 | byte;
  }
  return value;
}

absl::string_view FieldReader::Text(size_t max_bytes) {
  const size_t size = Number(2);
  if (size > max_bytes) {
    ok_ = false;
    return "";
  }
  const absl::Span<const uint8_t> bytes = Bytes(size);
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                           bytes.size());
}

absl::Span<const uint8_t> FieldReader::Bytes(size_t bytes) {
  if (!ok_ || bytes > in_.size()) {
    ok_ = false;
    return {};
  }
  const absl::Span<const uint8_t> taken = in_.first(bytes);
  in_.remove_prefix(bytes);
  return taken;
}

void PutTuning(const Tuning& tuning, FieldWriter* out) {
  for (const absl::Duration time :
       {tuning.keep_alive, tuning.dead_after, tuning.reconnect_spread}) {
    out->Number(static_cast<uint64_t>(absl::ToInt64Seconds(time)), 2);
  }
}

std::optional<Tuning> ReadTuning(FieldReader* in) {
  Tuning tuning;
  for (absl::Duration* const time :
       {&tuning.keep_alive, &tuning.dead_after, &tuning.reconnect_spread}) {
    *time = absl::Seconds(static_cast<int64_t>(in->Number(2)));
  }
  return IsAllowed(tuning) ? std::optional<Tuning>(tuning) : std::nullopt;
}

}  // namespace ovoc::tunnel
