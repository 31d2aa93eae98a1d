// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/ldns_decoder.h"

#include <ldns/ldns.h>

#include <cstddef>
#include <memory>

namespace ovoc::conformance {
namespace {

std::vector<uint8_t> BytesOf(const ldns_rdf* rdf) {
  if (rdf == nullptr) {
    return {};
  }
  const uint8_t* const data = ldns_rdf_data(rdf);
  return std::vector<uint8_t>(data, data + ldns_rdf_size(rdf));
}

}  // namespace

LdnsVerdict DecodeWithLdns(absl::Span<const uint8_t> message) {
  LdnsVerdict verdict;
  ldns_pkt* raw = nullptr;
  const ldns_status status =
      ldns_wire2pkt(&raw, message.data(), message.size());
  if (status != LDNS_STATUS_OK) {
    verdict.error = ldns_get_errorstr_by_id(status);
    return verdict;
  }
  const std::unique_ptr<ldns_pkt, void (*)(ldns_pkt*)> packet(raw,
                                                              ldns_pkt_free);
  const ldns_rr_list* const answers = ldns_pkt_answer(packet.get());
  for (size_t i = 0; i < ldns_rr_list_rr_count(answers); ++i) {
    const ldns_rr* const rr = ldns_rr_list_rr(answers, i);
    const ldns_rr_type type = ldns_rr_get_type(rr);
    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
        (type != LDNS_RR_TYPE_A && type != LDNS_RR_TYPE_AAAA &&
         type != LDNS_RR_TYPE_CNAME)) {
      continue;
    }
    verdict.answers.push_back({BytesOf(ldns_rr_owner(rr)),
                               static_cast<uint16_t>(type), ldns_rr_ttl(rr),
                               BytesOf(ldns_rr_rdf(rr, 0))});
  }
  return verdict;
}

}  // namespace ovoc::conformance
