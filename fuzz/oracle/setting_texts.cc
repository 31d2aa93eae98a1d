// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/setting_texts.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "auth/secret.h"
#include "fuzz/oracle/naive_credentials.h"
#include "fuzz/oracle/naive_head.h"
#include "fuzz/oracle/printable_line.h"

namespace ovoc::fuzz {
namespace {

using tunnel::Settings;

std::string SwitchText(bool on) { return on ? "1" : "0"; }

std::string SecondsText(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Seconds(duration));
}

std::string AddressText(const std::optional<netif::IpAddress>& address) {
  return address.has_value() ? address->ToString() : "";
}

std::string ServersText(const std::vector<tunnel::ServerHost>& servers) {
  std::string text;
  for (const tunnel::ServerHost& server : servers) {
    absl::StrAppend(&text, text.empty() ? "" : ",", server.name);
  }
  return text;
}

// RFC 3986 2.1: each byte but letters and digits as %XX.
std::string Encoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return encoded;
}

std::string ProxyText(const Settings& s) {
  if (!s.proxy.has_value()) {
    return s.proxy_from_environment ? "environment" : "";
  }
  const std::string login = absl::StrCat(
      Encoded(s.proxy->user), ":",
      Encoded(s.proxy->password.Reveal(auth::InsecureSecretAccess::Get())),
      "@");
  return absl::StrCat(s.proxy->secured ? "https://" : "http://",
                      s.proxy->has_login() ? login : "", s.proxy->Endpoint());
}

// A list without the spaces and tabs around its hosts.
std::string WithoutBlanks(absl::string_view list) {
  std::string text;
  for (const char c : list) {
    if (c != ' ' && c != '\t') {
      text.push_back(c);
    }
  }
  return text;
}

std::string PasswordText(const Settings& settings) {
  return std::string(
      settings.password.Reveal(auth::InsecureSecretAccess::Get()));
}

// The text of a name in any case; null when it is not there.
const std::string* Find(const SettingTexts& texts, absl::string_view name) {
  for (const auto& [known, text] : texts) {
    if (NaiveSameName(known, name)) {
      return &text;
    }
  }
  return nullptr;
}

// The name under which the texts have a setting that a file may call otherwise.
absl::string_view TextName(absl::string_view name) {
  if (NaiveSameName(name, "DefaultPrimaryDnsServerIp")) {
    return "DNSPriServerIP";
  }
  return NaiveSameName(name, "DefaultSecondaryDnsServerIp") ? "DNSSecServerIP"
                                                            : name;
}

// What the texts have for a line's value.
bool IsAsWritten(const std::string* text, const NaiveIniLine& line) {
  absl::string_view value = line.value;
  if (NaiveSameName(line.name, "WSTunServerPath")) {
    value.remove_prefix(absl::StartsWith(value, "/") ? 1 : 0);
  }
  if (NaiveSameName(TextName(line.name), "DNSPriServerIP") ||
      NaiveSameName(TextName(line.name), "DNSSecServerIP")) {
    if (value == "0.0.0.0") {
      return text == nullptr;
    }
    if (absl::StrContains(value, ':')) {
      return text != nullptr;  // IPv6 has many spellings
    }
  }
  if (NaiveSameName(line.name, "WSTunProxy")) {
    return (value == "none") == (text == nullptr);  // a URL has many spellings
  }
  if (NaiveSameName(line.name, "WSTunServer")) {
    return text != nullptr && *text == WithoutBlanks(value);
  }
  return text != nullptr && *text == value;
}

}  // namespace

