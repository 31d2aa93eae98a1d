// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/other_json.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ovoc::fuzz {
namespace {

using Kind = tunnel::JsonValue::Kind;

// With its length, so that no text can look like another.
std::string Text(absl::string_view letter, absl::string_view text) {
  return absl::StrCat(letter, text.size(), ":", text, ";");
}

// -0 is 0 here: the library reads "-0" as an integer.
std::string Number(double number) {
  return absl::StrFormat("#%.17g;", number + 0.0);
}

// Handler is told each step of the library's parser (its SAX interface).
class Handler {
 public:
  explicit Handler(OtherJson* read) : read_(read) {}

  bool null() { return Value("n"); }
  bool boolean(bool value) { return Value(value ? "t" : "f"); }
  bool number_integer(int64_t value) {
    return Value(Number(static_cast<double>(value)));
  }
  bool number_unsigned(uint64_t value) {
    return Value(Number(static_cast<double>(value)));
  }
  bool number_float(double value, const std::string& /*text*/) {
    return Value(Number(value));
  }
  bool string(const std::string& value) { return Value(Text("s", value)); }
  bool binary(const std::vector<uint8_t>& /*value*/) { return false; }

  bool start_object(size_t /*count*/) { return Open("{"); }
  bool end_object() { return Close("}"); }
  bool start_array(size_t /*count*/) { return Open("["); }
  bool end_array() { return Close("]"); }

  bool key(const std::string& name) {
    read_->trace += Text("k", name);
    if (!names_.back().insert(name).second) {
      read_->repeats_a_name = true;
    }
    return true;
  }

  bool parse_error(size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    return false;
  }

 private:
  bool Value(absl::string_view trace) {
    ++read_->values;
    absl::StrAppend(&read_->trace, trace);
    return true;
  }

  bool Open(absl::string_view bracket) {
    names_.emplace_back();
    read_->depth = std::max(read_->depth, names_.size());
    return Value(bracket);
  }

  bool Close(absl::string_view bracket) {
    names_.pop_back();
    absl::StrAppend(&read_->trace, bracket);
    return true;
  }

  OtherJson* const read_;
  std::vector<std::set<std::string>> names_;  // of the arrays and objects open
};

}  // namespace

OtherJson ReadOther(absl::string_view text) {
  OtherJson read;
  if (absl::StartsWith(text, "\xef") || absl::StrContains(text, '\0')) {
    return read;
  }
  Handler handler(&read);
  read.is_json = nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  return read;
}

std::string TraceOf(const tunnel::JsonValue& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "n";
    case Kind::kFalse:
      return "f";
    case Kind::kTrue:
      return "t";
    case Kind::kNumber:
      return Number(value.number);
    case Kind::kString:
      return Text("s", value.text);
    case Kind::kArray:
    case Kind::kObject:
      break;
  }
  const bool is_array = value.kind == Kind::kArray;
  std::string trace = is_array ? "[" : "{";
  for (const tunnel::JsonValue& item : value.items) {
    trace += TraceOf(item);
  }
  for (const tunnel::JsonMember& member : value.members) {
    absl::StrAppend(&trace, Text("k", member.name), TraceOf(member.value));
  }
  trace += is_array ? "]" : "}";
  return trace;
}

}  // namespace ovoc::fuzz
