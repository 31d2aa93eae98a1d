// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/ini_edit.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// A part of a text, from `begin` to before `end`.
struct Part {
  size_t begin;
  size_t end;
};

std::vector<IniLine> OurLines(absl::string_view text) {
  return ParseIni(text, "", IniDialect::kDevice,
                  [](absl::string_view word) {
                    return FindSettingRule(word) != nullptr ? IniClaim::kOurs
                                                            : IniClaim::kNone;
                  })
      .lines;
}

size_t Offset(absl::string_view text, absl::string_view inside) {
  return static_cast<size_t>(inside.data() - text.data());
}

// The line of `line`, its end included.
Part WholeLine(absl::string_view text, const IniLine& line) {
  const size_t at = Offset(text, line.name);
  const size_t before =
      at == 0 ? absl::string_view::npos : text.rfind('\n', at - 1);
  const size_t end = text.find('\n', at);
  return {before == absl::string_view::npos ? 0 : before + 1,
          end == absl::string_view::npos ? text.size() : end + 1};
}

// A line's end as the text has it.
absl::string_view LineEnd(absl::string_view text) {
  return absl::StrContains(text, "\r\n") ? "\r\n" : "\n";
}

// The value with its quotes.
Part ValuePart(absl::string_view text, const IniLine& line) {
  const size_t quotes = line.form == IniForm::kQuoted ? 1 : 0;
  const size_t at = Offset(text, line.value);
  return {at - quotes, at + line.value.size() + quotes};
}

// Where a setting that is not there yet is written.
size_t PlaceForNew(absl::string_view text, const std::vector<IniLine>& lines) {
  if (!lines.empty()) {
    return WholeLine(text, lines.back()).end;
  }
  return absl::StartsWith(text, kByteOrderMark) ? kByteOrderMark.size() : 0;
}

std::vector<IniLine> LinesOf(const std::vector<IniLine>& lines,
                             const SettingRule* rule) {
  std::vector<IniLine> found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
               [rule](const IniLine& line) {
                 return FindSettingRule(line.name) == rule;
               });
  return found;
}

// `text` without the lines of `gone`, which are in its order.
auth::Secret Without(absl::string_view text, const std::vector<IniLine>& gone) {
  std::vector<absl::string_view> pieces;
  size_t at = 0;
  for (const IniLine& line : gone) {
    const Part part = WholeLine(text, line);
    const size_t mark =
        part.begin == 0 && absl::StartsWith(text, kByteOrderMark)
            ? kByteOrderMark.size()
            : 0;
    pieces.push_back(text.substr(at, part.begin + mark - at));
    at = part.end;
  }
  pieces.push_back(text.substr(at));
  return auth::Secret::Concat(pieces);
}

// The text with a line `name = value` where the setting stands, or is to stand.
auth::Secret WithLine(absl::string_view text, const SettingRule& rule,
                      absl::string_view value, bool quoted) {
  const std::vector<IniLine> all = OurLines(text);
  const std::vector<IniLine> lines = LinesOf(all, &rule);
  const absl::string_view quote = quoted ? "'" : "";
  if (!lines.empty() && quoted) {
    const Part part = ValuePart(text, lines.front());
    return auth::Secret::Concat({text.substr(0, part.begin), quote, value,
                                 quote, text.substr(part.end)});
  }
  const size_t at =
      lines.empty() ? PlaceForNew(text, all) : Offset(text, lines.front().name);
  const size_t rest = lines.empty() ? at : WholeLine(text, lines.front()).end;
  const bool open =
      lines.empty() && at > 0 && at == text.size() && text.back() != '\n';
  const absl::string_view end = LineEnd(text);
  return auth::Secret::Concat({text.substr(0, at), open ? end : "",
                               lines.empty() ? rule.name : lines.front().name,
                               " = ", quote, value, quote, end,
                               text.substr(rest)});
}

// Whether the one line of this setting is read as it was meant.
bool Holds(absl::string_view text, const SettingRule& rule,
           absl::string_view value) {
  const std::vector<IniLine> lines = LinesOf(OurLines(text), &rule);
  return lines.size() == 1 && lines.front().value == value &&
         lines.front().form != IniForm::kCommented;
}

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

}  // namespace

std::map<absl::string_view, absl::string_view> ValuesInText(
    absl::string_view text) {
  std::map<absl::string_view, absl::string_view> values;
  for (const IniLine& line : OurLines(text)) {
    values.emplace(FindSettingRule(line.name)->name, line.value);
  }
  return values;
}

absl::StatusOr<auth::Secret> SetInText(absl::string_view text,
                                       absl::string_view name,
                                       absl::string_view value) {
  const SettingRule& rule = *FindSettingRule(name);
  std::vector<IniLine> lines = LinesOf(OurLines(text), &rule);
  if (lines.size() > 1) {
    lines.erase(lines.begin());
    const auth::Secret single = Without(text, lines);
    return SetInText(Reveal(single), name, value);
  }
  // What has a quote in it can stand without quotes only.
  const bool quoted = !absl::StrContains(value, '\'');
  auth::Secret changed = WithLine(text, rule, value, quoted);
  if (Holds(Reveal(changed), rule, value)) {
    return changed;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      rule.name,
      ": this value cannot be written into the settings file; use one without "
      "quotes, control characters and line ends, of at most ",
      kMaxIniLineBytes - 64, " bytes",
      rule.name == "WSTunPassword"
          ? ", or put the password into the file of WSTunPasswordFile"
          : ""));
}

auth::Secret UnsetInText(absl::string_view text, absl::string_view name) {
  return Without(text, LinesOf(OurLines(text), FindSettingRule(name)));
}

}  // namespace ovoc::tunnel
