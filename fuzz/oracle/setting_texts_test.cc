// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/setting_texts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "fuzz/oracle/naive_ini.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/settings.h"

namespace ovoc::fuzz {
namespace {

using tunnel::ParseSettings;
using tunnel::Settings;

constexpr absl::string_view kAll =
    "WSTunServer = ovoc.example , 192.0.2.9\n"
    "WSTunServerRevert = 1\n"
    "WSTunServerPort = 8443\n"
    "WSTunServerPath = /tun?a=b\n"
    "WSTunUsername = it's\n"
    "WSTunPassword = '1;2 '\n"
    "WSTunSecured = 1\n"
    "WSTunVerifyPeer = 0\n"
    "WSTunVerifyHostName = 0\n"
    "TLSTrustedRoots = /a\n"
    "TLSCertificate = /b\n"
    "TLSPrivateKey = /c\n"
    "WSTunProxy = https://a%20b:c%3Ad@[2001:db8::1]:3128/\n"
    "WSTunProxyRoots = 'proxy.pem'\n"
    "WSTunProxyFallback = 1\n"
    "DNSPriServerIP = 192.0.2.53\n"
    "DNSSecServerIP = 2001:DB8::0:1\n"
    "WSTunVrf = v\n"
    "WSTunInterface = i\n"
    "WSTunMtu = 576\n"
    "WSTunOverlay = 169.254.0.0/18\n"
    "WSTunPeerToPeer = 1\n"
    "WSTunKeepAlive = 5\n"
    "WSTunDeadAfter = 6\n"
    "WSTunReconnectSpread = 7\n";

TEST(SettingTextsTest, EverySettingComesBack) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(settings.ok()) << settings.status();
  const SettingTexts texts = TextsOf(*settings);
  EXPECT_TRUE(AreAsWritten(texts, ReadNaiveIni(kAll)));
  EXPECT_TRUE(AreAllowed(*settings));
  const absl::StatusOr<Settings> again =
      ParseSettings(IniOf(texts), "g", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(TextsOf(*again), texts);
}

TEST(SettingTextsTest, SeesAValueThatIsNotAsWritten) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
  ASSERT_TRUE(settings.ok()) << settings.status();
  const NaiveIni ini = ReadNaiveIni(kAll);
  const SettingTexts texts = TextsOf(*settings);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].first == "DNSSecServerIP" || texts[i].first == "WSTunProxy") {
      continue;  // many spellings: only whether it is there
    }
    SettingTexts wrong = texts;
    wrong[i].second += "x";
    EXPECT_FALSE(AreAsWritten(wrong, ini)) << texts[i].first;
    wrong.erase(wrong.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(AreAsWritten(wrong, ini)) << texts[i].first;
  }
}

TEST(SettingTextsTest, SeesADefaultThatIsNone) {
  const NaiveIni ini = ReadNaiveIni("WSTunServer = a\nWSTunPassword = b\n");
  SettingTexts texts = {
      {"WSTunServer", "a"}, {"WSTunPassword", "b"}, {"WSTunMtu", "1500"}};
  EXPECT_TRUE(AreAsWritten(texts, ini));
  texts[2].second = "1499";
  EXPECT_FALSE(AreAsWritten(texts, ini));
  texts[2] = {"TLSTrustedRoots", "/x"};
  EXPECT_FALSE(AreAsWritten(texts, ini));
}

