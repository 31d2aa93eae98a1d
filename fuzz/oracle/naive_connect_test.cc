// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_connect.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using tunnel::ProxyFailure;
using Result = tunnel::ProxyExchange::Result;

struct Case {
  absl::string_view answer;
  Result result;
  ProxyFailure failure;  // also of a close, with kNeedMore
};

TEST(NaiveConnectTest, JudgesOneAnswerOfEachKind) {
  const Case kCases[] = {
      {"", Result::kNeedMore, ProxyFailure::kClosed},
      {"HTTP/1.1 200 OK\r\n", Result::kNeedMore, ProxyFailure::kClosed},
      {"HTTP/1.1 200 OK\r\n\r\n", Result::kOpen, ProxyFailure::kClosed},
      {"HTTP/1.0 299 \r\nContent-Length: 7\r\n\r\n", Result::kOpen,
       ProxyFailure::kClosed},
      {"HTTP/1.1 200 OK\r\n\r\nx", Result::kFailed, ProxyFailure::kEarlyBytes},
      {"HTTP/1.1 200 OK\r\n\r\n<", Result::kFailed, ProxyFailure::kWebPage},
      {"HTTP/1.1 200 OK\r\ncontent-type: text/HTML ; q\r\n\r\n",
       Result::kNeedMore, ProxyFailure::kWebPage},
      {"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\nx", Result::kFailed,
       ProxyFailure::kWebPage},
      {"HTTP/1.1 403 No\r\n\r\n", Result::kFailed, ProxyFailure::kForbidden},
      {"HTTP/1.1 407 No\r\n\r\n", Result::kFailed, ProxyFailure::kUnauthorized},
      {"HTTP/1.1 500 No\r\n\r\n", Result::kFailed, ProxyFailure::kNoServer},
      {"HTTP/1.1 501 No\r\n\r\n", Result::kFailed, ProxyFailure::kRefused},
      {"HTTP/1.1 502 No\r\n\r\n", Result::kFailed, ProxyFailure::kNoServer},
      {"HTTP/1.1 503 No\r\n\r\n", Result::kFailed, ProxyFailure::kNoServer},
      {"HTTP/1.1 504 No\r\n\r\n", Result::kFailed, ProxyFailure::kNoServer},
      {"HTTP/1.1 302 Go\r\n\r\n", Result::kFailed, ProxyFailure::kRefused},
      {"HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n", Result::kFailed,
       ProxyFailure::kWebPage},
      {"HTTP/1.1 100 Go\r\n\r\n", Result::kFailed, ProxyFailure::kBrokenAnswer},
      {"HTTP/2 200\r\n\r\n", Result::kFailed, ProxyFailure::kBrokenAnswer},
      {"<!DOCTYPE html>", Result::kFailed, ProxyFailure::kWebPage},
  };
  for (const Case& c : kCases) {
    const NaiveConnect judged = JudgeConnect(c.answer);
    EXPECT_EQ(judged.result, c.result) << c.answer;
    if (c.result != Result::kOpen) {
      EXPECT_EQ(judged.failure, c.failure) << c.answer;
    }
  }
}

}  // namespace
}  // namespace ovoc::fuzz
