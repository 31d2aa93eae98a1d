// SPDX-License-Identifier: Apache-2.0
//
// Answers of a name server out of a fuzzer's input.

#ifndef OVOC_FUZZ_SCRIPT_DNS_COMPOSER_H_
#define OVOC_FUZZ_SCRIPT_DNS_COMPOSER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {

// The first byte of an answer: what is not as it should be.
inline constexpr uint8_t kAnswerTruncated = 0x01;      // TC
inline constexpr uint8_t kAnswerIsQuery = 0x02;        // QR clear
inline constexpr uint8_t kAnswerAuthoritative = 0x04;  // AA
inline constexpr uint8_t kAnswerWrongId = 0x08;
inline constexpr uint8_t kAnswerWrongName = 0x10;  // a letter's case
inline constexpr uint8_t kAnswerWrongOpcode = 0x20;
inline constexpr uint8_t kAnswerCut = 0x40;  // the last byte is missing
inline constexpr uint8_t kAnswerOpt = 0x80;  // one byte of upper RCODE follows

// The low four bits of a record's first byte; the next two are its owner.
enum class ScriptRecord : uint8_t {
  kAddress,      // of the question's type
  kOtherFamily,  // of the other one
  kAlias,        // CNAME to a name of one letter
  kLoop,         // CNAME to the question's name
  kSoa,          // in the authority section
  kNs,           // in the authority section
  kGiven,        // an address whose first byte is given
  kMany,         // 70 addresses
  kRaw,          // type, class and data as given
};
enum class ScriptOwner : uint8_t { kQuestion, kLastAlias, kOther, kOtherCase };

// ComposeAnswer answers `query`, a whole one without EDNS or with: flags,
// RCODE, number of records, the records.
std::vector<uint8_t> ComposeAnswer(absl::Span<const uint8_t> query,
                                   ByteSource* source);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_DNS_COMPOSER_H_
