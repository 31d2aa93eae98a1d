// SPDX-License-Identifier: Apache-2.0

#include "netif/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::netif {
namespace {

// Three digits hold 255, the largest number in a dotted quad.
constexpr size_t kMaxDecimalDigits = 3;

// TakeDecimal takes a decimal number 0..max without leading zeros off the
// front of *text. What follows the number is left for the caller to judge.
std::optional<uint32_t> TakeDecimal(absl::string_view* text, uint32_t max) {
  uint32_t value = 0;
  size_t digits = 0;
  while (digits < text->size() &&
         absl::ascii_isdigit(static_cast<unsigned char>((*text)[digits]))) {
    if (digits == kMaxDecimalDigits) {
      return std::nullopt;
    }
    value = value * 10 + static_cast<uint32_t>((*text)[digits] - '0');
    ++digits;
  }
  const bool leading_zero = digits > 1 && text->front() == '0';
  if (digits == 0 || leading_zero || value > max) {
    return std::nullopt;
  }
  text->remove_prefix(digits);
  return value;
}

bool TakeChar(absl::string_view* text, char c) {
  if (text->empty() || text->front() != c) {
    return false;
  }
  text->remove_prefix(1);
  return true;
}

std::optional<uint32_t> TakeDottedQuad(absl::string_view* text) {
  uint32_t value = 0;
  for (size_t i = 0; i < kIpv4AddressBytes; ++i) {
    if (i > 0 && !TakeChar(text, '.')) {
      return std::nullopt;
    }
    const std::optional<uint32_t> number = TakeDecimal(text, 255);
    if (!number.has_value()) {
      return std::nullopt;
    }
    value = value << 8 | *number;
  }
  return value;
}

// What Linux takes for the name of an interface, and can stand in a message.
bool IsZoneByte(char c) {
  return c > 0x20 && c < 0x7f && c != '/' && c != '%' && c != ':';
}

constexpr uint32_t MaskOf(int length) {
  // A shift by 32 is undefined, so /0 has its own case.
  return length == 0 ? 0 : ~uint32_t{0} << (kIpv4AddressBits - length);
}

}  // namespace

std::optional<Ipv4Address> Ipv4Address::Parse(absl::string_view text) {
  const std::optional<uint32_t> value = TakeDottedQuad(&text);
  if (!value.has_value() || !text.empty()) {
    return std::nullopt;
  }
  return Ipv4Address(*value);
}

std::array<uint8_t, kIpv4AddressBytes> Ipv4Address::bytes() const {
  return {static_cast<uint8_t>(value_ >> 24),
          static_cast<uint8_t>(value_ >> 16), static_cast<uint8_t>(value_ >> 8),
          static_cast<uint8_t>(value_)};
}

std::string Ipv4Address::ToString() const {
  return absl::StrCat(value_ >> 24, ".", value_ >> 16 & 0xFF, ".",
                      value_ >> 8 & 0xFF, ".", value_ & 0xFF);
}

Ipv4Prefix::Ipv4Prefix(Ipv4Address address, int length)
    : address_(address), length_(length), mask_(MaskOf(length)) {}

std::optional<Ipv4Prefix> Ipv4Prefix::Create(Ipv4Address address, int length) {
  if (length < 0 || length > kIpv4AddressBits) {
    return std::nullopt;
  }
  return Ipv4Prefix(address, length);
}

std::optional<Ipv4Prefix> Ipv4Prefix::Parse(absl::string_view text) {
  const std::optional<uint32_t> value = TakeDottedQuad(&text);
  if (!value.has_value() || !TakeChar(&text, '/')) {
    return std::nullopt;
  }
  const std::optional<uint32_t> length = TakeDecimal(&text, kIpv4AddressBits);
  if (!length.has_value() || !text.empty()) {
    return std::nullopt;
  }
  return Ipv4Prefix(Ipv4Address::FromHostOrder(*value),
                    static_cast<int>(*length));
}

std::string Ipv4Prefix::ToString() const {
  return absl::StrCat(address_.ToString(), "/", length_);
}

IpAddress::IpAddress(Ipv4Address address) {
  const std::array<uint8_t, kIpv4AddressBytes> bytes = address.bytes();
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

std::optional<IpAddress> IpAddress::FromBytes(absl::Span<const uint8_t> bytes) {
  if (bytes.size() != kIpv4AddressBytes && bytes.size() != kIpv6AddressBytes) {
    return std::nullopt;
  }
  IpAddress address;
  address.size_ = bytes.size();
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

std::optional<IpAddress> IpAddress::Parse(absl::string_view text) {
  const std::optional<Ipv4Address> v4 = Ipv4Address::Parse(text);
  if (v4.has_value()) {
    return IpAddress(*v4);
  }
  // inet_pton wants a terminated string: a NUL inside would hide what follows.
  if (text.size() >= INET6_ADDRSTRLEN ||
      text.find('\0') != absl::string_view::npos) {
    return std::nullopt;
  }
  std::array<char, INET6_ADDRSTRLEN> terminated = {};
  std::copy(text.begin(), text.end(), terminated.begin());
  IpAddress address;
  address.size_ = kIpv6AddressBytes;
  if (inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

std::optional<IpAddress> IpAddress::ParseZoned(absl::string_view text) {
  const size_t percent = text.find('%');
  if (percent == absl::string_view::npos) {
    return Parse(text);
  }
  const std::optional<IpAddress> address = Parse(text.substr(0, percent));
  return address.has_value() ? address->WithZone(text.substr(percent + 1))
                             : std::nullopt;
}

std::optional<IpAddress> IpAddress::WithZone(absl::string_view zone) const {
  // RFC 4291 2.5.6: fe80::/10
  const bool link_local =
      !is_v4() && bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
  if (!link_local || zone.empty() || zone.size() > kMaxZoneBytes ||
      !std::all_of(zone.begin(), zone.end(), IsZoneByte)) {
    return std::nullopt;
  }
  IpAddress zoned = WithoutZone();
  std::copy(zone.begin(), zone.end(), zoned.zone_.begin());
  return zoned;
}

absl::string_view IpAddress::zone() const { return zone_.data(); }

IpAddress IpAddress::WithoutZone() const {
  IpAddress address = *this;
  address.zone_ = {};
  return address;
}

Ipv4Address IpAddress::v4() const {
  if (!is_v4()) {
    return Ipv4Address();
  }
  uint32_t value = 0;
  for (const uint8_t byte : bytes()) {
    value = value << 8 | byte;
  }
  return Ipv4Address::FromHostOrder(value);
}

std::string IpAddress::ToString() const {
  if (is_v4()) {
    return v4().ToString();
  }
  std::array<char, INET6_ADDRSTRLEN> text = {};
  // It fails only for a family it does not know or a buffer that is too small.
  inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return absl::StrCat(text.data(), zone().empty() ? "" : "%", zone());
}

}  // namespace ovoc::netif
