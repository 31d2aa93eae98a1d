// SPDX-License-Identifier: Apache-2.0
//
// Retry-After of an answer as a plain reader has it: a number or a date, with
// the limits, or nothing. The last octet is the status, and whether the field
// is there twice; a line feed parts the value from the answer's own Date.

#include <string>

#include "auth/retry_after.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_date.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> input(data, size > 256 ? 256 : size);
  const uint8_t choice = TakeLast(&input);
  const std::string text(input.begin(), input.end());
  const size_t end = text.find('\n');
  const std::string value = text.substr(0, end);
  const std::string date = end == std::string::npos ? "" : text.substr(end + 1);
  auth::ResponseHead head;
  head.status_code = choice == 0 ? 502 : choice % 2 == 0 ? 429 : 503;
  head.fields = {{"Retry-After", value}, {"Date", date}};
  const bool is_twice = choice % 8 == 7;
  if (is_twice) {
    head.fields.push_back(head.fields[0]);
  }
  const auto found = auth::RetryAfter::FromHead(head);
  FUZZ_EXPECT(found.has_value() == (choice != 0));
  if (!found.has_value()) {
    return 0;
  }
  const int64_t now = 1796040000;  // 2026-11-30 12:00:00 UTC
  const auto delay = found->Delay(absl::FromUnixSeconds(now));
  const auto naive = NaiveRetryAfter(value, date, now, 2026);
  FUZZ_EXPECT(delay.has_value() == (naive.has_value() && !is_twice));
  FUZZ_EXPECT(found->Fault(absl::FromUnixSeconds(now)).empty() ==
              delay.has_value());
  FUZZ_EXPECT(!delay.has_value() || *delay == absl::Seconds(*naive));
  FUZZ_EXPECT(!delay.has_value() || (*delay >= auth::kMinRetryAfter &&
                                     *delay <= auth::kMaxRetryAfter));
  return 0;
}

}  // namespace ovoc::fuzz
