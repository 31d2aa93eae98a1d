// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/path_words.h"

#include "absl/strings/str_cat.h"
#include "netif/overlay.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

using Verdict = PathFindings::Verdict;

namespace {

std::string SmallerMtu(size_t bytes) {
  return bytes < size_t{kMinMtu}
             ? "look at OVOC, since WSTunMtu cannot be so small"
             : absl::StrCat("set WSTunMtu = ", bytes);
}

}  // namespace

absl::string_view Word(PathFindings::Verdict verdict) {
  switch (verdict) {
    case Verdict::kNoReply:
      return "no_reply";
    case Verdict::kWhole:
      return "whole";
    case Verdict::kSmaller:
      return "smaller";
    case Verdict::kStuck:
      return "stuck";
    case Verdict::kUnsettled:
      return "unsettled";
  }
  return "";
}

std::string DescribePath(const PathFindings& path, size_t mtu_bytes) {
  switch (path.verdict) {
    case Verdict::kNoReply:
      return "";
    case Verdict::kWhole:
      return absl::StrCat("packets of up to ", mtu_bytes,
                          " bytes come back (WSTunMtu)");
    case Verdict::kSmaller:
    case Verdict::kStuck:
      return absl::StrCat("packets of up to ", path.largest_bytes,
                          " bytes come back");
    case Verdict::kUnsettled:
      return absl::StrCat("packets of at least ", path.largest_bytes,
                          " bytes come back, in the time that a check has");
  }
  return "";
}

std::optional<CheckWarning> PathWarning(const PathFindings& path,
                                        size_t mtu_bytes) {
  switch (path.verdict) {
    case Verdict::kNoReply:
      return CheckWarning{
          "no_echo",
          absl::StrCat(netif::kOvocAddress.ToString(),
                       " answers no echo through the tunnel; if OVOC is meant "
                       "to answer pings, look at its firewall, else try what "
                       "the tunnel is for (HTTPS, SNMP, syslog)")};
    case Verdict::kSmaller:
      return CheckWarning{
          "packet_size",
          absl::StrCat("packets of more than ", path.largest_bytes,
                       " bytes get lost behind the tunnel, but WSTunMtu is ",
                       mtu_bytes, "; ", SmallerMtu(path.largest_bytes))};
    case Verdict::kStuck:
      return CheckWarning{
          "path_mtu",
          absl::StrCat(
              "the connection has been stuck since a packet of ",
              path.lost_bytes,
              " bytes was sent: something in between drops large TCP segments "
              "without a word; let ICMP \"fragmentation needed\" through, or "
              "set net.ipv4.tcp_mtu_probing=1 on this machine")};
    case Verdict::kWhole:
    case Verdict::kUnsettled:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace ovoc::tunnel
