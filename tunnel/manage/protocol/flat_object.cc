// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/flat_object.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

bool IsShowable(absl::string_view key) {
  for (const char c : key) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_') {
      return false;
    }
  }
  return !key.empty();
}

std::string Shown(absl::string_view key) {
  return IsShowable(key) ? absl::StrCat("the key \"", key, "\"") : "a key";
}

// Builder is told each step of the library's parser (its SAX interface), and
// ends it at the first step that is not allowed.
class Builder {
 public:
  bool null() { return Keep(std::monostate()); }
  bool boolean(bool value) { return Keep(value); }
  bool number_integer(int64_t /*value*/) { return Number(); }
  bool number_unsigned(uint64_t value) { return Keep(value); }
  bool number_float(double /*value*/, const std::string& /*text*/) {
    return Number();
  }
  bool string(std::string& value) { return Keep(std::move(value)); }
  bool binary(const std::vector<uint8_t>& /*value*/) { return false; }

  bool start_object(size_t /*count*/) {
    if (open_) {
      return Refuse(absl::StrCat("has an object in ", Shown(key_)));
    }
    open_ = true;
    return true;
  }
  bool end_object() { return true; }
  bool start_array(size_t /*count*/) {
    return Refuse(open_ ? absl::StrCat("has an array in ", Shown(key_))
                        : "is an array and no object");
  }
  bool end_array() { return false; }

  bool key(std::string& name) {
    if (name.size() > kMaxFlatKeyBytes || object_.size() >= kMaxFlatKeys) {
      return Refuse(name.size() > kMaxFlatKeyBytes
                        ? "has a key that is too long"
                        : "has too many keys");
    }
    if (object_.contains(name)) {
      return Refuse(absl::StrCat("has ", Shown(name), " twice"));
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(size_t at, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    return Refuse(absl::StrCat("is no JSON from byte ", at, " on"));
  }

  const std::string& why() const { return why_; }
  FlatObject TakeObject() { return std::move(object_); }

 private:
  template <typename Value>
  bool Keep(Value value) {
    if (!open_) {
      return Refuse("is no object");
    }
    object_.emplace(std::move(key_), std::move(value));
    return true;
  }
  bool Number() {
    return Refuse(open_ ? absl::StrCat("has another number than a whole one of "
                                       "at least 0 in ",
                                       Shown(key_))
                        : "is no object");
  }
  bool Refuse(std::string why) {
    if (why_.empty()) {
      why_ = std::move(why);
    }
    return false;
  }

  bool open_ = false;
  std::string key_;  // whose value is next
  FlatObject object_;
  std::string why_;
};

}  // namespace

absl::StatusOr<FlatObject> ReadFlatObject(absl::string_view text) {
  // The library skips a byte-order mark and stops at a NUL.
  if (absl::StartsWith(text, "\xef") || absl::StrContains(text, '\0')) {
    return absl::InvalidArgumentError("is no JSON from byte 1 on");
  }
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return absl::InvalidArgumentError(builder.why().empty() ? "is no JSON"
                                                            : builder.why());
  }
  return builder.TakeObject();
}

}  // namespace ovoc::tunnel
