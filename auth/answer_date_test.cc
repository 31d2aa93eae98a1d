// SPDX-License-Identifier: Apache-2.0
#include "auth/answer_date.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/response_head.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

// `date -u -d @784111777`: the example of RFC 9110 5.6.7.
const absl::Time kExample = absl::FromUnixSeconds(784111777);
const absl::Time kNow = absl::FromUnixSeconds(1764500000);

ResponseHead Head(const std::vector<HeaderField>& fields) {
  ResponseHead head;
  head.status_code = 101;
  head.fields = fields;
  return head;
}

TEST(AnswerDateTest, ReadsEachFormOfADate) {
  for (const absl::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(AnswerDate(Head({{"Date", std::string(text)}}), kNow), kExample)
        << text;
  }
}

TEST(AnswerDateTest, TheNameMayStandInAnyCaseAndAnywhere) {
  EXPECT_EQ(AnswerDate(Head({{"Server", "nginx"},
                             {"date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                             {"Upgrade", "websocket"}}),
                       kNow),
            kExample);
}

// RFC 9110 6.6.1: a server without a clock sends none, and any may leave it out
// of a 101.
TEST(AnswerDateTest, IsNothingWithoutTheField) {
  EXPECT_EQ(AnswerDate(Head({}), kNow), std::nullopt);
  EXPECT_EQ(AnswerDate(Head({{"Last-Modified",  //
                              "Sun, 06 Nov 1994 08:49:37 GMT"}}),
                       kNow),
            std::nullopt);
}

// RFC 9110 5.3: nobody may send it twice, and two readers would disagree.
TEST(AnswerDateTest, IsNothingIfTheFieldIsThereTwice) {
  const HeaderField date = {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"};
  EXPECT_EQ(AnswerDate(Head({date, date}), kNow), std::nullopt);
}

TEST(AnswerDateTest, IsNothingIfItIsNoDate) {
  for (const absl::string_view text :
       {"", "0", "784111777", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT"}) {
    EXPECT_EQ(AnswerDate(Head({{"Date", std::string(text)}}), kNow),
              std::nullopt)
        << text;
  }
}

}  // namespace
}  // namespace ovoc::auth
