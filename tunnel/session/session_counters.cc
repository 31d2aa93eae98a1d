// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_counters.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

// One number of the row: its name, and whether it is shown when it is 0.
struct Entry {
  std::string name;
  uint64_t count;
  bool always;
};

void List(absl::string_view direction, const netif::TrafficCounters& counters,
          std::vector<Entry>* entries) {
  entries->push_back(
      {absl::StrCat("packets_", direction), counters.accepted_packets(), true});
  entries->push_back(
      {absl::StrCat("bytes_", direction), counters.accepted_bytes(), true});
  for (size_t i = 1; i < netif::kDropReasonCount; ++i) {
    const auto reason = static_cast<netif::DropReason>(i);
    entries->push_back({absl::StrCat("dropped_", direction, "_", Name(reason)),
                        counters.packets(reason), false});
  }
}

// The row, in the order of SessionTotals.
std::vector<Entry> List(const SessionCounters& counters) {
  std::vector<Entry> entries;
  entries.reserve(kSessionTotalCount);
  List("in", counters.packets.inbound, &entries);
  List("out", counters.packets.outbound, &entries);
  for (const frame::NamedFrameCount& named : NamedCounts(counters.frames)) {
    entries.push_back(
        {absl::StrCat("frames_", named.name), named.count, false});
  }
  entries.push_back({"pings_sent", counters.pings_sent, true});
  entries.push_back({"pings_received", counters.pings_received, true});
  entries.push_back({"pongs_received", counters.pongs_received, true});
  entries.push_back({"pings_unanswered", counters.pings_unanswered, true});
  entries.push_back(
      {"dropped_out_closing", counters.packets_dropped_at_close, false});
  return entries;
}

}  // namespace

SessionTotals Totals(const SessionCounters& counters) {
  SessionTotals totals = {};
  const std::vector<Entry> entries = List(counters);
  for (size_t i = 0; i < totals.size() && i < entries.size(); ++i) {
    totals[i] = entries[i].count;
  }
  return totals;
}

void Add(const SessionTotals& more, SessionTotals* totals) {
  for (size_t i = 0; i < totals->size(); ++i) {
    (*totals)[i] += more[i];
  }
}

std::map<std::string, uint64_t> Named(const SessionTotals& totals) {
  std::map<std::string, uint64_t> named;
  const std::vector<Entry> entries = List(SessionCounters());
  for (size_t i = 0; i < totals.size() && i < entries.size(); ++i) {
    if (entries[i].always || totals[i] > 0) {
      named[entries[i].name] = totals[i];
    }
  }
  return named;
}

}  // namespace ovoc::tunnel
