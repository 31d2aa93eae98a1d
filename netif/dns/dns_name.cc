// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_error.h"

namespace ovoc::netif {
namespace {

constexpr size_t kHeaderBytes = 12;       // RFC 1035 4.1.1
constexpr uint8_t kLabelTypeMask = 0xC0;  // RFC 1035 4.1.4
constexpr uint8_t kPointerType = 0xC0;

uint8_t LowerByte(uint8_t byte) {
  return static_cast<uint8_t>(absl::ascii_tolower(byte));
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

absl::Status BadLabel(size_t number, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("host name: label ", number, " ", what));
}

// RFC 1035 2.3.1 MUST: a label is a letter, then letters, digits and inner
// hyphens (a deviation: a digit may come first, RFC 1123 2.1, and '_' is a
// letter)
absl::Status CheckLabelCharacters(size_t number, absl::string_view label) {
  for (const char c : label) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
        c == '_') {
      continue;
    }
    // RFC 6455 11.1.1 MUST: a host beyond ASCII is converted to ASCII (by who
    // writes the name; it is refused otherwise)
    if (!absl::ascii_isascii(static_cast<unsigned char>(c))) {
      return BadLabel(number,
                      "is not ASCII; write an international name as A-labels, "
                      "xn--... (RFC 5890 2.3.2.1)");
    }
    return BadLabel(
        number,
        absl::StrFormat("has the character 0x%02x; only letters, digits, '-' "
                        "and '_' are allowed (RFC 1123 2.1)",
                        static_cast<unsigned>(static_cast<unsigned char>(c))));
  }
  if (label.front() == '-' || label.back() == '-') {
    return BadLabel(number, "begins or ends with '-' (RFC 1035 2.3.1)");
  }
  return absl::OkStatus();
}

absl::Status CheckLabel(size_t number, absl::string_view label) {
  if (label.empty()) {
    return BadLabel(number, "is empty (RFC 1035 3.1)");
  }
  // RFC 1035 2.3.4 MUST: labels are 63 octets or less
  if (label.size() > kMaxDnsLabelBytes) {
    return BadLabel(
        number,
        absl::StrCat("has ", label.size(), " bytes, but at most ",
                     kMaxDnsLabelBytes, " are allowed (RFC 1035 2.3.4)"));
  }
  return CheckLabelCharacters(number, label);
}

// CheckPointer says whether a pointer to target may follow labels that begin
// at segment, as the pointers-th of its name.
DnsError CheckPointer(size_t target, size_t segment, int pointers) {
  if (target < kHeaderBytes) {
    return DnsError::kPointerIntoHeader;
  }
  // RFC 1035 4.1.4 MUST: a pointer names a prior occurrence, so strictly back;
  // each jump lands before the one before it, and no loop is possible.
  if (target >= segment) {
    return DnsError::kForwardPointer;
  }
  if (pointers > kMaxDnsPointers) {
    return DnsError::kTooManyPointers;
  }
  return DnsError::kNone;
}

// FollowPointer reads the second byte of a pointer whose first is given, and
// moves *reader and *segment to where it points.
DnsError FollowPointer(uint8_t first, int pointers, size_t* segment,
                       DnsCursor* reader) {
  uint8_t second = 0;
  if (!reader->ReadUint8(&second)) {
    return DnsError::kTruncatedName;
  }
  const size_t target = static_cast<size_t>(first & 0x3F) << 8 | second;
  const DnsError error = CheckPointer(target, *segment, pointers);
  if (error != DnsError::kNone) {
    return error;
  }
  *segment = target;
  *reader = DnsCursor(reader->message());
  return reader->Seek(target) ? DnsError::kNone : DnsError::kForwardPointer;
}

void AppendEscaped(uint8_t byte, std::string* text) {
  const char c = static_cast<char>(byte);
  if (!absl::ascii_isgraph(byte)) {
    absl::StrAppendFormat(text, "\\%03d", static_cast<int>(byte));
    return;
  }
  if (c == '.' || c == '"' || c == '\\') {
    text->push_back('\\');
  }
  text->push_back(c);
}

}  // namespace

