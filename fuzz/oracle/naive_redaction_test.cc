// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_redaction.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kNever = absl::string_view::npos;
constexpr absl::string_view kBasic = "Basic cmVwbGFjZWQ6cmVwbGFjZWQ=";

std::string Recorded(absl::string_view stream, size_t upgraded_at = kNever) {
  return ReadNaiveRedaction(stream, upgraded_at).recorded;
}

TEST(NaiveRedactionTest, LeavesOtherFieldsAlone) {
  for (const absl::string_view text :
       {"", "\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "Authorization",
        "X-Authorization: a\r\n", "Author ization: a\n b\n", ": a\r",
        "a: Authorization: b\r\n"}) {
    const NaiveRedaction naive = ReadNaiveRedaction(text, kNever);
    EXPECT_EQ(naive.recorded, text);
    EXPECT_EQ(naive.other, text);
    EXPECT_EQ(naive.values, 0u) << text;
  }
}

TEST(NaiveRedactionTest, ReplacesTheFourFields) {
  EXPECT_EQ(Recorded("authorization:a\r\nb: c\r\n"),
            absl::StrCat("authorization: ", kBasic, "\r\nb: c\r\n"));
  EXPECT_EQ(Recorded(" Proxy-Authorization\t: a\n"),
            absl::StrCat(" Proxy-Authorization\t: ", kBasic, "\n"));
  EXPECT_EQ(Recorded("COOKIE: a\rSet-Cookie: b"),
            "COOKIE: replaced=replaced\rSet-Cookie: replaced=replaced");
  EXPECT_EQ(Recorded("\v\fCookie: a"), "\v\fCookie: replaced=replaced");
}

TEST(NaiveRedactionTest, AValueGoesOnInFoldedLines) {
  for (const absl::string_view value :
       {"a\r\n b\r\n", "a\r\n\tb\r\n\t\r\n", "\r\n \r\n", "a\r\n"}) {
    EXPECT_EQ(Recorded(absl::StrCat("Cookie: ", value, "b: c")),
              "Cookie: replaced=replaced\r\nb: c");
  }
  EXPECT_EQ(Recorded("Cookie: a\n b\r c\n\r d"),
            "Cookie: replaced=replaced\n\r d");
  EXPECT_EQ(Recorded("Cookie: a\r\n "), "Cookie: replaced=replaced");
}

TEST(NaiveRedactionTest, TheOtherStreamHasOtherValuesAndIsRecordedTheSame) {
  const NaiveRedaction naive =
      ReadNaiveRedaction("a: b\r\nCookie: cc\r\n dd\r\n\r\n", kNever);
  EXPECT_EQ(naive.other, "a: b\r\nCookie:x\r\n\r\n");
  EXPECT_EQ(naive.values, 1u);
  EXPECT_EQ(Recorded(naive.other), naive.recorded);
}

TEST(NaiveRedactionTest, FramesBeginBehindTheHeadThatIsRead) {
  const std::string head = "Cookie: a\r\n\r\n";
  const std::string out = "Cookie: replaced=replaced\r\n\r\n";
  const std::string twice = head + head;
  for (size_t at = 0; at <= head.size(); ++at) {
    EXPECT_EQ(Recorded(twice, at), out + head) << at;
  }
  EXPECT_EQ(Recorded(twice, head.size() + 1), out + out);
  EXPECT_EQ(Recorded(twice), out + out);
}

// Who records these has told nothing of what is secret in them.
TEST(NaiveRedactionTest, NoSecretIsRecordedHoweverTheFieldIsWritten) {
  const absl::string_view secret = "c2VjcmV0";
  for (const absl::string_view name :
       {"Authorization", "AUTHORIZATION", "proxy-authorization", "Cookie",
        "set-cookie", " Cookie", "Cookie ", "\tCookie\t"}) {
    for (const absl::string_view between :
         {": ", ":", ":\t", ": Basic ", ":\r\n ", ":\n\t", ": a: b\r "}) {
      for (const absl::string_view end : {"", "\r\n", "\n", "\r", "\r\n\r\n"}) {
        const std::string stream =
            absl::StrCat("GET / HTTP/1.1\r\n", name, between, secret, end);
        const NaiveRedaction naive = ReadNaiveRedaction(stream, kNever);
        EXPECT_FALSE(absl::StrContains(naive.recorded, secret)) << stream;
        EXPECT_FALSE(absl::StrContains(naive.other, secret)) << stream;
        EXPECT_EQ(naive.values, 1u) << stream;
        EXPECT_EQ(Recorded(naive.other), naive.recorded) << stream;
      }
    }
  }
}

TEST(NaiveRedactionTest, WhatIsRecordedIsRecordedTheSameAgain) {
  for (const absl::string_view stream :
       {"Cookie: a\r\nAuthorization: b\r\n\r\n", "Set-Cookie: a\r\n b\n\n",
        "a\r\n b: c\r\nCookie:\r\n", "Proxy-Authorization: a\rCookie: b\r"}) {
    const std::string once = Recorded(stream);
    EXPECT_EQ(Recorded(once), once) << stream;
  }
}

TEST(NaiveRedactionTest, FramesAreRecordedAsTheyAre) {
  const std::string head = "Cookie: a\r\n\r\n";
  const std::string frames =
      "\x82\x0a"
      "Cookie: b\n\r\n\r\nCookie: c\r\n";
  const NaiveRedaction naive = ReadNaiveRedaction(head + frames, head.size());
  EXPECT_EQ(naive.recorded,
            absl::StrCat("Cookie: replaced=replaced\r\n\r\n", frames));
  EXPECT_EQ(naive.other, absl::StrCat("Cookie:x\r\n\r\n", frames));
  EXPECT_EQ(naive.values, 1u);
}

}  // namespace
}  // namespace ovoc::fuzz
