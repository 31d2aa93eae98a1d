// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/credential_redactor.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kBasic = "Basic cmVwbGFjZWQ6cmVwbGFjZWQ=";
// What may never come out. (base64 of "VPN:no-default-42")
constexpr absl::string_view kSecret = "VlBOOm5vLWRlZmF1bHQtNDI=";

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void Append(const std::vector<uint8_t>& bytes, std::string* text) {
  text->append(bytes.begin(), bytes.end());
}

std::string Whole(absl::string_view in) {
  CredentialRedactor redactor;
  std::string out;
  Append(redactor.Redact(Bytes(in)), &out);
  Append(redactor.Finish(), &out);
  return out;
}

std::string InPieces(absl::string_view in, size_t piece) {
  CredentialRedactor redactor;
  std::string out;
  while (!in.empty()) {
    const size_t size = std::min(piece, in.size());
    Append(redactor.Redact(Bytes(in.substr(0, size))), &out);
    in.remove_prefix(size);
  }
  Append(redactor.Finish(), &out);
  return out;
}

std::string CutAt(absl::string_view in, size_t cut) {
  CredentialRedactor redactor;
  std::string out;
  Append(redactor.Redact(Bytes(in.substr(0, cut))), &out);
  Append(redactor.Redact(Bytes(in.substr(cut))), &out);
  Append(redactor.Finish(), &out);
  return out;
}

struct Case {
  const char* name;
  std::string in;
  std::string want;
};

std::vector<Case> Cases() {
  const std::string head = "GET /tun HTTP/1.1\r\nHost: a\r\n";
  const std::string end = "Upgrade: websocket\r\n\r\n";
  const std::string s(kSecret);
  const std::string b(kBasic);
  return {
      {"none", head + end, head + end},
      {"the usual line", head + "Authorization: Basic " + s + "\r\n" + end,
       head + "Authorization: " + b + "\r\n" + end},
      {"lower case", head + "authorization: Basic " + s + "\r\n" + end,
       head + "authorization: " + b + "\r\n" + end},
      {"mixed case, tab", head + "aUTHORIZATION:\tbasic  " + s + "\r\n" + end,
       head + "aUTHORIZATION: " + b + "\r\n" + end},
      {"no blank", head + "Authorization:Basic " + s + "\r\n" + end,
       head + "Authorization: " + b + "\r\n" + end},
      {"another scheme", head + "Authorization: Bearer " + s + "\r\n" + end,
       head + "Authorization: " + b + "\r\n" + end},
      {"empty", head + "Authorization:\r\n" + end,
       head + "Authorization: " + b + "\r\n" + end},
      {"twice",
       head + "Authorization: Basic " + s + "\r\nAuthorization: " + s + "\r\n" +
           end,
       head + "Authorization: " + b + "\r\nAuthorization: " + b + "\r\n" + end},
      {"folded",
       head + "Authorization: Basic\r\n " + s + "\r\n\t" + s + "\r\n" + end,
       head + "Authorization: " + b + "\r\n" + end},
      {"folded with bare LF", head + "Authorization: Basic\n " + s + "\n" + end,
       head + "Authorization: " + b + "\n" + end},
      {"inside a folded line",
       head + " Authorization: Basic " + s + "\r\n" + end,
       head + " Authorization: " + b + "\r\n" + end},
      {"bare CR before", "GET / HTTP/1.1\rAuthorization: " + s + "\r\n" + end,
       "GET / HTTP/1.1\rAuthorization: " + b + "\r\n" + end},
      {"blanks before the colon",
       head + "Authorization" + std::string(40, ' ') + ": " + s + "\r\n" + end,
       head + "Authorization" + std::string(40, ' ') + ": " + b + "\r\n" + end},
      {"odd white space around the longest name",
       head + "\v\f\vProxy-Authorization \v\f\t: " + s + "\r\n" + end,
       head + "\v\f\vProxy-Authorization \v\f\t: " + b + "\r\n" + end},
      {"to a proxy", head + "Proxy-Authorization: Basic " + s + "\r\n" + end,
       head + "Proxy-Authorization: " + b + "\r\n" + end},
      {"cookies", head + "Cookie: " + s + "\r\nset-cookie: " + s + "\r\n" + end,
       head + "Cookie: replaced=replaced\r\nset-cookie: replaced=replaced\r\n" +
           end},
      {"last and cut short", head + "Authorization: Basic " + s,
       head + "Authorization: " + b},
      {"last, cut inside the line's end", head + "Authorization: " + s + "\r",
       head + "Authorization: " + b + "\r"},
      {"a second request on the connection",
       head + end + head + "Authorization: " + s + "\r\n" + end,
       head + end + head + "Authorization: " + b + "\r\n" + end},
      {"after a body", head + end + "\x82\x01x\nAuthorization: " + s + "\r\n",
       head + end + "\x82\x01x\nAuthorization: " + b + "\r\n"},
  };
}