SettingTexts TextsOf(const Settings& s) {
  SettingTexts texts = {
      {"WSTunServer", ServersText(s.servers)},
      {"WSTunServerRevert", SwitchText(s.server_revert)},
      {"WSTunServerPort", absl::StrCat(s.server_port)},
      {"WSTunServerPath", s.server_path},
      {"WSTunUsername", s.username},
      {"WSTunSecured", SwitchText(s.secured)},
      {"WSTunVerifyPeer", SwitchText(s.verify_peer)},
      {"WSTunVerifyHostName", SwitchText(s.verify_host_name)},
      {"WSTunProxyFallback", SwitchText(s.proxy_fallback)},
      {"WSTunVrf", s.vrf},
      {"WSTunInterface", s.interface},
      {"WSTunMtu", absl::StrCat(s.mtu)},
      {"WSTunOverlay", s.overlay.ToString()},
      {"WSTunPeerToPeer", SwitchText(s.peer_to_peer)},
      {"WSTunKeepAlive", SecondsText(s.keep_alive)},
      {"WSTunDeadAfter", SecondsText(s.dead_after)},
      {"WSTunReconnectSpread", SecondsText(s.reconnect_spread)},
  };
  const std::pair<std::string, std::string> optional[] = {
      {"WSTunPassword", PasswordText(s)},
      {"WSTunPasswordFile", s.password_file},
      {"TLSTrustedRoots", s.trusted_roots},
      {"TLSCertificate", s.certificate},
      {"TLSPrivateKey", s.private_key},
      {"WSTunProxy", ProxyText(s)},
      {"WSTunProxyRoots", s.proxy_roots},
      {"DNSPriServerIP", AddressText(s.dns_primary)},
      {"DNSSecServerIP", AddressText(s.dns_secondary)},
  };
  for (const auto& [name, text] : optional) {
    if (!text.empty()) {
      texts.emplace_back(name, text);
    }
  }
  return texts;
}

std::string IniOf(const SettingTexts& texts) {
  std::string ini;
  for (const auto& [name, text] : texts) {
    // A quote cannot stand between quotes. A value with one was read without.
    const char* quote = absl::StrContains(text, '\'') ? "" : "'";
    absl::StrAppend(&ini, name, "=", quote, text, quote, "\n");
  }
  return ini;
}

bool AreAsWritten(const SettingTexts& texts, const NaiveIni& ini) {
  for (const NaiveIniLine& line : ini.lines) {
    if (!IsAsWritten(Find(texts, TextName(line.name)), line)) {
      return false;
    }
  }
  static const SettingTexts* const defaults =
      new SettingTexts(TextsOf(Settings()));
  return std::all_of(texts.begin(), texts.end(), [&ini](const auto& setting) {
    const bool given = std::any_of(
        ini.lines.begin(), ini.lines.end(), [&setting](const auto& line) {
          return NaiveSameName(TextName(line.name), setting.first);
        });
    const std::string* text = Find(*defaults, setting.first);
    return given || (text != nullptr && *text == setting.second);
  });
}

bool AreAllowed(const Settings& s) {
  const auto between = [](int64_t low, int64_t value, int64_t high) {
    return low <= value && value <= high;
  };
  const int64_t keep_alive = absl::ToInt64Seconds(s.keep_alive);
  const int64_t dead_after = absl::ToInt64Seconds(s.dead_after);
  const int64_t spread = absl::ToInt64Seconds(s.reconnect_spread);
  const bool numbers =
      between(576, s.mtu, 1500) && between(1, keep_alive, 17) &&
      between(5, dead_after, 600) && keep_alive < dead_after &&
      between(1, spread, 300) && between(16, s.overlay.length(), 30);
  const std::string password = PasswordText(s);
  const bool credentials = MayBeCredentials(s.username, password) &&
                           !s.username.empty() &&
                           password.empty() != s.password_file.empty();
  const bool proxy =
      !s.proxy.has_value() ||
      (s.proxy->port != 0 && !s.proxy->host.empty() &&
       MayBeCredentials(s.proxy->user, s.proxy->password.Reveal(
                                           auth::InsecureSecretAccess::Get())));
  const auto word = [](absl::string_view name) {
    return name.size() <= 15 && IsNaiveToken(name) &&
           name.find_first_of("!#$%&'*+^`|~") == absl::string_view::npos;
  };
  const int usual = s.secured ? 443 : 80;
  const bool port =
      tunnel::ServerPort(s) == (s.server_port == 0 ? usual : s.server_port);
  return numbers && credentials && proxy && port && word(s.vrf) &&
         word(s.interface) && s.certificate.empty() == s.private_key.empty() &&
         between(1, static_cast<int64_t>(s.servers.size()), 3) &&
         std::all_of(s.servers.begin(), s.servers.end(),
                     [&between](const tunnel::ServerHost& server) {
                       const auto size =
                           static_cast<int64_t>(server.name.size());
                       return between(1, size, 253);
                     }) &&
         s.server_path.size() <= 255 &&
         s.server_path.find_first_of(" #\t\"<>\\^`{|}") == std::string::npos;
}

