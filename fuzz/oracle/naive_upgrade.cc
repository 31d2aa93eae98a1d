// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_upgrade.h"

#include <arpa/inet.h>

#include <cstddef>
#include <string>
#include <utility>

namespace ovoc::fuzz {
namespace {

using auth::UpgradeVerdict;
using netif::Ipv4Address;
using netif::Ipv4Prefix;
using netif::OverlayRule;

int Count(const NaiveHead& head, absl::string_view name) {
  int count = 0;
  for (const auto& [field, value] : head.fields) {
    count += NaiveSameName(field, name) ? 1 : 0;
  }
  return count;
}

// The value of a field that is there once; nullopt of any other.
std::optional<std::string> Once(const NaiveHead& head, absl::string_view name) {
  if (Count(head, name) != 1) {
    return std::nullopt;
  }
  for (const auto& [field, value] : head.fields) {
    if (NaiveSameName(field, name)) {
      return value;
    }
  }
  return std::nullopt;
}

// The values of all lines of a field, a comma behind each: RFC 9110 5.3.
std::string ListOf(const NaiveHead& head, absl::string_view name) {
  std::string list;
  for (const auto& [field, value] : head.fields) {
    list += NaiveSameName(field, name) ? value + ',' : "";
  }
  return list;
}

// True for a list of tokens, empty ones allowed between the commas, with
// "upgrade" among them.
bool ListsUpgrade(std::string value) {
  bool found = false;
  value += ',';
  while (!value.empty()) {
    const size_t comma = value.find(',');
    const std::string element(NaiveTrim(value.substr(0, comma)));
    value.erase(0, comma + 1);
    if (!element.empty() && !IsNaiveToken(element)) {
      return false;
    }
    found = found || NaiveSameName(element, "upgrade");
  }
  return found;
}

UpgradeVerdict VerdictOf(int status) {
  if (status < 200) {
    return UpgradeVerdict::kInvalid;
  }
  return status == 401   ? UpgradeVerdict::kUnauthorized
         : status == 409 ? UpgradeVerdict::kNoFreeAddress
                         : UpgradeVerdict::kRefused;
}

}  // namespace

bool SwitchesProtocols(const NaiveHead& head, absl::string_view accept,
                       absl::string_view offered) {
  const std::optional<std::string> upgrade = Once(head, "upgrade");
  const std::optional<std::string> chosen =
      Once(head, "sec-websocket-protocol");
  const bool subprotocol =
      Count(head, "sec-websocket-protocol") == 0 ||
      (chosen.has_value() && !offered.empty() && *chosen == offered);
  return head.status_code == 101 && head.minor_version == 1 && subprotocol &&
         upgrade.has_value() && NaiveSameName(*upgrade, "websocket") &&
         ListsUpgrade(ListOf(head, "connection")) &&
         Once(head, "sec-websocket-accept") == std::string(accept) &&
         Count(head, "sec-websocket-extensions") == 0 &&
         Count(head, "content-length") == 0 &&
         Count(head, "transfer-encoding") == 0;
}

std::optional<Ipv4Prefix> NaiveOverlay(absl::string_view address,
                                       absl::string_view prefix,
                                       const OverlayRule& rule) {
  in_addr quad = {};
  if (address.find('\0') != absl::string_view::npos ||
      inet_pton(AF_INET, std::string(address).c_str(), &quad) != 1) {
    return std::nullopt;
  }
  int length = 16;
  while (length <= 30 && std::to_string(length) != prefix) {
    ++length;
  }
  const uint64_t number = ntohl(quad.s_addr);
  const uint64_t first = number / 0x1000000;
  const bool unicast = first >= 1 && first <= 223 && first != 127;
  const uint64_t range = uint64_t{1} << (32 - rule.range.length());
  const bool inside = number / range == rule.range.address().value() / range;
  const bool clouds = number / 256 == 0xA9FEA9;  // 169.254.169.x
  if (length > 30 || !unicast || !inside || clouds ||
      number == rule.ovoc_address.value()) {
    return std::nullopt;
  }
  for (const int part : {length, rule.range.length()}) {
    const uint64_t hosts = uint64_t{1} << (32 - part);
    if (part >= length && part <= 30 &&
        (number % hosts == 0 || (number + 1) % hosts == 0)) {
      return std::nullopt;  // the network's own, and the broadcast address
    }
  }
  return Ipv4Prefix::Create(
      Ipv4Address::FromHostOrder(static_cast<uint32_t>(number)), length);
}

NaiveUpgrade JudgeNaively(const NaiveHead& head, absl::string_view accept,
                          const OverlayRule& rule) {
  if (head.status_code != 101) {
    return {VerdictOf(head.status_code), {}};
  }
  const std::optional<std::string> address = Once(head, "x-audc-overlayip");
  const std::optional<std::string> prefix = Once(head, "x-audc-overlayprefix");
  if (!SwitchesProtocols(head, accept, "ovoc.audiocodes.com") ||
      !address.has_value() || !prefix.has_value()) {
    return {};
  }
  return {UpgradeVerdict::kAccepted,
          NaiveOverlay(*address, *prefix, rule).value_or(Ipv4Prefix())};
}

}  // namespace ovoc::fuzz