TEST(SettingTextsTest, AnUnconfiguredDnsServerIsNone) {
  const NaiveIni ini = ReadNaiveIni("DNSPriServerIP = 0.0.0.0\n");
  EXPECT_TRUE(AreAsWritten({}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSPriServerIP", "0.0.0.0"}}, ini));
}

TEST(SettingTextsTest, ADnsServerHasTwoNames) {
  const NaiveIni ini = ReadNaiveIni("DefaultPrimaryDnsServerIp = 192.0.2.1\n");
  EXPECT_TRUE(AreAsWritten({{"DNSPriServerIP", "192.0.2.1"}}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSPriServerIP", "192.0.2.2"}}, ini));
  EXPECT_FALSE(AreAsWritten({{"DNSSecServerIP", "192.0.2.1"}}, ini));
}

TEST(SettingTextsTest, SeesWhatIsNotAllowed) {
  const auto with = [](void (*change)(Settings*)) {
    absl::StatusOr<Settings> settings =
        ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
    EXPECT_TRUE(settings.ok());
    change(&*settings);
    return AreAllowed(*settings);
  };
  EXPECT_TRUE(with([](Settings*) {}));
  EXPECT_FALSE(with([](Settings* s) { s->mtu = 575; }));
  EXPECT_FALSE(with([](Settings* s) { s->mtu = 1501; }));
  EXPECT_FALSE(with([](Settings* s) { s->keep_alive = absl::Seconds(18); }));
  EXPECT_FALSE(with([](Settings* s) { s->dead_after = s->keep_alive; }));
  EXPECT_FALSE(with([](Settings* s) { s->username = "a:b"; }));
  EXPECT_FALSE(with([](Settings* s) { s->password_file = "/p"; }));
  EXPECT_FALSE(with([](Settings* s) { s->private_key = ""; }));
  EXPECT_FALSE(with([](Settings* s) { s->vrf = "a b"; }));
  EXPECT_FALSE(with([](Settings* s) { s->interface = "sixteen_letters_"; }));
  EXPECT_FALSE(with([](Settings* s) { s->servers.clear(); }));
  EXPECT_FALSE(with([](Settings* s) { s->server_path = "a b"; }));
}

TEST(SettingTextsTest, AnErrorNamesALineOfItsFile) {
  EXPECT_TRUE(IsErrorAt("f:2: it is wrong", "f", "a\nb"));
  EXPECT_TRUE(IsErrorAt("f:1: it is wrong", "f", ""));
  EXPECT_FALSE(IsErrorAt("f:3: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f:0: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("g:1: it is wrong", "f", "a\nb"));
  EXPECT_FALSE(IsErrorAt("f:1: wrong \n", "f", "a\nb"));
}

TEST(AreErrorsAtTest, TakesOneLineForEach) {
  EXPECT_TRUE(AreErrorsAt("f:1: it is wrong\nf:2: so is this", "f", "a\nb"));
  EXPECT_FALSE(AreErrorsAt("f:1: it is wrong\nf:3: so is this", "f", "a\nb"));
  EXPECT_FALSE(AreErrorsAt("f:1: a\nthere are more errors", "f", "a\nb"));
  std::string errors;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&errors, "f:1: it is wrong\n");
  }
  EXPECT_TRUE(
      AreErrorsAt(absl::StrCat(errors, "there are more errors"), "f", "a"));
  EXPECT_FALSE(AreErrorsAt(absl::StrCat(errors, "f:1: it is wrong"), "f", "a"));
}

struct Limit {
  const char* name;
  void (*change)(Settings*);
  bool allowed;
};

std::string Letters(size_t count) { return std::string(count, 'a'); }

void SetPassword(Settings* s, const std::string& password) {
  s->password = auth::Secret::FromString(absl::string_view(password));
}

// The table of `client --help`.
constexpr Limit kLimits[] = {
    {"smallest MTU", [](Settings* s) { s->mtu = 576; }, true},
    {"largest MTU", [](Settings* s) { s->mtu = 1500; }, true},
    {"no keep-alive", [](Settings* s) { s->keep_alive = absl::ZeroDuration(); },
     false},
    {"shortest keep-alive",
     [](Settings* s) { s->keep_alive = absl::Seconds(1); }, true},
    {"shortest patience",
     [](Settings* s) {
       s->keep_alive = absl::Seconds(4);
       s->dead_after = absl::Seconds(5);
     },
     true},
    {"too short a patience",
     [](Settings* s) {
       s->keep_alive = absl::Seconds(3);
       s->dead_after = absl::Seconds(4);
     },
     false},
    {"longest patience",
     [](Settings* s) {
       s->keep_alive = absl::Seconds(17);
       s->dead_after = absl::Seconds(600);
     },
     true},
    {"too long a patience",
     [](Settings* s) { s->dead_after = absl::Seconds(601); }, false},
    {"patience shorter than the keep-alive",
     [](Settings* s) { s->keep_alive = absl::Seconds(7); }, false},
    {"no spread",
     [](Settings* s) { s->reconnect_spread = absl::ZeroDuration(); }, false},
    {"smallest spread",
     [](Settings* s) { s->reconnect_spread = absl::Seconds(1); }, true},
    {"largest spread",
     [](Settings* s) { s->reconnect_spread = absl::Seconds(300); }, true},
    {"too large a spread",
     [](Settings* s) { s->reconnect_spread = absl::Seconds(301); }, false},
    {"overlay of 16 bits",
     [](Settings* s) { s->overlay = *netif::Ipv4Prefix::Parse("10.1.0.0/16"); },
     true},
    {"overlay of 15 bits",
     [](Settings* s) { s->overlay = *netif::Ipv4Prefix::Parse("10.0.0.0/15"); },
     false},
    {"overlay of 30 bits",
     [](Settings* s) { s->overlay = *netif::Ipv4Prefix::Parse("10.0.0.0/30"); },
     true},
    {"overlay of 31 bits",
     [](Settings* s) { s->overlay = *netif::Ipv4Prefix::Parse("10.0.0.0/31"); },
     false},
    {"no user", [](Settings* s) { s->username = ""; }, false},
    {"longest user", [](Settings* s) { s->username = Letters(255); }, true},
    {"too long a user", [](Settings* s) { s->username = Letters(256); }, false},
    {"a user with a tab", [](Settings* s) { s->username = "a\tb"; }, false},
    {"no password", [](Settings* s) { SetPassword(s, ""); }, false},
    {"a password's file alone",
     [](Settings* s) {
       SetPassword(s, "");
       s->password_file = "/p";
     },
     true},
    {"longest password", [](Settings* s) { SetPassword(s, Letters(255)); },
     true},
    {"too long a password", [](Settings* s) { SetPassword(s, Letters(256)); },
     false},
    {"a password with a line end", [](Settings* s) { SetPassword(s, "a\n"); },
     false},
    {"longest VRF", [](Settings* s) { s->vrf = Letters(15); }, true},
    {"too long a VRF", [](Settings* s) { s->vrf = Letters(16); }, false},
    {"no VRF", [](Settings* s) { s->vrf = ""; }, false},
    {"a path as VRF", [](Settings* s) { s->vrf = "a/b"; }, false},
    {"no interface", [](Settings* s) { s->interface = ""; }, false},
    {"a pattern as interface", [](Settings* s) { s->interface = "ovoc%d"; },
     false},
    {"an interface with every mark",
     [](Settings* s) { s->interface = "a-b_c.1"; }, true},
    {"a key alone", [](Settings* s) { s->certificate = ""; }, false},
    {"neither certificate nor key",
     [](Settings* s) { s->certificate = s->private_key = ""; }, true},
    {"longest server", [](Settings* s) { s->servers = {{Letters(253)}}; },
     true},
    {"too long a server",
     [](Settings* s) { s->servers[1].name = Letters(254); }, false},
    {"no name", [](Settings* s) { s->servers[1].name = ""; }, false},
    {"three servers", [](Settings* s) { s->servers.push_back({"c"}); }, true},
    {"four servers",
     [](Settings* s) {
       s->servers.push_back({"c"});
       s->servers.push_back({"d"});
     },
     false},
    {"no path", [](Settings* s) { s->server_path = ""; }, true},
    {"longest path", [](Settings* s) { s->server_path = Letters(255); }, true},
    {"too long a path", [](Settings* s) { s->server_path = Letters(256); },
     false},
    {"a fragment", [](Settings* s) { s->server_path = "a#b"; }, false},
    {"the usual port", [](Settings* s) { s->server_port = 0; }, true},
};

TEST(SettingTextsTest, KnowsTheLimitsOfEachSetting) {
  for (const Limit& limit : kLimits) {
    absl::StatusOr<Settings> settings =
        ParseSettings(kAll, "f", tunnel::IniDialect::kStrict);
    ASSERT_TRUE(settings.ok()) << settings.status();
    limit.change(&*settings);
    EXPECT_EQ(AreAllowed(*settings), limit.allowed) << limit.name;
  }
}

TEST(SettingTextsTest, APathLosesOneSlashAndAnAddressMayBeSpeltOtherwise) {
  const auto is_as_written = [](const std::string& name,
                                const std::string& text,
                                const std::string& line) {
    return AreAsWritten({{name, text}}, ReadNaiveIni(line));
  };
  EXPECT_TRUE(is_as_written("WSTunServerPath", "a", "WSTunServerPath = /a"));
  EXPECT_TRUE(is_as_written("WSTunServerPath", "a", "wstunserverpath = a"));
  EXPECT_TRUE(is_as_written("WSTunServerPath", "/a", "WSTunServerPath = //a"));
  EXPECT_FALSE(is_as_written("WSTunServerPath", "a", "WSTunServerPath = //a"));
  EXPECT_FALSE(is_as_written("TLSCertificate", "a", "TLSCertificate = /a"));
  EXPECT_TRUE(is_as_written("WSTunServer", "a,b", "WSTunServer = a ,\tb"));
  EXPECT_FALSE(is_as_written("WSTunServer", "a,b", "WSTunServer = b,a"));
  EXPECT_TRUE(is_as_written("DNSSecServerIP", "2001:db8::1",
                            "DNSSecServerIP = 2001:DB8:0::1"));
  EXPECT_FALSE(is_as_written("WSTunVrf", "A", "WSTunVrf = a"));
  EXPECT_FALSE(is_as_written("WSTunMtu", "576", "WSTunMtu = 0576"));
  EXPECT_FALSE(is_as_written("WSTunMtu", "576", "WSTunMtus = 576"));
}

using tunnel::IniDialect;

TEST(IsReadAsTest, BothReadersAgree) {
  std::string many;
  for (int i = 0; i < 25; ++i) {
    many += "A\n";
  }
  for (const std::string& text :
       {std::string(), std::string("Ours = 1\n"), many,
        std::string("Ours = 'a;b' ; c\r\n[ A ]\n\nOURS = c ; d\n"),
        std::string("Ours\n=\n'Ours' = a\nOurs = \"b\"\nOurs='c' d\n"),
        std::string("[ A ]\nFORMAT A_I = B;\nA 0 = 1;\nOurs = 1\n[ \\A ]\n"
                    "Ours = 2\nB = 3\nC\n")}) {
    EXPECT_TRUE(IsReadAs(text, IniDialect::kStrict, ReadNaiveIni(text)))
        << text;
    EXPECT_TRUE(IsReadAs(text, IniDialect::kDevice, ReadNaiveDeviceIni(text)))
        << text;
  }
}

struct ReadingChange {
  const char* name;
  void (*make)(NaiveIni*);
};

// Each is what a reader with one fault would find.
constexpr ReadingChange kReadingChanges[] = {
    {"a line's number", [](NaiveIni* ini) { ini->lines[0].line = 2; }},
    {"a name", [](NaiveIni* ini) { ini->lines[0].name = "ours"; }},
    {"a value", [](NaiveIni* ini) { ini->lines[0].value = "a "; }},
    {"a comment is missing",
     [](NaiveIni* ini) { ini->lines[0].comment = false; }},
    {"a comment too many", [](NaiveIni* ini) { ini->lines[1].comment = true; }},
    {"a line is missing", [](NaiveIni* ini) { ini->lines.pop_back(); }},
    {"a line too many",
     [](NaiveIni* ini) { ini->lines.push_back(ini->lines[0]); }},
    {"order", [](NaiveIni* ini) { std::swap(ini->lines[0], ini->lines[1]); }},
    {"an error is missing", [](NaiveIni* ini) { ini->bad.clear(); }},
    {"an error too many", [](NaiveIni* ini) { ini->bad.push_back(3); }},
    {"an error elsewhere", [](NaiveIni* ini) { ini->bad = {1}; }},
    {"parameters", [](NaiveIni* ini) { ++ini->passed_over[0]; }},
    {"tables", [](NaiveIni* ini) { ++ini->passed_over[1]; }},
    {"rows", [](NaiveIni* ini) { ++ini->passed_over[2]; }},
    {"others", [](NaiveIni* ini) { ++ini->passed_over[3]; }},
};

TEST(IsReadAsTest, SeesEachDifference) {
  constexpr absl::string_view kText = "Ours = a ; c\nOurs\nOurs2 = 'd'\n";
  for (const IniDialect dialect : {IniDialect::kStrict, IniDialect::kDevice}) {
    const NaiveIni right = dialect == IniDialect::kStrict
                               ? ReadNaiveIni(kText)
                               : ReadNaiveDeviceIni(kText);
    ASSERT_EQ(right.lines.size(), 2u);
    ASSERT_EQ(right.bad, std::vector<int>{2});
    EXPECT_TRUE(IsReadAs(kText, dialect, right));
    for (const ReadingChange& change : kReadingChanges) {
      NaiveIni wrong = right;
      change.make(&wrong);
      EXPECT_FALSE(IsReadAs(kText, dialect, wrong)) << change.name;
    }
  }
}

TEST(IsReadAsTest, TwentyErrorsAreToldAndThatThereAreMore) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += "A\n";
  }
  NaiveIni naive = ReadNaiveIni(text);
  EXPECT_EQ(naive.bad.size(), 20u);
  EXPECT_TRUE(IsReadAs(text, IniDialect::kStrict, naive));
  EXPECT_FALSE(IsReadAs(text + "A\n", IniDialect::kStrict, naive));
  naive.bad.push_back(21);
  EXPECT_FALSE(IsReadAs(text, IniDialect::kStrict, naive));
  EXPECT_TRUE(IsReadAs(text + "A\n", IniDialect::kStrict, naive));
}

TEST(TellsOfThePasswordsFormTest, KnowsTheErrorsAboutQuotesAndBlanks) {
  const auto error = [](absl::string_view line) {
    return std::string(ParseSettings(absl::StrCat("WSTunServer = a\n", line),
                                     "f", IniDialect::kStrict)
                           .status()
                           .message());
  };
  EXPECT_TRUE(TellsOfThePasswordsForm(error("WSTunPassword = \"b\"")));
  EXPECT_TRUE(TellsOfThePasswordsForm(error("WSTunPassword = `b`")));
  EXPECT_TRUE(TellsOfThePasswordsForm(error("WSTunPassword = b\u00a0")));
  EXPECT_TRUE(TellsOfThePasswordsForm(error("WSTunPassword \u00a0= b")));
  EXPECT_FALSE(TellsOfThePasswordsForm(error("WSTunPassword = 'b")));
  EXPECT_FALSE(TellsOfThePasswordsForm(error("WSTunUsername = \"b\"")));
  EXPECT_FALSE(TellsOfThePasswordsForm(error("")));
  EXPECT_FALSE(TellsOfThePasswordsForm(""));
}

TEST(AreErrorsAtTest, TakesNothingElse) {
  EXPECT_FALSE(AreErrorsAt("", "f", "a"));
  EXPECT_FALSE(AreErrorsAt("f:1: a\n", "f", "a")) << "an empty line";
  EXPECT_FALSE(AreErrorsAt("f:1: a\n\nf:1: b", "f", "a"));
  EXPECT_FALSE(AreErrorsAt("f:1: a\n it goes on", "f", "a"));
  EXPECT_FALSE(AreErrorsAt("there are more errors", "f", "a"));
}

bool Has(const SettingTexts& texts, absl::string_view name) {
  return std::any_of(texts.begin(), texts.end(), [name](const auto& setting) {
    return setting.first == name;
  });
}

// A setting that is new in the table is not forgotten here.
TEST(SettingTextsTest, HasEverySettingOfTheTable) {
  const absl::StatusOr<Settings> with_password =
      ParseSettings(kAll, "f", IniDialect::kStrict);
  ASSERT_TRUE(with_password.ok()) << with_password.status();
  const absl::StatusOr<Settings> with_file = ParseSettings(
      "WSTunServer = a\nWSTunPasswordFile = /p", "f", IniDialect::kStrict);
  ASSERT_TRUE(with_file.ok()) << with_file.status();
  const SettingTexts all = TextsOf(*with_password);
  const SettingTexts few = TextsOf(*with_file);
  EXPECT_FALSE(Has(few, "WSTunPassword"));
  for (const absl::string_view name : tunnel::SettingNames()) {
    const bool is_alias = name == "DefaultPrimaryDnsServerIp" ||
                          name == "DefaultSecondaryDnsServerIp";
    EXPECT_NE(Has(all, name) || Has(few, name), is_alias) << name;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
