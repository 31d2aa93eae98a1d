// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/server_fields.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/keeper/messages/message_frame.h"
#include "tunnel/keeper/messages/message_values.h"

namespace ovoc::tunnel {
namespace {

using auth::kMaxPrintedNameBytes;
using auth::kMaxSummaryNames;
using auth::kMaxSummaryNamesBytes;

constexpr size_t kLeftOutBytes = 4;

// nullopt for what has no place in a message, which infinite times stand for.
std::optional<absl::Time> Sendable(absl::Time time) {
  std::optional<absl::Time> same;
  return time >= absl::UnixEpoch() && time < absl::InfiniteFuture() &&
                 SetTime(true, static_cast<uint64_t>(absl::ToUnixSeconds(time)),
                         &same)
             ? same
             : std::nullopt;
}

// How many of the names, from the first on, are within the limits.
size_t CountWithinLimits(const std::vector<std::string>& names) {
  size_t bytes = 0;
  size_t count = 0;
  while (count < std::min(names.size(), kMaxSummaryNames)) {
    bytes += names[count].size();
    if (bytes > kMaxSummaryNamesBytes) {
      break;
    }
    ++count;
  }
  return count;
}

void PutNames(const auth::CertificateSummary& certificate, FieldWriter* out) {
  const size_t count = CountWithinLimits(certificate.names);
  out->Number(count, 1);
  for (size_t i = 0; i < count; ++i) {
    out->Text(certificate.names[i], kMaxSummaryNamesBytes);
  }
  const size_t left_out =
      certificate.names_left_out + (certificate.names.size() - count);
  out->Number(left_out, kLeftOutBytes);
}

bool IsPrintableOrEmpty(absl::string_view text) {
  return text.empty() || IsPrintable(text);
}

// False for what is no text of a server.
bool ReadText(size_t max_bytes, FieldReader* in, std::string* text) {
  *text = std::string(in->Text(max_bytes));
  return IsPrintableOrEmpty(*text);
}

bool ReadNames(FieldReader* in, auth::CertificateSummary* certificate) {
  const uint64_t count = in->Number(1);
  if (count > kMaxSummaryNames) {
    return false;
  }
  for (uint64_t i = 0; i < count; ++i) {
    certificate->names.emplace_back(in->Text(kMaxSummaryNamesBytes));
    if (!IsPrintable(certificate->names.back())) {
      return false;
    }
  }
  certificate->names_left_out = in->Number(kLeftOutBytes);
  return CountWithinLimits(certificate->names) == count;
}

bool ReadOptionalTime(FieldReader* in, std::optional<absl::Time>* time) {
  const uint64_t is_there = in->Number(1);
  const uint64_t seconds = in->Number(8);
  return IsFlag(is_there) && SetTime(is_there != 0, seconds, time);
}

bool ReadTime(FieldReader* in, absl::Time absent, absl::Time* time) {
  std::optional<absl::Time> read;
  const bool valid = ReadOptionalTime(in, &read);
  *time = read.value_or(absent);
  return valid;
}

}  // namespace

void PutServer(const ServerIdentity& server, FieldWriter* out) {
  for (const std::string* word :
       {&server.version, &server.cipher, &server.group}) {
    out->Text(*word, kMaxTlsWordBytes);
  }
  out->Number(server.resumed ? 1 : 0, 1);
  out->Number(server.verified ? 1 : 0, 1);
  const auth::CertificateSummary& certificate = server.certificate;
  out->Text(certificate.subject, kMaxPrintedNameBytes);
  out->Text(certificate.issuer, kMaxPrintedNameBytes);
  PutNames(certificate, out);
  PutTime(Sendable(certificate.not_before), out);
  PutTime(Sendable(certificate.not_after), out);
  PutTime(server.chain_not_after.has_value() ? Sendable(*server.chain_not_after)
                                             : std::nullopt,
          out);
  out->Bytes(certificate.sha256);
}

absl::StatusOr<ServerIdentity> ReadServer(FieldReader* in) {
  ServerIdentity server;
  auth::CertificateSummary& certificate = server.certificate;
  bool printable = ReadText(kMaxTlsWordBytes, in, &server.version);
  printable = ReadText(kMaxTlsWordBytes, in, &server.cipher) && printable;
  printable = ReadText(kMaxTlsWordBytes, in, &server.group) && printable;
  const uint64_t resumed = in->Number(1);
  const uint64_t verified = in->Number(1);
  printable =
      ReadText(kMaxPrintedNameBytes, in, &certificate.subject) && printable;
  printable =
      ReadText(kMaxPrintedNameBytes, in, &certificate.issuer) && printable;
  if (!printable) {
    return MalformedMessage("a text of the server is not printable ASCII");
  }
  if (!IsFlag(resumed) || !IsFlag(verified)) {
    return MalformedMessage("the server has an unknown flag");
  }
  server.resumed = resumed != 0;
  server.verified = verified != 0;
  if (!ReadNames(in, &certificate)) {
    return MalformedMessage("the server has too many names, or an invalid one");
  }
  if (!ReadTime(in, absl::InfiniteFuture(), &certificate.not_before) ||
      !ReadTime(in, absl::InfinitePast(), &certificate.not_after) ||
      !ReadOptionalTime(in, &server.chain_not_after)) {
    return MalformedMessage("the server has an invalid time");
  }
  const absl::Span<const uint8_t> digest = in->Bytes(certificate.sha256.size());
  std::copy(digest.begin(), digest.end(), certificate.sha256.begin());
  return server;
}

}  // namespace ovoc::tunnel
