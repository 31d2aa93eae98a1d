// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/reverse_path_filter.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"

namespace ovoc::netif {
namespace {

constexpr int kStrict = 1;

std::string Printable(std::string name) {
  for (char& c : name) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) {
      c = '?';
    }
  }
  return name;
}

}  // namespace

std::vector<OpenInterface> OpenInterfaces(const InterfaceState& state,
                                          absl::string_view own) {
  std::map<int, int> values;
  for (const PathFilter& filter : state.path_filters) {
    values[filter.interface_index] = filter.value;
  }
  std::vector<OpenInterface> open;
  for (const KnownLink& link : state.links) {
    const int value =
        std::max(values[kAllInterfaces], values[link.interface_index]);
    if (link.up && !link.loopback && link.name != own && value != kStrict) {
      open.push_back({Printable(link.name), value});
    }
  }
  return open;
}

absl::StatusOr<std::vector<OpenInterface>> FindOpenInterfaces(
    absl::string_view own) {
  InterfaceState state;
  for (const auto& request : {LinkDumpRequest(kRtnetlinkSequence),
                              PathFilterDumpRequest(kRtnetlinkSequence)}) {
    const int error_number = Exchange(request, 0, &state);
    if (error_number != 0) {
      return StepError(error_number, "list the neighbours", own);
    }
  }
  return OpenInterfaces(state, own);
}

std::vector<std::string> DescribeOpenInterfaces(
    absl::Span<const OpenInterface> open) {
  std::vector<std::string> lines;
  for (const OpenInterface& interface :
       open.subspan(0, std::min(open.size(), kMaxNamedInterfaces))) {
    lines.push_back(absl::StrCat("net.ipv4.conf.", interface.name,
                                 ".rp_filter=", interface.rp_filter));
  }
  if (open.size() > kMaxNamedInterfaces) {
    lines.push_back(absl::StrCat("rp_filter is not 1 on ",
                                 open.size() - kMaxNamedInterfaces,
                                 " more interfaces"));
  }
  return lines;
}

}  // namespace ovoc::netif
