// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_login.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fuzz/oracle/naive_head.h"
#include "openssl/sha.h"

namespace ovoc::fuzz {
namespace {

using conformance::AnswerCode;
using conformance::ServerStyle;

// All values of the fields of a name, in order.
std::vector<std::string> Values(const NaiveRequest& request,
                                absl::string_view name) {
  std::vector<std::string> values;
  for (const auto& [field, value] : request.fields) {
    if (NaiveSameName(field, name)) {
      values.push_back(value);
    }
  }
  return values;
}

// RFC 9110 5.6.1: a list, over as many fields as it likes.
bool Lists(const NaiveRequest& request, absl::string_view name,
           absl::string_view wanted) {
  for (const std::string& value : Values(request, name)) {
    size_t begin = 0;
    while (begin <= value.size()) {
      const size_t comma = std::min(value.find(',', begin), value.size());
      const std::string item = value.substr(begin, comma - begin);
      if (NaiveSameName(NaiveTrim(item), wanted)) {
        return true;
      }
      begin = comma + 1;
    }
  }
  return false;
}

// The first credentials count. How lenient base64 may be is the library's.
bool MayEnter(const NaiveRequest& request) {
  const std::vector<std::string> values = Values(request, "authorization");
  std::string decoded;
  return !values.empty() && NaiveSameName(values[0].substr(0, 6), "basic ") &&
         absl::Base64Unescape(values[0].substr(6), &decoded) &&
         decoded == "VPN:123456";
}

bool IsPathOfTunnel(absl::string_view target) {
  return target == "/tun" || target.substr(0, 5) == "/tun?";
}

// How many characters of base64 a text has before its end, which is at most two
// '='; 0 when there are others, none, or more than 64 characters in all.
size_t DigitsOfKey(absl::string_view key) {
  size_t digits = 0;
  while (digits < key.size() &&
         absl::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                           "yz0123456789+/")
                 .find(key[digits]) != absl::string_view::npos) {
    ++digits;
  }
  const absl::string_view end = key.substr(digits);
  const bool is_key =
      key.size() <= 64 && (end.empty() || end == "=" || end == "==");
  return is_key ? digits : 0;
}

// RFC 6455 4.2.2 point 5.4.
std::string Proof(const std::string& key) {
  const std::string text =
      absl::StrCat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  std::array<uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const uint8_t*>(text.data()), text.size(),
       digest.data());
  return absl::Base64Escape(
      {reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// RFC 6455 4.2.1, in the order in which a server can tell.
AnswerCode JudgeStrictly(const NaiveRequest& request) {
  const std::vector<std::string> versions =
      Values(request, "sec-websocket-version");
  const std::vector<std::string> keys = Values(request, "sec-websocket-key");
  if (request.method != "GET" || request.minor_version == 0 ||
      Values(request, "host").size() != 1 ||
      Values(request, "authorization").size() > 1) {
    return AnswerCode::kBadRequest;
  }
  if (!IsPathOfTunnel(request.target)) {
    return AnswerCode::kNotFound;
  }
  if (!MayEnter(request)) {
    return AnswerCode::kUnauthorized;
  }
  if (!Lists(request, "upgrade", "websocket") ||
      !Lists(request, "connection", "upgrade") || versions.size() != 1 ||
      versions[0] != "13") {
    return AnswerCode::kUpgradeRequired;
  }
  // 16 bytes in base64: 22 digits and two '='.
  const bool is_nonce =
      keys.size() == 1 && keys[0].size() == 24 && DigitsOfKey(keys[0]) == 22;
  return is_nonce ? AnswerCode::kSwitchingProtocols : AnswerCode::kBadRequest;
}

// nginx knows hosts, paths and users; tun-ws looks for a key alone.
AnswerCode JudgeAsTunWs(const NaiveRequest& request, ServerStyle style) {
  if (style == ServerStyle::kLegacyNginx) {
    if (request.minor_version > 0 && Values(request, "host").size() != 1) {
      return AnswerCode::kBadRequest;
    }
    if (!IsPathOfTunnel(request.target)) {
      return AnswerCode::kNotFound;
    }
    if (!MayEnter(request)) {
      return AnswerCode::kUnauthorized;
    }
  }
  const std::vector<std::string> keys = Values(request, "sec-websocket-key");
  return keys.empty() || DigitsOfKey(keys[0]) == 0
             ? AnswerCode::kBadGateway
             : AnswerCode::kSwitchingProtocols;
}

}  // namespace

NaiveLogin JudgeNaiveLogin(const NaiveRequest& request, ServerStyle style) {
  const bool strict = style == ServerStyle::kStrict;
  NaiveLogin login;
  login.code = strict ? JudgeStrictly(request) : JudgeAsTunWs(request, style);
  login.keeps = style == ServerStyle::kLegacyNginx &&
                login.code != AnswerCode::kBadRequest &&
                request.minor_version > 0 &&
                !Lists(request, "connection", "close");
  if (login.code == AnswerCode::kSwitchingProtocols) {
    login.accept = Proof(Values(request, "sec-websocket-key")[0]);
    login.subprotocol = !strict || Lists(request, "sec-websocket-protocol",
                                         "ovoc.audiocodes.com");
  }
  return login;
}

}  // namespace ovoc::fuzz
