// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_head.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fuzz/oracle/printable_line.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxBytes = 16384;
constexpr size_t kMaxFields = 64;
constexpr size_t kNone = absl::string_view::npos;

constexpr absl::string_view kTokenCharacters =
    "!#$%&'*+-.^_`|~0123456789"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The place of the first byte of the line that begins at `at` which no line may
// have; kNone when there is none up to its end or the end of the bytes.
size_t BadByte(absl::string_view bytes, size_t at) {
  for (size_t i = at; i < bytes.size(); ++i) {
    const int byte = static_cast<unsigned char>(bytes[i]);
    const bool after_cr = i > at && bytes[i - 1] == '\r';
    if (i >= kMaxBytes || after_cr != (byte == '\n')) {
      return i;
    }
    if (byte == '\n') {
      return kNone;
    }
    if (byte == 127 || (byte < 32 && byte != '\t' && byte != '\r')) {
      return i;
    }
  }
  return kNone;
}

bool ReadStatusLine(absl::string_view line, NaiveHead* head) {
  // HTTP/1.1 101 Reason
  // 0      7 9   3
  if (line.size() < 13 || line.substr(0, 7) != "HTTP/1." ||
      (line[7] != '0' && line[7] != '1') || line[8] != ' ' || line[12] != ' ') {
    return false;
  }
  if (line[9] < '1' || line[9] > '5' || !IsDigit(line[10]) ||
      !IsDigit(line[11])) {
    return false;
  }
  head->minor_version = line[7] == '1' ? 1 : 0;
  head->status_code = std::stoi(std::string(line.substr(9, 3)));
  head->reason = std::string(line.substr(13));
  return head->reason.empty() ||
         (head->reason[0] != ' ' && head->reason[0] != '\t');
}

bool ReadFieldLine(absl::string_view line, NaiveHead* head) {
  const size_t colon = line.find(':');
  if (colon == kNone || head->fields.size() == kMaxFields ||
      !IsNaiveToken(line.substr(0, colon))) {
    return false;
  }
  head->fields.emplace_back(line.substr(0, colon),
                            NaiveTrim(line.substr(colon + 1)));
  return true;
}

// The values of all fields of one name.
std::vector<absl::string_view> ValuesOf(const NaiveHead& head,
                                        absl::string_view name) {
  std::vector<absl::string_view> values;
  for (const auto& [field, value] : head.fields) {
    if (NaiveSameName(field, name)) {
      values.emplace_back(value);
    }
  }
  return values;
}

}  // namespace

NaiveHead ReadNaiveHead(absl::string_view bytes) {
  NaiveHead head;
  for (;; ++head.line) {
    const size_t bad = BadByte(bytes, head.consumed);
    if (bad != kNone) {
      head.end = NaiveHead::End::kBroken;
      head.consumed = bad + 1;
      return head;
    }
    const size_t feed = bytes.find('\n', head.consumed);
    if (feed == kNone) {
      head.consumed = bytes.size();
      return head;
    }
    const absl::string_view line =
        bytes.substr(head.consumed, feed - 1 - head.consumed);
    head.consumed = feed + 1;
    if (line.empty() && head.line > 1) {
      head.end = NaiveHead::End::kDone;
      return head;
    }
    if (head.line == 1 ? !ReadStatusLine(line, &head)
                       : !ReadFieldLine(line, &head)) {
      head.end = NaiveHead::End::kBroken;
      return head;
    }
  }
}

bool IsSameHead(const auth::ResponseHead& head, const NaiveHead& naive) {
  if (naive.end != NaiveHead::End::kDone) {
    return naive.end == NaiveHead::End::kOpen ||
           (head.fields.empty() && head.reason.empty() &&
            head.minor_version == 0 && head.status_code == 0);
  }
  const bool same_fields = std::equal(
      head.fields.begin(), head.fields.end(), naive.fields.begin(),
      naive.fields.end(), [](const auth::HeaderField& field, const auto& pair) {
        return field.name == pair.first && field.value == pair.second;
      });
  const bool same_values = std::all_of(
      head.fields.begin(), head.fields.end(), [&](const auto& field) {
        return head.Values(field.name) == ValuesOf(naive, field.name);
      });
  return same_fields && same_values && head.reason == naive.reason &&
         head.minor_version == naive.minor_version &&
         head.status_code == naive.status_code;
}

bool SaysTheSame(const auth::ResponseHeadParser& parser,
                 const NaiveHead& naive) {
  const absl::string_view error = parser.status().message();
  const std::string place = absl::StrCat("line ", naive.line, ":");
  const bool error_is_right =
      naive.end == NaiveHead::End::kBroken
          ? IsPrintableLine(error) && absl::StrContains(error, place)
          : parser.status().ok();
  return error_is_right && IsSameHead(parser.head(), naive);
}

bool IsNaiveToken(absl::string_view text) {
  return !text.empty() && text.find_first_not_of(kTokenCharacters) == kNone;
}

absl::string_view NaiveTrim(absl::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == kNone) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool NaiveSameName(absl::string_view a, absl::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char c, char d) { return Lower(c) == Lower(d); });
}

}  // namespace ovoc::fuzz
