// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON (RFC 8259) for programs, of texts that peers may have chosen.

#ifndef OVOC_TUNNEL_REPORT_CONTENT_JSON_OBJECT_H_
#define OVOC_TUNNEL_REPORT_CONTENT_JSON_OBJECT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// JsonString returns the text as a JSON string with its quotes. If the text is
// not valid UTF-8, every byte that is not ASCII becomes U+FFFD.
std::string JsonString(absl::string_view text);

// JsonTextOrNull returns the same, or null for an empty text.
std::string JsonTextOrNull(absl::string_view text);

// JsonTexts returns a list of strings.
std::string JsonTexts(const std::vector<std::string>& texts);

// JsonTime returns a string with the time in UTC and milliseconds (RFC 3339),
// as the log has it.
std::string JsonTime(absl::Time time);

// JsonObject builds one object. Its members stand in the order in which they
// were added. A key is a literal, or it is escaped as any other text.
class JsonObject {
 public:
  // Adds a member whose value is JSON already.
  JsonObject& Add(absl::string_view key, absl::string_view json);
  JsonObject& AddText(absl::string_view key, absl::string_view text);
  JsonObject& AddTextOrNull(absl::string_view key, absl::string_view text);
  JsonObject& AddNumber(absl::string_view key, int64_t number);
  JsonObject& AddCount(absl::string_view key, uint64_t count);
  JsonObject& AddBoolean(absl::string_view key, bool value);
  JsonObject& AddTime(absl::string_view key, absl::Time time);

  // The object on one line, without a line end.
  std::string ToString() const;

 private:
  std::string members_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_JSON_OBJECT_H_
