// SPDX-License-Identifier: Apache-2.0
//
// A request head by splitting all of it into lines: the plain reader that the
// stand-in's streaming one is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_REQUEST_H_
#define OVOC_FUZZ_ORACLE_NAIVE_REQUEST_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "conformance/ovoc_server/request_head.h"

namespace ovoc::fuzz {

// NaiveRequest is all a RequestHeadParser should say of the bytes of a client.
struct NaiveRequest {
  enum class End { kOpen, kDone, kBroken };

  End end = End::kOpen;
  // Up to the head's end, or with the byte that broke a rule.
  size_t consumed = 0;
  std::string method;
  std::string target;
  int minor_version = 1;
  std::vector<std::pair<std::string, std::string>> fields;  // name, value
};

// ReadNaiveRequest reads a head as RFC 9112 2, 3 and 5 have it, or with what
// nginx puts up with (see conformance::Tolerance), in at most 16384 bytes and
// 100 lines.
NaiveRequest ReadNaiveRequest(absl::string_view bytes,
                              conformance::Tolerance tolerance);

// SaysTheSame is true when the parser has come to the same, with the last
// result and all the bytes that it consumed, and finds each field again.
bool SaysTheSame(const conformance::RequestHeadParser& parser,
                 conformance::RequestHeadParser::Result result, size_t consumed,
                 const NaiveRequest& naive);

// Serialize writes a head that is done in the form of RFC 9112.
std::string Serialize(const conformance::RequestHead& head);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_REQUEST_H_
