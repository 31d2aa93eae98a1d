// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/dns_composer.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kHeaderBytes = 12;
constexpr size_t kMaxRecords = 12;
constexpr uint16_t kA = 1;
constexpr uint16_t kAaaa = 28;

void Put16(uint16_t value, Bytes* out) {
  out->push_back(static_cast<uint8_t>(value >> 8));
  out->push_back(static_cast<uint8_t>(value & 0xFF));
}

void PutAll(const Bytes& bytes, Bytes* out) {
  out->insert(out->end(), bytes.begin(), bytes.end());
}

// Header and question of the query, which is its beginning.
Bytes QuestionOf(absl::Span<const uint8_t> query) {
  size_t end = kHeaderBytes;
  while (query[end] != 0) {
    end += query[end] + 1u;
  }
  end += 5;  // the root, type, class
  return Bytes(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end));
}

// Composer holds the answer's sections until they are put together.
class Composer {
 public:
  explicit Composer(absl::Span<const uint8_t> query)
      : question_(QuestionOf(query)) {}

  void AddRecord(ByteSource* source);
  void AddOpt(uint8_t upper_rcode);
  Bytes Finish(uint8_t flags, uint8_t rcode);

 private:
  bool asks_for_a() const { return question_[question_.size() - 3] == kA; }
  Bytes Owner(ScriptOwner owner) const;
  Bytes OtherCase() const;  // of the question's name
  void AddAddress(const Bytes& owner, uint16_t type, uint8_t first,
                  ByteSource* source);
  void Add(int section, const Bytes& owner, uint16_t type, uint16_t ttl,
           const Bytes& data);

  Bytes question_;  // with the header
  Bytes last_alias_ = {1, 'a', 0};
  Bytes sections_[3];
  uint8_t counts_[3] = {};
};

Bytes Composer::OtherCase() const {
  Bytes name(question_.begin() + kHeaderBytes, question_.end() - 4);
  for (size_t i = 1; i < name.size(); ++i) {
    const bool is_letter = (name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z';
    name[i] ^= is_letter ? uint8_t{0x20} : uint8_t{0};
  }
  return name;
}

Bytes Composer::Owner(ScriptOwner owner) const {
  switch (owner) {
    case ScriptOwner::kQuestion:
      break;
    case ScriptOwner::kLastAlias:
      return last_alias_;
    case ScriptOwner::kOther:
      return {1, 'z', 0};
    case ScriptOwner::kOtherCase:
      return OtherCase();
  }
  return {0xC0, kHeaderBytes};  // a pointer
}

void Composer::Add(int section, const Bytes& owner, uint16_t type, uint16_t ttl,
                   const Bytes& data) {
  Bytes& out = sections_[section];
  ++counts_[section];
  PutAll(owner, &out);
  Put16(type, &out);
  Put16(1, &out);                       // IN
  Put16(ttl > 0xFF00 ? ttl : 0, &out);  // high half: mostly 0
  Put16(ttl, &out);
  Put16(static_cast<uint16_t>(data.size()), &out);
  PutAll(data, &out);
}

// `first` is the address's first byte: what makes it usable or not.
void Composer::AddAddress(const Bytes& owner, uint16_t type, uint8_t first,
                          ByteSource* source) {
  Bytes data(type == kA ? 4 : 16, 0);
  data[0] = first;
  data.back() = source->Byte();
  Add(0, owner, type, source->Uint16(), data);
}

void Composer::AddRecord(ByteSource* source) {
  const uint8_t byte = source->Byte();
  const Bytes owner = Owner(static_cast<ScriptOwner>(byte >> 4 & 3));
  const uint16_t type = asks_for_a() ? kA : kAaaa;
  switch (static_cast<ScriptRecord>(byte & 0x0F)) {
    case ScriptRecord::kAddress:
      return AddAddress(owner, type, 0x20, source);
    case ScriptRecord::kOtherFamily:
      return AddAddress(owner, type == kA ? kAaaa : kA, 0x20, source);
    case ScriptRecord::kAlias:
      last_alias_ = {1, static_cast<uint8_t>('a' + source->Below(26)), 0};
      return Add(0, owner, 5, source->Uint16(), last_alias_);
    case ScriptRecord::kLoop:
      return Add(0, owner, 5, 60, {0xC0, kHeaderBytes});
    case ScriptRecord::kSoa:
      return Add(1, owner, 6, 60, Bytes(22, 0));
    case ScriptRecord::kNs:
      return Add(1, owner, 2, 60, {0});
    case ScriptRecord::kGiven:
      return AddAddress(owner, type, source->Byte(), source);
    case ScriptRecord::kMany:
      for (uint8_t i = 0; i < 70; ++i) {
        const Bytes low = {i, 0, 60};
        ByteSource bytes(low);
        AddAddress(owner, type, 0x20, &bytes);
      }
      return;
    case ScriptRecord::kRaw:
      break;
  }
  const uint16_t raw_type = source->Uint16();
  const absl::Span<const uint8_t> data = source->Block();
  Add(0, owner, raw_type, 60, Bytes(data.begin(), data.end()));
}

void Composer::AddOpt(uint8_t upper_rcode) {
  ++counts_[2];
  PutAll({0, 0, 41, 4, 0xD0, upper_rcode, 0, 0, 0, 0, 0}, &sections_[2]);
}

Bytes Composer::Finish(uint8_t flags, uint8_t rcode) {
  Bytes out = question_;
  if ((flags & kAnswerWrongId) != 0) {
    out[1] ^= 1;
  }
  if ((flags & kAnswerWrongName) != 0) {
    out[kHeaderBytes + 1] ^= 0x20;
  }
  out[2] = (flags & kAnswerIsQuery) != 0 ? 0x01 : 0x81;
  out[2] |= (flags & kAnswerTruncated) != 0 ? 0x02 : 0;
  out[2] |= (flags & kAnswerAuthoritative) != 0 ? 0x04 : 0;
  out[2] |= (flags & kAnswerWrongOpcode) != 0 ? 0x10 : 0;
  out[3] = 0x80 | (rcode & 0x0F);
  for (size_t i = 0; i < 3; ++i) {
    out[7 + 2 * i] = counts_[i];
    PutAll(sections_[i], &out);
  }
  if ((flags & kAnswerCut) != 0) {
    out.pop_back();
  }
  return out;
}

}  // namespace

std::vector<uint8_t> ComposeAnswer(absl::Span<const uint8_t> query,
                                   ByteSource* source) {
  Composer composer(query);
  const uint8_t flags = source->Byte();
  const uint8_t rcode = source->Byte();
  if ((flags & kAnswerOpt) != 0) {
    composer.AddOpt(source->Byte());
  }
  bool has_many = false;  // two of those would not fit the counts
  for (size_t i = source->Below(kMaxRecords + 1); i > 0; --i) {
    has_many = has_many || (!source->empty() && source->rest()[0] % 16 == 7);
    composer.AddRecord(source);
    if (has_many) {
      break;
    }
  }
  return composer.Finish(flags, rcode);
}

}  // namespace ovoc::fuzz
