// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/message_walk.h"

#include <algorithm>
#include <cstring>

namespace ovoc::conformance {
namespace {

constexpr size_t kHeaderBytes = 12;
constexpr int kMostPointers = 1000;

// What surrounds the names of RDATA: bytes before, names, bytes behind.
struct Form {
  uint16_t type;
  size_t before;
  int names;
  size_t behind;
};

constexpr Form kForms[] = {{2, 0, 1, 0},  {5, 0, 1, 0},  {6, 0, 2, 20},
                           {12, 0, 1, 0}, {15, 2, 1, 0}, {33, 6, 1, 0},
                           {39, 0, 1, 0}};

const Form* FormOf(uint16_t type) {
  for (const Form& form : kForms) {
    if (form.type == type) {
      return &form;
    }
  }
  return nullptr;
}

bool IsHostNameByte(uint8_t byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') ||
         (byte != 0 && std::strchr("-_/", byte) != nullptr);
}

void NoteLabel(absl::Span<const uint8_t> label, NamePlace* place) {
  place->has_nul_label |= label.size() == 1 && label[0] == 0;
  for (const uint8_t byte : label) {
    place->is_host_name &= IsHostNameByte(byte);
  }
}

void WalkRdata(absl::Span<const uint8_t> message, RecordPlace* record) {
  if (record->dns_class != 1) {
    return;
  }
  if (record->type == 1 || record->type == 28) {
    record->fits_type = record->rdata_bytes == (record->type == 1 ? 4u : 16u);
    return;
  }
  const Form* const form = FormOf(record->type);
  if (form == nullptr) {
    return;
  }
  const size_t end = record->rdata + record->rdata_bytes;
  size_t at = record->rdata + form->before;
  for (int i = 0; i < form->names; ++i) {
    const NamePlace before = record->target;
    record->target = WalkName(message, at);
    record->target.points_forward |= before.points_forward;
    record->target.points_into_header |= before.points_into_header;
    record->target.pointers =
        std::max(record->target.pointers, before.pointers);
    record->target.bytes = std::max(record->target.bytes, before.bytes);
    if (!record->target.whole || at >= end) {
      record->fits_type = false;
      return;
    }
    at = record->target.end;
  }
  record->fits_type = at + form->behind == end;
}

// False when the record is cut off.
bool WalkRecord(absl::Span<const uint8_t> message, size_t* at,
                RecordPlace* record) {
  record->owner = WalkName(message, *at);
  if (!record->owner.whole || record->owner.end + 10 > message.size()) {
    return false;
  }
  const size_t fixed = record->owner.end;
  record->type_offset = fixed;
  record->type = Number16(message, fixed);
  record->dns_class = Number16(message, fixed + 2);
  record->ttl = uint32_t{Number16(message, fixed + 4)} << 16 |
                Number16(message, fixed + 6);
  record->rdata_bytes = Number16(message, fixed + 8);
  record->rdata = fixed + 10;
  *at = record->rdata + record->rdata_bytes;
  if (*at > message.size()) {
    return false;
  }
  WalkRdata(message, record);
  return true;
}

}  // namespace

uint16_t Number16(absl::Span<const uint8_t> message, size_t offset) {
  if (offset + 2 > message.size()) {
    return 0;
  }
  return static_cast<uint16_t>(message[offset] << 8 | message[offset + 1]);
}

bool IsMadeOfNames(uint16_t type) { return FormOf(type) != nullptr; }

NamePlace WalkName(absl::Span<const uint8_t> message, size_t offset) {
  NamePlace place;
  size_t at = offset;
  size_t segment = offset;  // where the labels being read began
  while (at < message.size()) {
    const uint8_t length = message[at];
    if (length >= 0xC0) {
      if (at + 2 > message.size() || ++place.pointers > kMostPointers) {
        return place;
      }
      place.end = place.pointers == 1 ? at + 2 : place.end;
      at = static_cast<size_t>(length & 0x3F) << 8 | message[at + 1];
      place.points_into_header |= at < kHeaderBytes;
      place.points_forward |= at >= segment;
      segment = at;
      continue;
    }
    if (length > 63 || at + 1 + length > message.size()) {
      return place;
    }
    place.bytes += 1u + length;
    NoteLabel(message.subspan(at + 1, length), &place);
    at += 1u + length;
    if (length == 0) {
      place.end = place.pointers == 0 ? at : place.end;
      place.whole = true;
      return place;
    }
  }
  return place;
}

MessagePlaces WalkMessage(absl::Span<const uint8_t> message) {
  MessagePlaces places;
  size_t at = kHeaderBytes;
  for (int i = 0; i < Number16(message, 4); ++i) {
    places.questions.push_back(WalkName(message, at));
    if (!places.questions.back().whole ||
        places.questions.back().end + 4 > message.size()) {
      return places;
    }
    at = places.questions.back().end + 4;
  }
  for (int section = 1; section <= 3; ++section) {
    const int count = Number16(message, 4 + 2 * static_cast<size_t>(section));
    for (int i = 0; i < count; ++i) {
      RecordPlace record;
      record.section = section;
      const bool whole = WalkRecord(message, &at, &record);
      places.records.push_back(record);
      if (!whole) {
        return places;
      }
    }
  }
  return places;
}

std::vector<NamePlace> NamesOf(const MessagePlaces& places) {
  std::vector<NamePlace> names = places.questions;
  for (const RecordPlace& record : places.records) {
    names.push_back(record.owner);
    names.push_back(record.target);
  }
  return names;
}

}  // namespace ovoc::conformance
