// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/parse_settings.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/settings/setting_error.h"

// What each setting may be is settings_test's table.

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kLeast =
    "WSTunServer = ovoc.example\nWSTunPassword = 's3cret'\n";

std::string ErrorOf(absl::string_view text,
                    IniDialect dialect = IniDialect::kStrict) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", dialect);
  return settings.ok() ? "no error" : std::string(settings.status().message());
}

std::string PasswordOf(absl::string_view text) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", IniDialect::kDevice);
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? std::string(settings->password.Reveal(
                             auth::InsecureSecretAccess::Get()))
                       : "";
}

std::string TestFile(absl::string_view name) {
  std::ifstream file(absl::StrCat("testdata/settings/", name));
  EXPECT_TRUE(file.good()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(ParseSettingsTest, LoadsWhatADeviceExported) {
  const std::string text = TestFile("whole_device.ini");
  const absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", IniDialect::kDevice);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(ServerListText(settings->servers), "ovoc.example.net");
  EXPECT_EQ(settings->passed_over.parameters, 2);
  EXPECT_EQ(settings->passed_over.tables, 1);
  EXPECT_EQ(settings->passed_over.rows, 1);
  EXPECT_EQ(settings->passed_over.others, 0);
  // A certified build does not.
  EXPECT_TRUE(absl::StartsWith(ErrorOf(text), "f.ini:6: SyslogServerIP: "));
}

TEST(ParseSettingsTest, LoadsALargeExport) {
  std::string text(kLeast);
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(&text, "DeviceParameter", i, " = '", std::string(80, 'x'),
                    "'\n");
  }
  absl::StrAppend(&text, "Long = ", std::string(8192, 'y'), "\n");
  const absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", IniDialect::kDevice);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->passed_over.parameters, 3001);
}

TEST(ParseSettingsTest, StillRefusesANameThatIsNearOneOfOurs) {
  EXPECT_EQ(ErrorOf(absl::StrCat(kLeast, "Foreign = 1\nWSTunSever = x\n"),
                    IniDialect::kDevice),
            "f.ini:4: WSTunSever: unknown setting; did you mean WSTunServer?");
  EXPECT_TRUE(absl::StrContains(
      ErrorOf(absl::StrCat(kLeast, "tlstrustedroot /x\n"), IniDialect::kDevice),
      "f.ini:3: the line has no '='"));
}

TEST(ParseSettingsTest, RemembersWhatOnlyBeginsLikeOneOfOurs) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(absl::StrCat(kLeast, "WSTunCompression = 1\n"), "f.ini",
                    IniDialect::kDevice);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->passed_over.parameters, 1);
  ASSERT_EQ(settings->unknown.size(), 1u);
  EXPECT_EQ(settings->unknown[0].first, "WSTunCompression");
  EXPECT_EQ(settings->unknown[0].second, 3);
}

// The whole export was refused.
TEST(ParseSettingsTest, PassesOverALongLineThatOnlyBeginsLikeOneOfOurs) {
  const std::string value(2000, 'x');
  const absl::StatusOr<Settings> settings =
      ParseSettings(absl::StrCat(kLeast, "WSTunCompression = ", value, "\n"),
                    "f.ini", IniDialect::kDevice);
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_EQ(settings->unknown.size(), 1u);
  EXPECT_EQ(settings->unknown[0].first, "WSTunCompression");
  for (const absl::string_view name : {"WSTunServer", "WSTunServerPatch"}) {
    EXPECT_EQ(ErrorOf(absl::StrCat("WSTunMtu = 1400\n", name, "=", value, "\n",
                                   "WSTunPassword = x\n"),
                      IniDialect::kDevice),
              absl::StrCat("f.ini:2: the line has ", name.size() + 2001,
                           " bytes; use at most 1024"));
  }
}

