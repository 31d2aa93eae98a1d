// SPDX-License-Identifier: Apache-2.0
//
// The form of setting_error.h, of each message that a file of settings can
// cause: FILE:LINE: NAME: PROBLEM; REMEDY.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

// The least that works; the text of a row begins in line 3.
constexpr absl::string_view kLeast =
    "WSTunServer = ovoc.example\nWSTunPassword = 's3cret'\n";

struct Message {
  int line = 0;
  std::string name;  // empty for a line without a setting
  std::string problem;
  std::string remedy;
};

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  });
}

// The first "; " behind a word: one behind a space is spoken of.
size_t EndOfProblem(absl::string_view text) {
  size_t end = text.find("; ");
  while (end != absl::string_view::npos && end > 0 && text[end - 1] == ' ') {
    end = text.find("; ", end + 1);
  }
  return end;
}

// The parts of a message. What has no place in them fails the test.
Message Split(absl::string_view text) {
  Message message;
  EXPECT_TRUE(absl::ConsumePrefix(&text, "f.ini:")) << text;
  const size_t line_end = text.find(": ");
  EXPECT_TRUE(absl::SimpleAtoi(text.substr(0, line_end), &message.line));
  text.remove_prefix(std::min(text.size(), line_end + 2));
  const size_t name_end = text.find(": ");
  if (name_end != absl::string_view::npos && IsWord(text.substr(0, name_end))) {
    message.name = std::string(text.substr(0, name_end));
    text.remove_prefix(name_end + 2);
  }
  const size_t problem_end = EndOfProblem(text);
  EXPECT_NE(problem_end, absl::string_view::npos) << "no remedy: " << text;
  message.problem = std::string(text.substr(0, problem_end));
  if (problem_end != absl::string_view::npos) {
    message.remedy = std::string(text.substr(problem_end + 2));
  }
  return message;
}

// A sentence goes on: only names begin with a capital letter.
bool BeginsLikeAClause(absl::string_view text) {
  const bool name = absl::StartsWith(text, "WSTun") ||
                    absl::StartsWith(text, "TLS") ||
                    absl::StartsWith(text, "OVOC");
  return !text.empty() &&
         (name || !absl::ascii_isupper(static_cast<unsigned char>(text[0])));
}

bool EndsLikeAClause(absl::string_view text) {
  return !text.empty() && !absl::StrContains(".,: ", text.back());
}

// The imperative with which an instruction begins, or a question.
bool IsInstruction(absl::string_view text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  for (const absl::string_view verb :
       {"add", "begin", "check", "end", "leave", "move", "put", "raise",
        "remove", "set", "use", "write"}) {
    if (words[0] == verb) {
      return words.size() > 1;
    }
  }
  return absl::StartsWith(text, "did you mean ") && absl::EndsWith(text, "?");
}

void ExpectForm(absl::string_view text, const Message& message) {
  EXPECT_GT(message.line, 0);
  EXPECT_TRUE(BeginsLikeAClause(message.problem)) << message.problem;
  EXPECT_TRUE(EndsLikeAClause(message.problem)) << message.problem;
  EXPECT_TRUE(IsInstruction(message.remedy)) << message.remedy;
  EXPECT_TRUE(EndsLikeAClause(message.remedy)) << message.remedy;
  EXPECT_FALSE(absl::StrContains(text, "s3cret"));
  EXPECT_LT(text.size(), 512u) << "too long to be read in a log";
  EXPECT_TRUE(std::all_of(text.begin(), text.end(),
                          [](char c) { return c >= 0x20 && c < 0x7f; }));
}

// Where the messages are, as "3 WSTunMtu, 4 -", once each has its form.
std::string Places(absl::string_view messages) {
  std::string places;
  for (const absl::string_view text : absl::StrSplit(messages, '\n')) {
    SCOPED_TRACE(text);
    const Message message = Split(text);
    ExpectForm(text, message);
    absl::StrAppend(&places, places.empty() ? "" : ", ", message.line, " ",
                    message.name.empty() ? "-" : message.name);
  }
  return places;
}

std::string PlacesOf(absl::string_view text, IniDialect dialect) {
  const auto settings = ParseSettings(text, "f.ini", dialect);
  return settings.ok() ? "no error" : Places(settings.status().message());
}