bool DnsName::Append(absl::Span<const uint8_t> label) {
  if (size_ + 1 + label.size() > bytes_.size()) {
    return false;
  }
  bytes_[size_] = static_cast<uint8_t>(label.size());
  std::copy(label.begin(), label.end(),
            bytes_.begin() + static_cast<std::ptrdiff_t>(size_ + 1));
  size_ += 1 + label.size();
  return true;
}

absl::StatusOr<DnsName> DnsName::FromText(absl::string_view text) {
  const absl::string_view relative = absl::StripSuffix(text, ".");
  if (relative.empty()) {
    return absl::InvalidArgumentError("host name: is empty");
  }
  // RFC 1035 2.3.4 MUST: names are 255 octets or less, of which the wire form
  // needs one for the first length and one for the root
  if (relative.size() + 2 > kMaxDnsNameBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "host name: has ", relative.size(), " characters, but at most ",
        kMaxDnsNameBytes - 2, " are allowed (RFC 1035 2.3.4)"));
  }
  DnsName name;
  name.Clear();
  size_t number = 0;
  for (const absl::string_view label : absl::StrSplit(relative, '.')) {
    ++number;
    if (absl::Status status = CheckLabel(number, label); !status.ok()) {
      return status;
    }
    name.Append(Bytes(label));
  }
  name.Append({});
  return name;
}

DnsError DnsName::Decode(DnsCursor* cursor, DnsName* name) {
  DnsCursor reader = *cursor;
  DnsName result;
  result.Clear();
  size_t segment = reader.offset();
  size_t end = 0;  // behind the name where it stands; 0 before a jump
  int pointers = 0;
  uint8_t length = 0;
  do {
    absl::Span<const uint8_t> label;
    if (!reader.ReadUint8(&length)) {
      return DnsError::kTruncatedName;
    }
    // RFC 1035 4.1.4 MUST: pointers in arriving messages are understood
    if ((length & kLabelTypeMask) == kPointerType) {
      end = end == 0 ? reader.offset() + 1 : end;
      const DnsError error =
          FollowPointer(length, ++pointers, &segment, &reader);
      if (error != DnsError::kNone) {
        return error;
      }
      continue;
    }
    // RFC 1035 3.1 MUST: the high order two bits of a length octet are zero
    if ((length & kLabelTypeMask) != 0) {
      return DnsError::kReservedLabelType;
    }
    if (!reader.ReadBytes(length, &label)) {
      return DnsError::kTruncatedName;
    }
    // RFC 1035 2.3.4 MUST: names are 255 octets or less; decompressed ones too
    if (!result.Append(label)) {
      return DnsError::kNameTooLong;
    }
  } while (length != 0);
  (void)cursor->Seek(end == 0 ? reader.offset() : end);
  *name = result;
  return DnsError::kNone;
}

bool DnsName::IsWithin(const DnsName& ancestor) const {
  size_t offset = 0;
  while (size_ - offset > ancestor.size_) {
    offset += 1u + bytes_[offset];
  }
  if (size_ - offset != ancestor.size_) {
    return false;
  }
  return std::equal(
      ancestor.wire().begin(), ancestor.wire().end(), wire().begin() + offset,
      [](uint8_t a, uint8_t b) { return LowerByte(a) == LowerByte(b); });
}

DnsName DnsName::ToLower() const {
  DnsName lower = *this;
  // A length is at most 63, below 'A': it has no case to lose.
  for (uint8_t& byte : lower.bytes_) {
    byte = LowerByte(byte);
  }
  return lower;
}

std::string DnsName::ToString() const {
  if (IsRoot()) {
    return ".";
  }
  std::string text;
  size_t offset = 0;
  while (bytes_[offset] != 0) {
    if (!text.empty()) {
      text.push_back('.');
    }
    const size_t length = bytes_[offset];
    for (const uint8_t byte : wire().subspan(offset + 1, length)) {
      AppendEscaped(byte, &text);
    }
    offset += 1 + length;
  }
  return text;
}

bool DnsName::EqualsExactly(const DnsName& other) const {
  return wire() == other.wire();
}

// RFC 1035 2.3.3 MUST: names are compared without regard to case
// RFC 1035 3.1 MUST: codes that are no letters match exactly
bool operator==(const DnsName& a, const DnsName& b) {
  return a.size_ == b.size_ && a.IsWithin(b);
}

}  // namespace ovoc::netif
