// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/parse_settings.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "tunnel/settings/near_name.h"
#include "tunnel/settings/obfuscated_password.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/setting_values.h"
#include "tunnel/settings/value_hint.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPassword = "WSTunPassword";
constexpr absl::string_view kDnsPrimary = "DNSPriServerIP";
constexpr absl::string_view kDnsSecondary = "DNSSecServerIP";

// A parameter of a device that begins so is about the tunnel.
bool IsOfTunnel(absl::string_view name) {
  return absl::StartsWithIgnoreCase(name, "WSTun");
}

absl::Status UnknownName(const IniLine& line, absl::string_view file,
                         absl::string_view meant) {
  const std::string remedy =
      meant.empty()
          ? absl::StrCat("use one of ", absl::StrJoin(SettingNames(), " "))
          : "";
  return SettingStatus({.file = file,
                        .line = line.line,
                        .name = line.name,
                        .problem = "unknown setting",
                        .remedy = remedy,
                        .meant = meant});
}

// A ';' may be part of these values: what stands behind it is not taken for a
// comment without a word.
bool MayHoldSemicolon(absl::string_view name) {
  return absl::StartsWith(name, "WSTunPassword") || name == "WSTunUsername" ||
         name == "WSTunServerPath" || name == "WSTunProxy" ||
         absl::StartsWith(name, "TLS");
}

// "user:password" and a URL with both in it are likely slips.
std::string Shown(const SettingRule& rule, absl::string_view value) {
  const bool secret = rule.name == kPassword || rule.name == "WSTunUsername" ||
                      rule.name == "WSTunProxy" ||
                      absl::StrContains(value, '@');
  return secret ? absl::StrCat("a value of ", value.size(),
                               value.size() == 1 ? " byte" : " bytes")
                : QuoteValue(value);
}

absl::Status WrongValue(const SettingRule& rule, absl::string_view value,
                        const Settings& settings) {
  const ValueHint hint = HintForValue(rule.name, value);
  const bool known = !hint.problem.empty();
  return SettingProblem(
      settings, rule.name,
      absl::StrCat(Shown(rule, value), " ",
                   known ? hint.problem : "is not valid"),
      known ? hint.remedy : absl::StrCat("use ", rule.allowed));
}

absl::Status SetValue(const SettingRule& rule, const IniLine& line,
                      Settings* settings) {
  if (line.form == IniForm::kCommented && MayHoldSemicolon(rule.name)) {
    return SettingProblem(
        *settings, rule.name,
        "the value has no quotes, so a ; after a space may be part of it or "
        "begin a comment",
        "put the value in single quotes, or the comment on a line of its own");
  }
  const absl::string_view obfuscated =
      rule.name == kPassword ? ObfuscatedForm(line.value) : "";
  if (!obfuscated.empty()) {
    return SettingProblem(
        *settings, rule.name,
        absl::StrCat("the password looks ", obfuscated,
                     ", which only that device can undo"),
        "use the password as OVOC has it; one that really looks like this goes "
        "into the file of WSTunPasswordFile");
  }
  return rule.set(line.value, settings)
             ? absl::OkStatus()
             : WrongValue(rule, line.value, *settings);
}

absl::Status SetOne(const SettingRule& rule, const IniLine& line,
                    Settings* settings) {
  const auto [first, added] =
      settings->lines.emplace(std::string(rule.name), line.line);
  if (added) {
    return SetValue(rule, line, settings);
  }
  return SettingStatus(
      {.file = settings->file,
       .line = line.line,
       .name = rule.name,
       .problem = absl::StrCat(
           "already set in line ", first->second,
           rule.alias.empty()
               ? ""
               : absl::StrCat(" (", rule.alias, " is another name for it)")),
       .remedy = "remove one of the two lines",
       .meant = ""});
}

// Missing reports a required name at the file's last line: there it was still
// expected.
absl::Status Missing(const Settings& settings, absl::string_view name,
                     absl::string_view remedy, int last_line) {
  return SettingStatus({.file = settings.file,
                        .line = last_line,
                        .name = name,
                        .problem = "this required setting is missing",
                        .remedy = remedy,
                        .meant = ""});
}

