// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/status.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "frame/utf8.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

bool IsUtf8(absl::string_view text) {
  frame::Utf8Validator validator;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  return validator.Add(absl::MakeConstSpan(bytes, text.size())) &&
         validator.Complete();
}

// RFC 8259 7: quotation mark, reverse solidus and U+0000..U+001F are escaped.
void AppendJsonCharacter(char c, std::string* json) {
  if (c == '"' || c == '\\') {
    json->push_back('\\');
    json->push_back(c);
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7f) {  // DEL too: people read this in terminals
    absl::StrAppendFormat(json, "\\u%04x", byte);
    return;
  }
  json->push_back(c);
}

std::string TextOrNull(absl::string_view text) {
  return text.empty() ? "null" : JsonString(text);
}

std::string TimeText(absl::Time time) {
  return JsonString(
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()));
}

std::string InsecureList(const std::vector<std::string>& insecure) {
  const auto append = [](std::string* out, const std::string& setting) {
    out->append(JsonString(setting));
  };
  return absl::StrCat("[", absl::StrJoin(insecure, ",", append), "]");
}

std::string CounterMap(const std::map<std::string, uint64_t>& counters) {
  const auto append = [](std::string* out, const auto& counter) {
    absl::StrAppend(out, JsonString(counter.first), ":", counter.second);
  };
  return absl::StrCat("{", absl::StrJoin(counters, ",", append), "}");
}

}  // namespace

std::string JsonString(absl::string_view text) {
  const bool utf8 = IsUtf8(text);
  std::string json = "\"";
  for (const char c : text) {
    if (!utf8 && static_cast<unsigned char>(c) >= 0x80) {
      absl::StrAppend(&json, kReplacement);
    } else {
      AppendJsonCharacter(c, &json);
    }
  }
  json.push_back('"');
  return json;
}

std::string StatusJson(const Status& status) {
  const std::string checked_at = status.certificate_checked_at.has_value()
                                     ? TimeText(*status.certificate_checked_at)
                                     : "null";
  return absl::StrCat(
      "{\"state\":", JsonString(TunnelStateName(status.state)),
      ",\"reason\":", TextOrNull(status.reason),
      ",\"detail\":", TextOrNull(status.detail),
      ",\"version\":", TextOrNull(status.version),
      ",\"policy\":", TextOrNull(status.policy),
      ",\"server\":", TextOrNull(status.server),
      ",\"server_address\":", TextOrNull(status.server_address),
      ",\"interface\":", TextOrNull(status.interface),
      ",\"overlay_address\":", TextOrNull(status.overlay_address),
      ",\"insecure\":", InsecureList(status.insecure),
      ",\"reload_refused\":", TextOrNull(status.reload_refused),
      ",\"certificate_checked_at\":", checked_at,
      ",\"counters\":", CounterMap(status.counters),
      ",\"started\":", TimeText(status.started),
      ",\"state_since\":", TimeText(status.state_since),
      ",\"updated\":", TimeText(status.updated),
      ",\"update_period_s\":", absl::ToInt64Seconds(kStatusPeriod),
      ",\"pid\":", status.pid, ",\"exit_code\":",
      status.exit_code.has_value() ? absl::StrCat(*status.exit_code) : "null",
      "}\n");
}

}  // namespace ovoc::tunnel