bool IsErrorAt(absl::string_view error, absl::string_view file,
               absl::string_view text) {
  const std::string front = absl::StrCat(file, ":");
  if (!IsPrintableLine(error) || !absl::StartsWith(error, front)) {
    return false;
  }
  error.remove_prefix(front.size());
  int line = 0;
  const bool number = absl::SimpleAtoi(error.substr(0, error.find(':')), &line);
  return number && line >= 1 &&
         line <= std::count(text.begin(), text.end(), '\n') + 1;
}

bool IsReadAs(absl::string_view text, tunnel::IniDialect dialect,
              const NaiveIni& naive) {
  const tunnel::IniFile file =
      tunnel::ParseIni(text, "f", dialect, [](absl::string_view word) {
        if (NaiveSameName(word.substr(0, 4), "ours")) {
          return tunnel::IniClaim::kOurs;
        }
        return NaiveSameName(word.substr(0, 3), "our")
                   ? tunnel::IniClaim::kAlike
                   : tunnel::IniClaim::kNone;
      });
  const auto same = [](const tunnel::IniLine& ours, const NaiveIniLine& line) {
    const bool comment = ours.form == tunnel::IniForm::kCommented;
    return ours.line == line.line && ours.name == line.name &&
           ours.value == line.value && comment == line.comment;
  };
  const absl::Status status = file.errors.ToStatus();
  const std::vector<absl::string_view> errors =
      absl::StrSplit(status.message(), '\n', absl::SkipEmpty());
  for (size_t i = 0; i < std::min<size_t>(naive.bad.size(), 20); ++i) {
    if (i >= errors.size() ||
        !absl::StartsWith(errors[i], absl::StrCat("f:", naive.bad[i], ": "))) {
      return false;
    }
  }
  const tunnel::IniPassedOver& passed = file.passed_over;
  const std::array<int, 4> counts = {passed.parameters, passed.tables,
                                     passed.rows, passed.others};
  return errors.size() == std::min<size_t>(naive.bad.size(), 21) &&
         counts == naive.passed_over &&
         std::equal(file.lines.begin(), file.lines.end(), naive.lines.begin(),
                    naive.lines.end(), same);
}

bool TellsOfThePasswordsForm(absl::string_view errors) {
  return absl::StrContains(errors, "WSTunPassword: the value has ") ||
         absl::StrContains(errors, "the password looks ") ||
         absl::StrContains(errors, "(U+00A0) stands beside the name");
}

bool AreErrorsAt(absl::string_view errors, absl::string_view file,
                 absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(errors, '\n');
  constexpr size_t kMost = 20;
  const bool more = lines.size() == kMost + 1 &&
                    absl::StartsWith(lines.back(), "there are more errors");
  return (more || lines.size() <= kMost) &&
         std::all_of(lines.begin(), lines.end() - (more ? 1 : 0),
                     [&](absl::string_view line) {
                       return IsErrorAt(line, file, text);
                     });
}

}  // namespace ovoc::fuzz