// WSTunVerifyPeer may be what makes the tunnel secure, and WSTunServerPrt is
// meant to be one of ours.
TEST(ParseSettingsTest, RefusesSettingsInATable) {
  const std::string table =
      "[ A ]\nFORMAT A_Index = A_B;\nWSTunServerPort = 1\nWSTunServerPrt = 1\n"
      "WSTunServer 0 = x;\n";
  for (const absl::string_view end : {"[ \\A ]\n", "[ B ]\n"}) {
    const std::string error =
        ErrorOf(absl::StrCat(table, end, kLeast), IniDialect::kDevice);
    EXPECT_EQ(error,
              "f.ini:3: WSTunServerPort: the setting is inside the table [ A ] "
              "(line 1), where no settings are read; move it above the table, "
              "or end the table with [ \\A ] before it\n"
              "f.ini:4: WSTunServerPrt: the setting is inside the table [ A ] "
              "(line 1), where no settings are read; move it above the table, "
              "or end the table with [ \\A ] before it");
  }
}

// The client connected to port 8.
TEST(ParseSettingsTest, RefusesASettingBetweenATablesTitleAndFormat) {
  EXPECT_EQ(
      ErrorOf(absl::StrCat(kLeast,
                           "[ InterfaceTable ]\nWSTunServerPort = 8\nFORMAT "
                           "InterfaceTable_Index = InterfaceTable_A;\n"),
              IniDialect::kDevice),
      "f.ini:4: WSTunServerPort: the setting is inside the table "
      "[ InterfaceTable ] (line 3), where no settings are read; move it above "
      "the table, or end the table with [ \\InterfaceTable ] before it");
}

// The line is no parameter: it is a row, whatever its table is called.
TEST(ParseSettingsTest, TakesNothingOutOfATablesRows) {
  const absl::StatusOr<Settings> settings = ParseSettings(
      absl::StrCat("[ WSTunServer ]\nFORMAT Index = A;\nWSTunServer 0 = x;\n"
                   "[ \\WSTunServer ]\n",
                   kLeast),
      "f.ini", IniDialect::kDevice);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->passed_over.rows, 1);
}

// OVOC answered 401 to the obfuscated form.
TEST(ParseSettingsTest, RefusesAPasswordThatADeviceObfuscated) {
  const std::string error =
      ErrorOf(TestFile("obfuscated_password.ini"), IniDialect::kDevice);
  EXPECT_EQ(error,
            "f.ini:2: WSTunPassword: the password looks encrypted by a device "
            "($2$...), which only that device can undo; use the password as "
            "OVOC has it; one that really looks like this goes into the file "
            "of WSTunPasswordFile");
  for (const absl::string_view value :
       {"'$1$gQ=='", "$1$gQ==", "'$1$s3cret!'", "$1$ab",
        "$2$8EGYm+FG+JJT/p8ZOytU64uplPMKcw",
        "B55osyLT1t7+oorwkaNB3bxEX4Bl8g== encrypted"}) {
    EXPECT_TRUE(absl::StrContains(
        ErrorOf(absl::StrCat("WSTunServer=a\nWSTunPassword = ", value)),
        "WSTunPassword: the password looks "))
        << value;
  }
  EXPECT_EQ(PasswordOf("WSTunServer=a\nWSTunPassword = '$1$'"), "$1$");
  EXPECT_EQ(PasswordOf("WSTunServer=a\nWSTunPassword = '$3$a'"), "$3$a");
}

// The quotes were part of the password.
TEST(ParseSettingsTest, RefusesTypographicQuotes) {
  EXPECT_EQ(ErrorOf(TestFile("typographic_quotes.ini"), IniDialect::kDevice),
            "f.ini:2: WSTunPassword: the value has typographic quotes; write "
            "Name = 'value', with straight single quotes (')");
}

