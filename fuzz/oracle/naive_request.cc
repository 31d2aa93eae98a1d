// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_request.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {
namespace {

using conformance::RequestHead;
using conformance::RequestHeadParser;
using conformance::Tolerance;

constexpr size_t kMaxBytes = 16384;
constexpr int kMaxLines = 100;

// RFC 9112 3: three words with a space between each two.
bool TakeRequestLine(absl::string_view line, NaiveRequest* read) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == absl::string_view::npos || first == last) {
    return false;
  }
  const absl::string_view method = line.substr(0, first);
  const absl::string_view target = line.substr(first + 1, last - first - 1);
  const absl::string_view version = line.substr(last + 1);
  if (!IsNaiveToken(method) || target.empty() || version.size() != 8 ||
      version.substr(0, 7) != "HTTP/1." || version[7] < '0' ||
      version[7] > '9') {
    return false;
  }
  for (const char c : target) {
    if (c < '!' || c > '~') {
      return false;
    }
  }
  read->method = std::string(method);
  read->target = std::string(target);
  read->minor_version = version[7] - '0';
  return true;
}

// RFC 9112 5, RFC 9110 5.5.
bool TakeField(absl::string_view line, NaiveRequest* read) {
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos ||
      !IsNaiveToken(line.substr(0, colon))) {
    return false;
  }
  const absl::string_view value = line.substr(colon + 1);
  for (const char c : value) {
    const int octet = static_cast<unsigned char>(c);
    if ((octet <= 31 && octet != 9) || octet == 127) {
      return false;
    }
  }
  read->fields.emplace_back(line.substr(0, colon), NaiveTrim(value));
  return true;
}

// Whether the head may go on after this line, which is no empty one at its end.
bool TakeLine(absl::string_view line, bool is_first, Tolerance tolerance,
              NaiveRequest* read) {
  if (is_first) {
    return TakeRequestLine(line, read);
  }
  return TakeField(line, read) || (tolerance == Tolerance::kNginx &&
                                   line.find('\0') == absl::string_view::npos);
}

}  // namespace

NaiveRequest ReadNaiveRequest(absl::string_view bytes, Tolerance tolerance) {
  NaiveRequest read;
  const bool strict = tolerance == Tolerance::kStrict;
  bool is_first = true;
  size_t begin = 0;
  for (int lines = 1;; ++lines) {
    const size_t feed = bytes.find('\n', begin);
    if (feed == absl::string_view::npos ? bytes.size() > kMaxBytes
                                        : feed >= kMaxBytes) {
      read.end = NaiveRequest::End::kBroken;
      read.consumed = kMaxBytes + 1;
      return read;
    }
    if (feed == absl::string_view::npos) {
      read.consumed = bytes.size();
      return read;
    }
    absl::string_view line = bytes.substr(begin, feed - begin);
    const bool has_return = !line.empty() && line.back() == '\r';
    line.remove_suffix(has_return ? 1 : 0);
    read.consumed = begin = feed + 1;
    if (lines > kMaxLines || (strict && !has_return)) {
      read.end = NaiveRequest::End::kBroken;
      return read;
    }
    if (line.empty() && !is_first) {
      read.end = NaiveRequest::End::kDone;
      return read;
    }
    if (line.empty() && !strict) {
      continue;  // before the request
    }
    if (!TakeLine(line, is_first, tolerance, &read)) {
      read.end = NaiveRequest::End::kBroken;
      return read;
    }
    is_first = false;
  }
}

namespace {

// The fields, and what the head finds under each name.
bool HasSameFields(const RequestHead& head, const NaiveRequest& naive) {
  if (head.fields.size() != naive.fields.size()) {
    return false;
  }
  for (size_t i = 0; i < naive.fields.size(); ++i) {
    const auto& [name, value] = naive.fields[i];
    size_t count = 0;
    std::optional<absl::string_view> first;
    for (const auto& [other, other_value] : naive.fields) {
      if (NaiveSameName(other, name)) {
        ++count;
        first = first.value_or(other_value);
      }
    }
    if (head.fields[i].name != name || head.fields[i].value != value ||
        head.Count(name) != count || head.First(name) != first) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool SaysTheSame(const RequestHeadParser& parser,
                 RequestHeadParser::Result result, size_t consumed,
                 const NaiveRequest& naive) {
  if (consumed != naive.consumed) {
    return false;
  }
  switch (naive.end) {
    case NaiveRequest::End::kOpen:
      return result == RequestHeadParser::Result::kNeedMore &&
             parser.started() == (consumed > 0);
    case NaiveRequest::End::kBroken:
      return result == RequestHeadParser::Result::kError &&
             !parser.status().ok();
    case NaiveRequest::End::kDone:
      break;
  }
  const RequestHead& head = parser.head();
  return result == RequestHeadParser::Result::kDone && parser.status().ok() &&
         head.method == naive.method && head.target == naive.target &&
         head.minor_version == naive.minor_version &&
         HasSameFields(head, naive);
}

std::string Serialize(const RequestHead& head) {
  std::string text = absl::StrCat(head.method, " ", head.target, " HTTP/1.",
                                  head.minor_version, "\r\n");
  for (const conformance::RequestField& field : head.fields) {
    absl::StrAppend(&text, field.name, ":", field.value, "\r\n");
  }
  return absl::StrCat(text, "\r\n");
}

}  // namespace ovoc::fuzz