struct Row {
  const char* name;
  std::string text;  // from line 3 on
  const char* places;
};

void ExpectPlaces(const std::vector<Row>& rows, absl::string_view front,
                  IniDialect dialect) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(PlacesOf(absl::StrCat(front, row.text, "\n"), dialect),
              row.places);
  }
}

TEST(SettingMessagesTest, HaveTheirFormForLinesThatCannotBeRead) {
  ExpectPlaces(
      {
          {"no =", "value", "3 -"},
          {"a # comment", "# WSTunMtu = 1400", "3 -"},
          {"no name", "WSTun Mtu = 1400", "3 -"},
          {"a name of 65 bytes", std::string(65, 'n') + " = 1", "3 -"},
          {"a line of 1025 bytes", "WSTunMtu = " + std::string(1014, '1'),
           "3 -"},
          {"a control byte", "WSTunMtu = 1400\x01", "3 -"},
          {"a CR alone", "WSTunMtu = 1400\rWSTunVrf = a", "3 -"},
          {"no closing quote", "WSTunMtu = '1400", "3 WSTunMtu"},
          {"text behind a quote", "WSTunMtu = '1400'0", "3 WSTunMtu"},
          {"double quotes", "WSTunMtu = \"1400\"", "3 WSTunMtu"},
          {"backquotes", "WSTunMtu = `1400`", "3 WSTunMtu"},
          {"half a quote", "WSTunMtu = 1400'", "3 WSTunMtu"},
          {"no closing bracket", "[WSTUN", "3 -"},
          {"text behind a bracket", "[WSTUN] x", "3 -"},
          {"two lines", "\n[WSTUN\nvalue", "4 -, 5 -"},
      },
      kLeast, IniDialect::kStrict);
}

TEST(SettingMessagesTest, HaveTheirFormForNamesAndForSettingsTogether) {
  ExpectPlaces(
      {
          {"nearly a name", "WSTunMut = 1400", "3 WSTunMut"},
          {"no name of ours", "SyslogServerIP = 192.0.2.1", "3 SyslogServerIP"},
          {"twice", "WSTunMtu = 1400\nWSTunMtu = 1400", "4 WSTunMtu"},
          {"twice by its alias",
           "DNSPriServerIP = 192.0.2.1\nDefaultPrimaryDnsServerIp = 192.0.2.1",
           "4 DNSPriServerIP"},
          {"two passwords", "WSTunPasswordFile = p", "3 WSTunPasswordFile"},
          {"a certificate alone", "TLSCertificate = c", "3 TLSCertificate"},
          {"a key alone", "TLSPrivateKey = k", "3 TLSPrivateKey"},
          {"dead before it is silent", "WSTunDeadAfter = 5",
           "3 WSTunDeadAfter"},
          {"a ; that may be meant", "WSTunUsername = a ;b", "3 WSTunUsername"},
          {"a # behind a value", "WSTunMtu = 1400 # bytes", "3 WSTunMtu"},
      },
      kLeast, IniDialect::kStrict);
  ExpectPlaces(
      {
          {"nothing", "", "1 WSTunServer, 1 WSTunPassword"},
          {"no password", "WSTunServer = a", "1 WSTunPassword"},
          {"OVOC's address", "WSTunServer = 169.254.0.1\nWSTunPassword = x",
           "1 WSTunServer"},
          {"inside the overlay", "WSTunPassword = x\nWSTunServer = 169.254.1.1",
           "2 WSTunServer"},
          {"an obfuscated password", "WSTunServer = a\nWSTunPassword = $1$ab",
           "2 WSTunPassword"},
          {"a long password",
           "WSTunServer = a\nWSTunPassword = s3cret" + std::string(250, 'x'),
           "2 WSTunPassword"},
      },
      "", IniDialect::kStrict);
}

TEST(SettingMessagesTest, HaveTheirFormForABadValueOfEachSetting) {
  for (const absl::string_view name : SettingNames()) {
    SCOPED_TRACE(name);
    const SettingRule* const rule = FindSettingRule(name);
    ASSERT_NE(rule, nullptr);
    // An empty path is a path.
    const absl::string_view value = name == "WSTunServerPath" ? "a b" : "";
    const std::string places =
        PlacesOf(absl::StrCat(name, " = '", value, "'\n"), IniDialect::kStrict);
    EXPECT_TRUE(absl::StartsWith(absl::StrCat(places, ","),
                                 absl::StrCat("1 ", rule->name, ",")))
        << places;
  }
}

