// SPDX-License-Identifier: Apache-2.0
//
// The answer to an upgrade request, judged as by a judge that shares no code
// with ours. The last octet picks the overlay rule; an empty line is added.

#include "auth/upgrade_response.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_upgrade.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/head_choices.h"
#include "fuzz/script/pieces.h"
#include "netif/overlay_assignment.h"

namespace ovoc::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> input(data, size > 1024 ? 1024 : size);
  constexpr const char* kRanges[5] = {"169.254.0.0/16", "169.254.0.0/18",
                                      "0.0.0.0/0", "10.0.1.255/24",
                                      "192.0.2.2/32"};
  const netif::OverlayRule rule = {
      .range = *netif::Ipv4Prefix::Parse(kRanges[TakeLast(&input) % 5])};
  const auto text = std::string(input.begin(), input.end()) + "\r\n\r\n";
  auth::ResponseHeadParser parser;
  size_t consumed = 0;
  const auto read = parser.Add(Octets(text), &consumed);
  const NaiveHead head = ReadNaiveHead(text);
  FUZZ_EXPECT(SaysTheSame(parser, head));
  if (read != auth::ResponseHeadParser::Result::kDone) {
    return 0;
  }
  // RFC 6455 1.3: the example's key and the answer that it calls for.
  const auto key = auth::WebSocketKey::FromText("dGhlIHNhbXBsZSBub25jZQ==");
  const absl::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  FUZZ_EXPECT(auth::CheckHandshake(parser.head(), *key, "").ok() ==
              SwitchesProtocols(head, accept, ""));
  const auto naive = JudgeNaively(head, accept, rule);
  const auto result = auth::CheckUpgradeResponse(parser.head(), *key);
  FUZZ_EXPECT(result.verdict == naive.verdict);
  FUZZ_EXPECT(result.status.ok() ==
              (result.verdict == auth::UpgradeVerdict::kAccepted));
  const auto overlay = netif::ParseOverlayAssignment(
      result.overlay.address, result.overlay.prefix, rule);
  FUZZ_EXPECT(overlay.value_or(netif::Ipv4Prefix()) == naive.overlay);
  const auto status = result.status.ok() ? overlay.status() : result.status;
  FUZZ_EXPECT(status.ok() || IsPrintableLine(status.message()));
  return 0;
}

}  // namespace ovoc::fuzz
