// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/connect_failure.h"

#include <errno.h>

#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

TEST(ConnectFailureTest, TellsWhatASynCameTo) {
  struct Case {
    int error;
    EndCause cause;
  };
  constexpr Case kCases[] = {
      {ECONNREFUSED, EndCause::kPortClosed},
      {ECONNRESET, EndCause::kTlsFailed},
      {ETIMEDOUT, EndCause::kPortSilent},
      {ENETUNREACH, EndCause::kNoRoute},
      {EHOSTUNREACH, EndCause::kNoRoute},
      {EADDRNOTAVAIL, EndCause::kNoRoute},
      {EACCES, EndCause::kUnknown},
      {EPERM, EndCause::kUnknown},
  };
  for (const Case& c : kCases) {
    const absl::Status why = ConnectFailure(c.error);
    EXPECT_TRUE(absl::IsUnavailable(why)) << why;
    EXPECT_EQ(CauseOf(why), c.cause) << why;
  }
  EXPECT_EQ(ConnectFailure(ECONNREFUSED).message(),
            "connect: Connection refused");
}

}  // namespace
}  // namespace ovoc::tunnel