TEST(SettingMessagesTest, HaveTheirFormForWhatIsNoListOfServers) {
  for (const absl::string_view value :
       {"a,b,c,d", "a,,b", ",", "a,", "a,A", "192.0.2.1,192.0.2.1", "a;b",
        "a b", "a,b c", "a,b:443", "https://a,b", "a,[::1]", "a,224.0.0.1",
        "a,169.254.0.1", "a,169.254.1.1", "a,b*", "a,b.", "VPN@a,b"}) {
    EXPECT_EQ(PlacesOf(absl::StrCat("WSTunServer = ", value,
                                    "\nWSTunPassword = 's3cret'\n"),
                       IniDialect::kStrict),
              "1 WSTunServer")
        << value;
  }
}

TEST(SettingMessagesTest, HaveTheirFormForWhatIsNoAddressOfAServer) {
  for (const absl::string_view value : {"https://ns.example",
                                        "ns.example:53",
                                        "[2001:db8::1]",
                                        "192.0.2.1/24",
                                        "0.1.2.3",
                                        "224.0.0.1",
                                        "255.255.255.255",
                                        "240.0.0.1",
                                        "ff02::1",
                                        "::",
                                        "::ffff:192.0.2.1",
                                        "fe80::1",
                                        "fe80::1%",
                                        "2001:db8::1%eth0",
                                        "ns%20.example",
                                        "10.0.0.256",
                                        "b\u00fccher.example",
                                        "ns.example.",
                                        "a_b",
                                        "192.0.2.1 192.0.2.2",
                                        "169.254.0.1"}) {
    EXPECT_EQ(PlacesOf(absl::StrCat(kLeast, "DNSSecServerIP = ", value, "\n"),
                       IniDialect::kStrict),
              "3 DNSSecServerIP")
        << value;
  }
}

TEST(SettingMessagesTest, HaveTheirFormForTheFileOfADevice) {
  ExpectPlaces(
      {
          {"in a table", "[ A ]\nFORMAT A_Index = A_B;\nWSTunMtu = 1400",
           "5 WSTunMtu"},
          {"in a table without a title", "FORMAT A_Index = B;\nWSTunMtu = 1400",
           "4 WSTunMtu"},
          {"in front of its FORMAT",
           "[ A ]\nWSTunMtu = 1400\nFORMAT A_Index = A_B;", "4 WSTunMtu"},
          {"a name in quotes", "'WSTunMtu' = 1400", "3 WSTunMtu"},
          {"a no-break space", "\u00a0WSTunMtu = 1400", "3 WSTunMtu"},
          {"two files joined", "\ufeffWSTunMtu = 1400", "3 WSTunMtu"},
          {"a NUL byte", std::string("A = \0", 5), "3 -"},
          {"a bad value behind what is skipped", "A = 1\nWSTunMtu = 1",
           "4 WSTunMtu"},
      },
      kLeast, IniDialect::kDevice);
}

TEST(SettingMessagesTest, HaveTheirFormForWhatACertifiedBuildRefuses) {
  struct Case {
    absl::string_view line;
    absl::string_view place;
  };
  constexpr Case kCases[] = {
      {"WSTunSecured = 0", "3 WSTunSecured"},
      {"WSTunVerifyPeer = 0", "3 WSTunVerifyPeer"},
      {"WSTunVerifyHostName = 0", "3 WSTunVerifyHostName"},
      {"WSTunPeerToPeer = 1", "3 WSTunPeerToPeer"},
      {"WSTunProxy = 'http://u:p@proxy:3128'", "3 WSTunProxy"},
  };
  for (const Case& c : kCases) {
    const auto settings = ParseSettings(absl::StrCat(kLeast, c.line, "\n"),
                                        "f.ini", IniDialect::kStrict);
    ASSERT_TRUE(settings.ok()) << settings.status();
    const absl::Status refused =
        CheckPolicy(Policy::kCertified, *settings).ToStatus();
    // The password of 6 characters is refused as well.
    EXPECT_EQ(Places(refused.message()),
              absl::StrCat("2 WSTunPassword, ", c.place));
  }
}

}  // namespace
}  // namespace ovoc::tunnel
