// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_values.h"

#include <algorithm>

#include "tunnel/keeper/messages/message_frame.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

constexpr uint64_t kMaxUnixSeconds = 253402300799;  // RFC 3339: year 9999

}  // namespace

bool IsPrintable(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c <= 0x7e;
  });
}

void PutTime(const std::optional<absl::Time>& time, FieldWriter* out) {
  out->Number(time.has_value() ? 1 : 0, 1);
  out->Number(
      static_cast<uint64_t>(time.has_value() ? absl::ToUnixSeconds(*time) : 0),
      8);
}

bool SetTime(bool is_there, uint64_t seconds, std::optional<absl::Time>* out) {
  if (!is_there) {
    return seconds == 0;
  }
  if (seconds > kMaxUnixSeconds) {
    return false;
  }
  *out = absl::FromUnixSeconds(static_cast<int64_t>(seconds));
  return true;
}

void PutOverlay(const netif::Ipv4Prefix& overlay, FieldWriter* out) {
  out->Number(overlay.address().value(), 4);
  out->Number(static_cast<uint64_t>(overlay.length()), 1);
}

std::optional<netif::Ipv4Prefix> ReadOverlay(FieldReader* in) {
  const auto address = static_cast<uint32_t>(in->Number(4));
  const auto length = static_cast<int>(in->Number(1));
  return netif::Ipv4Prefix::Create(netif::Ipv4Address::FromHostOrder(address),
                                   length);
}

bool SetOverlay(bool is_there, const netif::Ipv4Prefix& overlay,
                std::optional<netif::Ipv4Prefix>* out) {
  if (!is_there) {
    return overlay == netif::Ipv4Prefix();
  }
  *out = overlay;
  return true;
}

void PutAddress(const netif::IpAddress& address, FieldWriter* out) {
  out->Number(address.bytes().size(), 1);
  out->Bytes(address.bytes());
  out->Text(address.zone(), netif::kMaxZoneBytes);
}

std::optional<netif::IpAddress> ReadAddress(FieldReader* in) {
  const auto address = netif::IpAddress::FromBytes(in->Bytes(in->Number(1)));
  const absl::string_view zone = in->Text(netif::kMaxZoneBytes);
  return zone.empty() || !address.has_value() ? address
                                              : address->WithZone(zone);
}

void PutAddresses(absl::Span<const netif::IpAddress> addresses,
                  size_t max_count, FieldWriter* out) {
  const absl::Span<const netif::IpAddress> told =
      addresses.subspan(0, max_count);
  out->Number(told.size(), 1);
  for (const netif::IpAddress& address : told) {
    PutAddress(address, out);
  }
}

absl::StatusOr<std::vector<netif::IpAddress>> ReadAddresses(
    size_t max_count, const AddressListErrors& errors, FieldReader* in) {
  const uint64_t count = in->Number(1);
  if (count > max_count) {
    return MalformedMessage(errors.too_many);
  }
  std::vector<netif::IpAddress> addresses;
  for (uint64_t i = 0; i < count; ++i) {
    const std::optional<netif::IpAddress> address = ReadAddress(in);
    if (!address.has_value()) {
      return MalformedMessage(errors.no_address);
    }
    addresses.push_back(*address);
  }
  return addresses;
}

void PutResult(const absl::Status& result, size_t max_bytes, FieldWriter* out) {
  out->Number(static_cast<uint64_t>(result.raw_code()), 1);
  out->Number(static_cast<uint64_t>(CauseOf(result)), 1);
  out->Text(result.message(), max_bytes);
}

std::optional<absl::Status> ReadResult(size_t max_bytes, FieldReader* in) {
  const auto code =
      Enumerated(in->Number(1), absl::StatusCode::kUnauthenticated);
  const auto cause = Enumerated(in->Number(1), kLastEndCause);
  const absl::string_view text = in->Text(max_bytes);
  if (!code.has_value() || !cause.has_value()) {
    return std::nullopt;
  }
  if (*code == absl::StatusCode::kOk) {  // has neither text nor cause
    return text.empty() && *cause == EndCause::kUnknown
               ? std::make_optional(absl::OkStatus())
               : std::nullopt;
  }
  const absl::Status result(*code, text);
  return *cause == EndCause::kUnknown ? result : WithCause(result, *cause);
}

}  // namespace ovoc::tunnel