TEST(CredentialRedactorTest, ValuesAreReplacedAndTheRestStays) {
  for (const Case& c : Cases()) {
    EXPECT_EQ(Whole(c.in), c.want) << c.name;
    EXPECT_FALSE(absl::StrContains(Whole(c.in), kSecret)) << c.name;
  }
}

TEST(CredentialRedactorTest, TheOutcomeIsTheSameCutAnywhere) {
  for (const Case& c : Cases()) {
    for (size_t cut = 0; cut <= c.in.size(); ++cut) {
      ASSERT_EQ(CutAt(c.in, cut), c.want) << c.name << " cut at " << cut;
    }
    for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}}) {
      ASSERT_EQ(InPieces(c.in, piece), c.want) << c.name << " by " << piece;
    }
  }
}

TEST(CredentialRedactorTest, OtherFieldsAreLeftAlone) {
  for (const char* name :
       {"Authorizatio", "Authorizations", "X-Authorization", "Authorization2",
        "Author ization", "Authorization-X", "Proxy-Authorization-X", "Cookies",
        "WWW-Authenticate", "Sec-WebSocket-Key"}) {
    const std::string in =
        absl::StrCat("GET / HTTP/1.1\r\n", name, ": Basic abc\r\n ghi\r\n\r\n");
    EXPECT_EQ(Whole(in), in) << name;
    EXPECT_EQ(ReplacementFor(name), "") << name;
  }
}

TEST(CredentialRedactorTest, TheReplacementTellsNothingOfTheValue) {
  EXPECT_EQ(Whole("Authorization: a\r\n\r\n"),
            Whole(absl::StrCat("Authorization: Basic ", std::string(5000, 'x'),
                               "\r\n\r\n")));
}

// A frame whose payload looks like a header line.
constexpr absl::string_view kFrame = "\x82\x18\r\nAuthorization: secret\r\n";

TEST(CredentialRedactorTest, FramesAfterTheUpgradeAreLeftAlone) {
  const std::string head = "GET / HTTP/1.1\r\nAuthorization: x\r\n\r\n";
  for (size_t cut = 0; cut <= kFrame.size(); ++cut) {
    CredentialRedactor redactor;
    std::string out;
    Append(redactor.Redact(Bytes(head)), &out);
    redactor.ExpectFrames();
    Append(redactor.Redact(Bytes(kFrame.substr(0, cut))), &out);
    Append(redactor.Redact(Bytes(kFrame.substr(cut))), &out);
    EXPECT_EQ(out, absl::StrCat("GET / HTTP/1.1\r\nAuthorization: ", kBasic,
                                "\r\n\r\n", kFrame));
  }
}

TEST(CredentialRedactorTest, AnUpgradeBeforeTheHeadEndsUncoversNothing) {
  const std::string head = absl::StrCat(
      "GET / HTTP/1.1\r\nX: y\r\r\n\nAuthorization: ", kSecret, "\r\n\r\n");
  for (size_t cut = 0; cut < head.size(); ++cut) {
    CredentialRedactor redactor;
    std::string out;
    Append(redactor.Redact(Bytes(absl::string_view(head).substr(0, cut))),
           &out);
    redactor.ExpectFrames();
    Append(redactor.Redact(Bytes(absl::string_view(head).substr(cut))), &out);
    Append(redactor.Redact(Bytes(kFrame)), &out);
    ASSERT_FALSE(absl::StrContains(out, kSecret)) << cut;
    ASSERT_TRUE(absl::EndsWith(out, kFrame)) << cut;
  }
}

}  // namespace
}  // namespace ovoc::conformance