// "abc ;def" was cut to "abc".
TEST(ParseSettingsTest, RefusesASemicolonWhereItMayBePartOfTheValue) {
  constexpr absl::string_view kEnd =
      ": the value has no quotes, so a ; after a space may be part of it or "
      "begin a comment; put the value in single quotes, or the comment on a "
      "line of its own";
  for (const absl::string_view name :
       {"WSTunPassword", "WSTunPasswordFile", "WSTunUsername",
        "WSTunServerPath", "TLSTrustedRoots", "TLSCertificate",
        "TLSPrivateKey"}) {
    const std::string error =
        ErrorOf(absl::StrCat("WSTunServer = a\n", name, " = abc ;def\n"));
    EXPECT_TRUE(absl::StartsWith(error, absl::StrCat("f.ini:2: ", name, kEnd)))
        << error;
  }
  EXPECT_EQ(PasswordOf("WSTunServer=a\nWSTunPassword = 'abc ;def'"),
            "abc ;def");
  EXPECT_EQ(PasswordOf("WSTunServer=a\nWSTunPassword = abc;def"), "abc;def");
  EXPECT_EQ(PasswordOf("WSTunServer=a ; b\nWSTunPassword = 'abc' ; def"),
            "abc");
  // Of these no ';' can be a part: what is behind is a comment.
  EXPECT_EQ(ErrorOf(absl::StrCat(kLeast,
                                 "WSTunMtu = 1400 ; c\n"
                                 "DNSPriServerIP = 192.0.2.1 ; c\n"
                                 "WSTunSecured = 1\t; c\n")),
            "no error");
}

TEST(ParseSettingsTest, SaysWhichCharacterBeginsAComment) {
  EXPECT_EQ(ErrorOf(absl::StrCat(kLeast, "WSTunMtu = 1400 # bytes\n")),
            "f.ini:3: WSTunMtu: '1400 # bytes' has a # after a space; begin a "
            "comment with ;");
  EXPECT_EQ(ErrorOf("WSTunServer = 192.0.2.1\t# OVOC\nWSTunPassword = x\n"),
            "f.ini:1: WSTunServer: '192.0.2.1\\x09# OVOC' has a # after a "
            "space; begin a comment with ;");
}

TEST(ParseSettingsTest, ReportsAllErrorsInTheOrderOfTheFile) {
  EXPECT_EQ(
      ErrorOf(
          "WSTunMtu = 1\nWSTunPort 3\nWSTunKeepAlive = 0\nWSTunSever = x\n"),
      "f.ini:1: WSTunMtu: '1' is not valid; use 576 to 1500\n"
      "f.ini:2: the line has no '='; write Name = value, Name = 'value', "
      "[section] or a ; comment\n"
      "f.ini:3: WSTunKeepAlive: '0' is not valid; use a whole number from "
      "1 to 17 (seconds)\n"
      "f.ini:4: WSTunSever: unknown setting; did you mean WSTunServer?");
  // What is missing is reported unless it may be what could not be read.
  EXPECT_EQ(ErrorOf("WSTunMtu = 1\n"),
            "f.ini:1: WSTunMtu: '1' is not valid; use 576 to 1500\n"
            "f.ini:1: WSTunServer: this required setting is missing; set it to "
            "one to three IPv4 or IPv6 unicast addresses or host names, "
            "separated by commas\n"
            "f.ini:1: WSTunPassword: this required setting is missing; set it, "
            "or name its file in WSTunPasswordFile");
}

// They were passed over, or refused.
TEST(ParseSettingsTest, TakesTheOtherNamesOfTheNameServers) {
  for (const auto dialect : {IniDialect::kStrict, IniDialect::kDevice}) {
    const absl::StatusOr<Settings> settings = ParseSettings(
        absl::StrCat(kLeast,
                     "DefaultPrimaryDnsServerIp = 192.0.2.53\n"
                     "defaultsecondarydnsserverip = 192.0.2.54\n"),
        "f.ini", dialect);
    ASSERT_TRUE(settings.ok()) << settings.status();
    ASSERT_TRUE(settings->dns_primary.has_value());
    EXPECT_EQ(settings->dns_primary->ToString(), "192.0.2.53");
    ASSERT_TRUE(settings->dns_secondary.has_value());
    EXPECT_EQ(settings->dns_secondary->ToString(), "192.0.2.54");
    EXPECT_TRUE(settings->IsExplicit("DNSPriServerIP"));
    EXPECT_EQ(settings->passed_over.parameters, 0);
    EXPECT_EQ(ErrorOf(absl::StrCat(kLeast,
                                   "DefaultPrimaryDnsServerIp = 192.0.2.53\n"
                                   "DNSPriServerIP = 192.0.2.53\n"),
                      dialect),
              "f.ini:4: DNSPriServerIP: already set in line 3 "
              "(DefaultPrimaryDnsServerIp is another name for it); remove one "
              "of the two lines");
    EXPECT_EQ(
        ErrorOf(absl::StrCat(kLeast, "DefaultPrimaryDnsServer = x\n"), dialect),
        "f.ini:3: DefaultPrimaryDnsServer: unknown setting; did you mean "
        "DefaultPrimaryDnsServerIp?");
  }
}

