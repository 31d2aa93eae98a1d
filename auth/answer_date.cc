// SPDX-License-Identifier: Apache-2.0
#include "auth/answer_date.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "auth/retry_after.h"

namespace ovoc::auth {

std::optional<absl::Time> AnswerDate(const ResponseHead& head, absl::Time now) {
  const std::vector<absl::string_view> dates = head.Values("Date");
  return dates.size() == 1 ? ParseHttpDate(dates.front(), now) : std::nullopt;
}

}  // namespace ovoc::auth