// CheckPair refuses `name` when the other is missing.
absl::Status CheckPair(const Settings& settings, absl::string_view name,
                       absl::string_view other) {
  if (!settings.IsExplicit(name) || settings.IsExplicit(other)) {
    return absl::OkStatus();
  }
  return SettingProblem(settings, name, absl::StrCat(other, " is missing"),
                        "set both or neither");
}

absl::Status CheckPassword(const Settings& settings, int last_line) {
  const auto text = settings.lines.find("WSTunPassword");
  const auto file = settings.lines.find("WSTunPasswordFile");
  const auto end = settings.lines.end();
  if (text == end && file == end) {
    return Missing(settings, "WSTunPassword",
                   "set it, or name its file in WSTunPasswordFile", last_line);
  }
  if (text == end || file == end) {
    return absl::OkStatus();
  }
  const bool text_first = text->second < file->second;
  const auto& first = text_first ? *text : *file;
  const auto& second = text_first ? *file : *text;
  return SettingProblem(
      settings, second.first,
      absl::StrCat(first.first, " is already set in line ", first.second),
      "remove one of the two");
}

absl::Status CheckTimes(const Settings& settings) {
  if (settings.dead_after > settings.keep_alive) {
    return absl::OkStatus();
  }
  // The default of either is fine with the other, so one of the two is there.
  const absl::string_view name = settings.IsExplicit("WSTunDeadAfter")
                                     ? "WSTunDeadAfter"
                                     : "WSTunKeepAlive";
  return SettingProblem(
      settings, name,
      absl::StrCat("WSTunDeadAfter (",
                   absl::ToInt64Seconds(settings.dead_after),
                   " seconds) is not longer than WSTunKeepAlive (",
                   absl::ToInt64Seconds(settings.keep_alive), " seconds)"),
      "raise WSTunDeadAfter or lower WSTunKeepAlive");
}

absl::Status CheckServer(const Settings& settings, int last_line) {
  return settings.IsExplicit("WSTunServer")
             ? absl::OkStatus()
             : Missing(settings, "WSTunServer",
                       absl::StrCat("set it to ",
                                    FindSettingRule("WSTunServer")->allowed),
                       last_line);
}

// OVOC's address in the tunnel cannot be what the tunnel is made to, nor where
// that is asked for.
absl::Status CheckNotOvoc(const Settings& settings, absl::string_view name,
                          const std::optional<netif::IpAddress>& address) {
  return address.has_value() && address->is_v4() &&
                 address->v4() == netif::kOvocAddress
             ? SettingProblem(settings, name,
                              absl::StrCat("'", netif::kOvocAddress.ToString(),
                                           "' is OVOC's address inside the "
                                           "tunnel"),
                              "use an address outside the tunnel")
             : absl::OkStatus();
}

// A server behind the tunnel cannot be what the tunnel is made to. Name servers
// inside WSTunOverlay are left out of its routes, but OVOC's address cannot be.
absl::Status CheckOutside(const Settings& settings, absl::string_view name,
                          const std::optional<netif::IpAddress>& address) {
  if (!address.has_value() || !address->is_v4() ||
      address->v4() == netif::kOvocAddress ||
      !settings.overlay.Contains(address->v4())) {
    return absl::OkStatus();
  }
  return SettingProblem(
      settings, name,
      absl::StrCat("'", address->v4().ToString(), "' is inside WSTunOverlay"),
      absl::StrCat("use a name, or an address outside ",
                   settings.overlay.ToString()));
}

int LastLine(absl::string_view text) {
  const auto ends = std::count(text.begin(), text.end(), '\n');
  const bool open = !text.empty() && text.back() != '\n';
  return std::max(1, static_cast<int>(ends) + (open ? 1 : 0));
}

// Parser makes settings of lines and finds all that is wrong with them.
class Parser {
 public:
  Parser(absl::string_view file, IniDialect dialect, IniFile ini, int last_line)
      : dialect_(dialect), ini_(std::move(ini)), last_line_(last_line) {
    settings_.file = std::string(file);
  }

  absl::StatusOr<Settings> Parse(SettingsCheck check);

