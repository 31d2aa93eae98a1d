// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/json_object.h"

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

std::string JsonTextOrNull(absl::string_view text) {
  return text.empty() ? "null" : JsonString(text);
}

std::string JsonTexts(const std::vector<std::string>& texts) {
  const auto append = [](std::string* out, const std::string& text) {
    out->append(JsonString(text));
  };
  return absl::StrCat("[", absl::StrJoin(texts, ",", append), "]");
}

std::string JsonTime(absl::Time time) {
  return JsonString(
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()));
}

JsonObject& JsonObject::Add(absl::string_view key, absl::string_view json) {
  absl::StrAppend(&members_, members_.empty() ? "" : ",", JsonString(key), ":",
                  json);
  return *this;
}

JsonObject& JsonObject::AddText(absl::string_view key, absl::string_view text) {
  return Add(key, JsonString(text));
}

JsonObject& JsonObject::AddTextOrNull(absl::string_view key,
                                      absl::string_view text) {
  return Add(key, JsonTextOrNull(text));
}

JsonObject& JsonObject::AddNumber(absl::string_view key, int64_t number) {
  return Add(key, absl::StrCat(number));
}

JsonObject& JsonObject::AddCount(absl::string_view key, uint64_t count) {
  return Add(key, absl::StrCat(count));
}

JsonObject& JsonObject::AddBoolean(absl::string_view key, bool value) {
  return Add(key, value ? "true" : "false");
}

JsonObject& JsonObject::AddTime(absl::string_view key, absl::Time time) {
  return Add(key, JsonTime(time));
}

std::string JsonObject::ToString() const {
  return absl::StrCat("{", members_, "}");
}

}  // namespace ovoc::tunnel
