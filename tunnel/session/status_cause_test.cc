// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/status_cause.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

auth::ResponseHead Answer(int status) {
  auth::ResponseHead head;
  head.minor_version = 1;
  head.status_code = status;
  return head;
}

// RFC 9110 15, RFC 6585
TEST(StatusCauseTest, AStatusSaysWhatIsInTheWay) {
  struct Case {
    int status;
    EndCause cause;
  };
  constexpr Case kCases[] = {
      {301, EndCause::kRedirect},   {302, EndCause::kRedirect},
      {303, EndCause::kRedirect},   {307, EndCause::kRedirect},
      {308, EndCause::kRedirect},   {304, EndCause::kUnknown},
      {400, EndCause::kBadRequest}, {403, EndCause::kForbidden},
      {404, EndCause::kNotFound},   {407, EndCause::kProxyLogin},
      {429, EndCause::kBusy},       {503, EndCause::kBusy},
      {502, EndCause::kBadGateway}, {504, EndCause::kBadGateway},
      {511, EndCause::kLoginPage},  {500, EndCause::kUnknown},
      {405, EndCause::kUnknown},    {200, EndCause::kUnknown},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(CauseOfStatus(Answer(c.status)), c.cause) << c.status;
  }
}

TEST(StatusCauseTest, APageInPlaceOfATunnelIsALoginPage) {
  struct Case {
    int status;
    absl::string_view type;
    EndCause cause;
  };
  constexpr Case kCases[] = {
      {200, "text/html", EndCause::kLoginPage},
      {200, "Text/HTML; charset=utf-8", EndCause::kLoginPage},
      {203, "application/xhtml+xml", EndCause::kLoginPage},
      {200, "application/json", EndCause::kUnknown},
      {200, "text/plain", EndCause::kUnknown},
      // Most servers have a page for their errors.
      {404, "text/html", EndCause::kNotFound},
      {500, "text/html", EndCause::kUnknown},
  };
  for (const Case& c : kCases) {
    auth::ResponseHead head = Answer(c.status);
    head.fields.push_back({"content-type", std::string(c.type)});
    EXPECT_EQ(CauseOfStatus(head), c.cause) << c.status << " " << c.type;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