std::string NamesIn(absl::string_view errors) {
  std::string names;
  for (const absl::string_view error : absl::StrSplit(errors, '\n')) {
    const std::vector<std::string> parts = absl::StrSplit(error, ": ");
    absl::StrAppend(&names, names.empty() ? "" : " ",
                    parts.size() > 2 ? parts[1] : "-");
  }
  return names;
}

// Each was found alone, but only the first of them together.
TEST(ParseSettingsTest, HoldsGoodSettingsAgainstEachOtherBesideBadOnes) {
  struct Row {
    absl::string_view text;
    absl::string_view names;
  };
  const Row kRows[] = {
      {"DNSPriServerIP=169.254.0.1\nWSTunMtu=1\n", "DNSPriServerIP WSTunMtu"},
      {"WSTunMtu=1\nDNSSecServerIP=169.254.0.1\nWSTunServer=169.254.0.1\n",
       "WSTunMtu DNSSecServerIP WSTunServer"},
      {"WSTunKeepAlive=15\nWSTunDeadAfter=15\nWSTunMtu=1\n",
       "WSTunDeadAfter WSTunMtu"},
      {"WSTunServer=169.254.0.7\nWSTunMtu=1\n", "WSTunServer WSTunMtu"},
      {"DNSPriServerIP=169.254.0.1\nno setting\n", "DNSPriServerIP -"},
      {"WSTunServer=169.254.99.7\nWSTunOverlay=169.254.0.0/16\nno setting\n",
       "WSTunServer -"},
      // What only follows from another error is none.
      {"WSTunServer=169.254.0.7\nWSTunOverlay=x\n", "WSTunOverlay"},
      {"WSTunServer=169.254.0.7\nWSTunOverlay 169.254.0.0/29\n", "-"},
      {"WSTunKeepAlive=15\nWSTunDeadAfter=x\n", "WSTunDeadAfter"},
      {"WSTunDeadAfter=9\nWSTunKeepAlive 3\n", "-"},
      {"WSTunMtu=1\nWSTunServer=169.254.0.1 9\n", "WSTunMtu WSTunServer"},
  };
  for (const Row& row : kRows) {
    const bool server = absl::StrContains(row.text, "WSTunServer=");
    const std::string error = ErrorOf(absl::StrCat(
        row.text, "WSTunPassword=x\n", server ? "" : "WSTunServer=a\n"));
    EXPECT_EQ(NamesIn(error), row.names) << error;
  }
}

TEST(ParseSettingsTest, AsksForMoreErrorsOnlyWhenThereAreSome) {
  const auto check = [](const Settings& settings) {
    SettingErrors errors;
    errors.Add(2, SettingProblem(settings, "WSTunPassword", "x", "y"));
    return errors;
  };
  EXPECT_TRUE(ParseSettings(kLeast, "f.ini", IniDialect::kStrict, check).ok());
  EXPECT_EQ(ParseSettings(absl::StrCat(kLeast, "WSTunMtu = 1\n"), "f.ini",
                          IniDialect::kStrict, check)
                .status()
                .message(),
            "f.ini:2: WSTunPassword: x; y\n"
            "f.ini:3: WSTunMtu: '1' is not valid; use 576 to 1500");
}

TEST(ParseSettingsTest, ReportsTwentyErrorsAtMost) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&text, "wrong\n");
  }
  const std::string error = ErrorOf(text);
  EXPECT_TRUE(absl::StartsWith(error, "f.ini:1: "));
  EXPECT_TRUE(absl::StrContains(error, "\nf.ini:20: "));
  EXPECT_FALSE(absl::StrContains(error, "\nf.ini:21: "));
  EXPECT_TRUE(
      absl::EndsWith(error, "\nthere are more errors; fix these first"));
}

}  // namespace
}  // namespace ovoc::tunnel
