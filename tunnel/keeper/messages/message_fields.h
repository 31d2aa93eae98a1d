// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FIELDS_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/settings/tuning.h"

namespace ovoc::tunnel {

// FieldWriter writes fields one after another into a span of fixed size. A
// field that does not fit is left out, and complete() is false.
class FieldWriter {
 public:
  explicit FieldWriter(absl::Span<uint8_t> out) : out_(out) {}

  void Number(uint64_t value, size_t bytes);  // network order, 1..8 bytes
  void Text(absl::string_view text, size_t max_bytes);  // cut at max_bytes
  void Bytes(absl::Span<const uint8_t> bytes);

  size_t size() const { return size_; }
  bool complete() const { return complete_; }

 private:
  absl::Span<uint8_t> out_;
  size_t size_ = 0;
  bool complete_ = true;
};

// FieldReader reads the fields back. Once a field is missing, it and all later
// ones are 0 or empty, and ok() is false.
class FieldReader {
 public:
  explicit FieldReader(absl::Span<const uint8_t> in) : in_(in) {}

  uint64_t Number(size_t bytes);  // 1..8
  // Returns a view of the span. The text has at most max_bytes.
  absl::string_view Text(size_t max_bytes);
  absl::Span<const uint8_t> Bytes(size_t bytes);

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && in_.empty(); }

 private:
  absl::Span<const uint8_t> in_;
  bool ok_ = true;
};

// PutTuning writes the times of a Tuning in whole seconds, 2 bytes each.
void PutTuning(const Tuning& tuning, FieldWriter* out);
// ReadTuning returns nullopt for times that no settings allow (IsAllowed).
std::optional<Tuning> ReadTuning(FieldReader* in);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FIELDS_H_