 private:
  void Add(int line, const absl::Status& status) {
    if (!status.ok()) {
      ini_.errors.Add(line, status);
    }
  }
  // The line of `name`, for the order of errors.
  int LineOf(absl::string_view name) const {
    return settings_.IsExplicit(name) ? settings_.LineOf(name) : last_line_;
  }
  // Whether the value of each of `names` is known. A default is not when a line
  // that could not be read may have been the setting's.
  bool AreKnown(std::initializer_list<absl::string_view> names,
                bool all_names_known) const {
    return std::all_of(names.begin(), names.end(), [&](absl::string_view name) {
      return !bad_.contains(name) &&
             (all_names_known || settings_.IsExplicit(name));
    });
  }
  absl::Status TakeUnknown(const IniLine& line);
  void CheckTogether(bool all_names_known);

  const IniDialect dialect_;
  IniFile ini_;
  const int last_line_;
  Settings settings_;
  std::set<absl::string_view> bad_;  // settings whose value was refused
};

absl::Status Parser::TakeUnknown(const IniLine& line) {
  const absl::string_view meant = NearestName(line.name, SettingNames());
  if (dialect_ == IniDialect::kStrict || !meant.empty()) {
    return UnknownName(line, settings_.file, meant);
  }
  ++ini_.passed_over.parameters;
  settings_.unknown.push_back(
      {std::string(line.name.substr(0, kMaxIniNameBytes)), line.line});
  return absl::OkStatus();
}

// What follows from another error is not reported.
void Parser::CheckTogether(bool all_names_known) {
  if (all_names_known) {
    Add(last_line_, CheckServer(settings_, last_line_));
    Add(last_line_, CheckPassword(settings_, last_line_));
    Add(LineOf("TLSCertificate"),
        CheckPair(settings_, "TLSCertificate", "TLSPrivateKey"));
    Add(LineOf("TLSPrivateKey"),
        CheckPair(settings_, "TLSPrivateKey", "TLSCertificate"));
  }
  if (AreKnown({"WSTunDeadAfter", "WSTunKeepAlive"}, all_names_known)) {
    Add(std::min(LineOf("WSTunDeadAfter"), LineOf("WSTunKeepAlive")),
        CheckTimes(settings_));
  }
  // Of what was refused, no address is there.
  const auto check_end = [&](absl::string_view name, const auto& address) {
    if (AreKnown({name, "WSTunOverlay"}, all_names_known)) {
      Add(LineOf(name), CheckOutside(settings_, name, address));
    }
    Add(LineOf(name), CheckNotOvoc(settings_, name, address));
  };
  for (const ServerHost& server : settings_.servers) {
    check_end("WSTunServer", server.address);
  }
  if (settings_.proxy.has_value()) {
    check_end("WSTunProxy", settings_.proxy->address);
  }
  Add(LineOf(kDnsPrimary),
      CheckNotOvoc(settings_, kDnsPrimary, settings_.dns_primary));
  Add(LineOf(kDnsSecondary),
      CheckNotOvoc(settings_, kDnsSecondary, settings_.dns_secondary));
}

absl::StatusOr<Settings> Parser::Parse(SettingsCheck check) {
  bool all_names_known = ini_.errors.empty();
  for (const IniLine& line : ini_.lines) {
    const SettingRule* const rule = FindSettingRule(line.name);
    const absl::Status status =
        rule == nullptr ? TakeUnknown(line) : SetOne(*rule, line, &settings_);
    if (rule != nullptr && !status.ok()) {
      bad_.insert(rule->name);
    }
    all_names_known = all_names_known && (rule != nullptr || status.ok());
    Add(line.line, status);
  }
  CheckTogether(all_names_known);
  if (!ini_.errors.empty()) {
    ini_.errors.Add(check(settings_));
    return ini_.errors.ToStatus();
  }
  settings_.passed_over = ini_.passed_over;
  return std::move(settings_);
}

}  // namespace

absl::StatusOr<Settings> ParseSettings(absl::string_view text,
                                       absl::string_view file_name,
                                       IniDialect dialect,
                                       SettingsCheck check) {
  const std::vector<absl::string_view> names = SettingNames();
  IniFile ini =
      ParseIni(text, file_name, dialect, [&names](absl::string_view word) {
        if (!NearestName(word, names).empty()) {
          return IniClaim::kOurs;
        }
        return IsOfTunnel(word) ? IniClaim::kAlike : IniClaim::kNone;
      });
  Parser parser(file_name, dialect, std::move(ini), LastLine(text));
  return parser.Parse(check);
}

}  // namespace ovoc::tunnel
